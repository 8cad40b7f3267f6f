// The built program with worker threads: the report is the same to the byte as without them, from nothing and from a cache, and an exit code of a
// review that one thread cannot finish is not made green by several.
import { expect, test } from '@jest/globals'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryDirectory } from '../sources/repository.ts'
import { phasegate, phasegateWith } from './cli.ts'
import { env } from 'node:process'

const MODULES = 24

/** Enough entry points that members are started. */
function tree(): string {
  const root = temporaryDirectory()
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  for (let i = 0; i < MODULES; i++) {
    const folder = `modules/standard/m${i}`
    const work = i % 7 === 3 ? 'app_context.db_session().commit()' : 'self.rows = []'
    write(`${folder}/__init__.py`, '')
    write(`${folder}/services.py`, `# ${i}\nclass Service:\n    def __init__(self, app_context):\n        ${work}\n`)
    write(
      `${folder}/api.py`,
      `# ${i}\nfrom .services import Service\n\ndef initialize(app_context):\n    Service(app_context)\n\ndef setup_module(app_context):\n    pass\n${i === 9 ? 'def (:\n' : ''}`,
    )
  }
  return root
}

const steady = (stdout: string): string => stdout.replace(/"milliseconds": \d+/, '"milliseconds": 0')

test('the same bytes with one thread, with three, and with three from the cache', async () => {
  const root = tree()
  const cache = { PATH: env['PATH'] ?? '', XDG_CACHE_HOME: temporaryDirectory() }
  const args = ['check', '--format', 'json', '--quiet']
  const one = await phasegate(root, ...args, '--no-cache', '--threads', '1')
  const three = await phasegateWith(cache, root, [...args, '--threads', '3'])
  const again = await phasegateWith(cache, root, [...args, '--threads', '3'])
  const fromCache = (stdout: string): string =>
    steady(stdout).replace(/"parsed": \d+,\s*"fromCache": \d+/, '"parsed": 0, "fromCache": 0')
  expect(JSON.parse(one.stdout)).toMatchObject({ verdict: 'fail', stats: { parsed: MODULES * 2 + 1, fromCache: 0 } })
  expect({ ...three, stdout: steady(three.stdout) }).toEqual({ ...one, stdout: steady(one.stdout) })
  expect({ ...again, stdout: fromCache(again.stdout) }).toEqual({ ...one, stdout: fromCache(one.stdout) })
})
