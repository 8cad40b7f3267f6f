// A small application with one module, as the pull requests of these tests find it: clean, with database work that runs in Phase 2 only.
// Each constant is one change to it; line numbers in tests are those of these texts.

export const API = `from .services import ItemService


def initialize(app_context):
    service = ItemService(app_context)
    app_context.register_service("shop.items", service)
    app_context.register_module_setup_hook(module_id="shop", setup_method=service.setup)
    return True
`

export const SERVICES = `from sqlalchemy import text


class ItemService:
    def __init__(self, app_context):
        self.app_context = app_context
        self.names = []

    def setup(self, app_context):
        self.load()

    def load(self):
        with self.app_context.db_sync_session() as session:
            self.names = session.execute(text("select name from items")).all()
`

export const API_PATH = 'modules/standard/shop/api.py'
/** Where SERVICES stands, and most of what happens to it. */
export const PATH = 'modules/standard/shop/services.py'

export const SHOP = { 'README.md': '# Shop\n', [API_PATH]: API, [PATH]: SERVICES }

/** The constructor loads at once: the changed line is the call, the database work is old. */
export const LOADS_IN_CONSTRUCTOR = SERVICES.replace('self.names = []\n', 'self.load()\n')

/** The constructor queries by itself: the changed line is the operation. */
export const QUERIES_IN_CONSTRUCTOR = SERVICES.replace(
  'self.names = []\n',
  'self.names = app_context.db_sync_engine.connect()\n',
)

/** One violation, on line 7 of PATH, and the title of its comment. */
export const VIOLATION = { [PATH]: QUERIES_IN_CONSTRUCTOR }
export const CONNECTS = '**`app_context.db_sync_engine.connect()` uses a database connection in Phase 1**'

/** `initialize` loads: nothing in the service's file changes. */
export const LOADS_IN_INITIALIZE = API.replace(
  '    app_context.register_service',
  '    service.load()\n    app_context.register_service',
)

/** Lines above everything, and nothing else. */
export const withDocstring = (source: string): string => `"""Items of the shop."""\n\nLIMIT = 500\n\n${source}`

/** `count` modules whose `initialize` does one thing, on line 2. */
export function modules(count: number, statement: string): Record<string, string> {
  const source = `def initialize(app_context):\n    ${statement}\n    return True\n`
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`modules/standard/m${at}/api.py`, source]))
}
