// A framework that only the configuration describes has what shipped profiles have: context, operations, deferrals, invokers, events, services.
// One project uses all of them, so that the answer is one value.
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const CONFIGURATION = `profiles: [plain]
entry-points:
  - { files: "plugins/*.py", function: load, context: host }
operations: [{ symbol: "vault.open", kind: connection }]
deferrals: [{ symbol: "*.on_ready", arguments: [0] }]
invokers: [{ symbol: "host_tools.retry", arguments: [0] }]
events: [{ subscribe: "*.on", arguments: [1], emit: "*.emit" }]
services: { "shop.store": "store.Store" }
`

const FILES = {
  'store.py':
    'class Store:\n    def __init__(self, host):\n        self.host = host\n    def fill(self):\n        self.host.db_session().execute("select 1")\n',
  'plugins/a.py': `import vault
import host_tools
def started():
    vault.open("a")
def later(app):
    vault.open("b")
def again():
    vault.open("c")
def load(name, host, flags=None):
    host.on_ready(later)
    host.on("start", started)
    host.emit("start")
    host_tools.retry(again)
    host.get_service("shop.store").fill()
`,
}

test('a framework that only the configuration describes', async () => {
  expect(told(await reviewed(FILES, CONFIGURATION))).toEqual([
    'database-in-phase-1 error medium plugins/a.py:4',
    'database-in-phase-1 error high plugins/a.py:8',
    'database-in-phase-1 error medium store.py:5,store.py:5',
  ])
})
