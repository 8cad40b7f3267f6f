// The application of the pull-request benchmark: modules that all reach one helper, and changes of 1 to 3,000 files to it.
import type { FileChanges } from '../src/demo/git.ts'

export interface Change {
  readonly name: string
  readonly base: Readonly<Record<string, string>>
  readonly files: FileChanges
}

const api = (at: number): string => `from modules.shared import helper

from .models import Item${at}
from .services import Service${at}


def initialize(app_context):
    service = Service${at}(app_context)
    app_context.register_service("m${at}.service", service)
    app_context.register_module_setup_hook(module_id="m${at}", setup_method=service.setup)
    helper.prepare(app_context, Item${at})
    return True
`

const services = (at: number): string => `from sqlalchemy import select

from .models import Item${at}
from .queries import names


class Service${at}:
    def __init__(self, app_context):
        self.app_context = app_context
        self.items = []

    async def setup(self, app_context):
        async with app_context.db_session() as session:
            self.items = (await session.execute(select(Item${at}))).scalars().all()

    def list(self):
        return names(self.items)
`

const files = (at: number): Record<string, string> => ({
  'api.py': api(at),
  'services.py': services(at),
  'models.py': `from core.models import Base\n\n\nclass Item${at}(Base):\n    __tablename__ = "items_${at}"\n`,
  'queries.py': 'def names(items):\n    return [item.name for item in items]\n',
  'routes.py': `from .services import Service${at}\n\n\ndef routes(app):\n    return [Service${at}]\n`,
  '__init__.py': '',
})

const HELPER = 'def prepare(app_context, model):\n    app_context.models = model\n    return None\n'

/** `count` modules of six files, a shared helper and a core. */
export function application(count: number): Record<string, string> {
  const tree: Record<string, string> = {
    'core/models.py': 'from sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n',
    'modules/shared/__init__.py': '',
    'modules/shared/helper.py': HELPER,
  }
  for (let at = 0; at < count; at++)
    for (const [name, text] of Object.entries(files(at))) tree[`modules/standard/m${at}/${name}`] = text
  return tree
}

/** Smallest first. Each adds a docstring to many files and, but for the first, one violation. */
export function CHANGES(base: Readonly<Record<string, string>>): Change[] {
  const paths = Object.keys(base).filter(
    (path) => path.startsWith('modules/standard/') && !path.endsWith('__init__.py'),
  )
  const touched = (count: number): FileChanges => {
    const changed = Object.fromEntries(paths.slice(0, count).map((path) => [path, `"""Touched."""\n${base[path]}`]))
    const entry = 'modules/standard/m0/api.py'
    return {
      ...changed,
      [entry]: `"""Touched."""\n${base[entry]}`.replace(
        '    return True',
        '    app_context.db_sync_engine.connect()\n    return True',
      ),
    }
  }
  const everything = Object.fromEntries(Object.entries(base).map(([path, text]) => [path, `"""Touched."""\n${text}`]))
  return [
    {
      name: '1 file (a helper)',
      base,
      files: {
        'modules/shared/helper.py': HELPER.replace('return None', 'return app_context.db_sync_engine.connect()'),
      },
    },
    { name: '20 files', base, files: touched(20) },
    { name: '100 files', base, files: touched(100) },
    { name: '3000 files', base, files: { ...everything, ...touched(1) } },
  ]
}
