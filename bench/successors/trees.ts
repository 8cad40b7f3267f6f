// Trees of several modules that know each other, and edits of them, by random numbers: services of one module that another one asks for, shared
// helpers, hooks, models, comments that suppress, modules found by name, folders that are switched off, files that do not parse.
// Must stay true: an edit writes whole files again, so that anything about them may change, and says nothing of what that does.
import type { Files } from '../oracle/model.ts'
import type { Random } from '../oracle/random.ts'

const MODULES = ['shop', 'stock', 'orders', 'mail', 'users'] as const
const SERVICES = ['a', 'b', 'c'] as const
const folder = (name: string): string => `modules/standard/${name}`

/** What a file may hold, by its name; each text is written again with every edit. */
const WRITERS: Readonly<Record<string, (random: Random, name: string) => string>> = {
  '__init__.py': (random) => (random.chance(0.1) ? 'from . import services\n' : ''),
  'api.py': api,
  'services.py': services,
  'models.py': (random, name) => `${models(random, name)}${random.chance(0.03) ? 'X = 1  # phasegate: ignore\n' : ''}`,
  'extra.py': (random) =>
    `${random.chance(0.3) ? `from modules.standard.${random.pick(MODULES)} import api, services\n` : ''}${mention(random)}class Extra:\n    pass\n`,
  'tools.py': tools,
}

/** A tree of three to five modules. */
export function makeTree(random: Random): Files {
  const files: Record<string, string> = {
    'core/__init__.py': '',
    'core/app_context.py': 'class AppContext:\n    pass\n',
    'core/tools.py': tools(random),
    'modules/__init__.py': '',
    'modules/standard/__init__.py': '',
  }
  for (const name of MODULES.slice(0, 3 + random.below(3)))
    for (const file of ['__init__.py', 'api.py', 'services.py', 'models.py', 'extra.py'])
      if (file !== 'extra.py' || random.chance(0.5)) files[`${folder(name)}/${file}`] = written(file, name, random)
  if (random.chance(0.1)) files['web.py'] = 'from flask import Flask\napp = Flask(__name__)\n'
  return files
}

/** One to three files are written again; now and then a file comes, goes, or is switched on or off with its folder. */
export function editTree(files: Files, random: Random): Files {
  const out: Record<string, string> = { ...files }
  const python = Object.keys(files).filter((path) => path.endsWith('.py'))
  for (let times = 1 + random.below(3); times > 0; times--) {
    const path = random.pick(python)
    const name = path.split('/').at(-2) ?? ''
    out[path] = random.chance(0.05) ? 'def broken(:\n' : written(path.split('/').at(-1) ?? '', name, random)
  }
  const name = random.pick(MODULES)
  if (random.chance(0.1)) delete out[random.pick(python)]
  if (random.chance(0.1)) out[`${folder(name)}/extra.py`] = written('extra.py', name, random)
  if (random.chance(0.05)) out[`${folder(name)}/.disabled`] = ''
  if (random.chance(0.05))
    out[`${folder(name)}/manifest.json`] = `{"entry_point": "${random.pick(['api', 'extra'])}.py"}`
  return out
}

function written(file: string, name: string, random: Random): string {
  return WRITERS[file]?.(random, name) ?? `# ${random.below(1000)}\n`
}

/** Lines of which each stands there with its own probability. */
function some(random: Random, lines: readonly (readonly [probability: number, line: string])[]): string[] {
  return lines.flatMap(([probability, line]) => (random.chance(probability) ? [line] : []))
}

function body(lines: readonly string[]): string {
  return (lines.length === 0 ? ['pass'] : lines).map((line) => `    ${line}\n`).join('')
}

function work(random: Random): string {
  const comment = random.chance(0.03) ? '  # phasegate: ignore[database-in-phase-1] -- known' : ''
  return `app_context.db_sync_session().execute("select ${random.below(3)}")${comment}`
}

function mention(random: Random): string {
  return random.chance(0.1) ? `from modules.standard.${random.pick(MODULES)}.api import setup_module\n` : ''
}

function api(random: Random, name: string): string {
  const other = random.pick(MODULES)
  const [one, two] = [random.pick(SERVICES), random.pick(SERVICES)]
  const head = some(random, [
    [1, 'from .services import Service'],
    [0.8, 'from .models import *'],
    [0.6, 'from core.tools import helper, shared_setup'],
    [0.2, `from modules.standard.${other}.services import Service as Other`],
    [0.15, `from modules.standard.${other}.api import setup_module as other_setup`],
    [0.1, `import modules.standard.${other}.extra`],
    [0.05, 'from core.tools import early'],
  ])
  const hook = random.pick(['setup_module', 'setup_module', 'shared_setup', 'other_setup', 'lambda context: None'])
  const lines = some(random, [
    [0.8, 'service = Service(app_context)'],
    [0.5, `app_context.register_service("${one}", Service(app_context))`],
    [0.4, `app_context.get_service("${two}").load(app_context)`],
    [0.3, 'helper(app_context)'],
    [0.4, 'app_context.register_models([Row])'],
    [0.6, `app_context.register_module_setup_hook(module_id="${name}", setup_method=${hook})`],
    [0.2, work(random)],
    [0.2, 'Other(app_context).load(app_context)'],
    [0.2, 'app_context.unheard(service)'],
  ])
  const entry = random.chance(0.9) ? 'initialize' : 'initialise'
  const second = random.chance(0.7)
    ? `async def setup_module(app_context):\n${body([
        'database = app_context.get_service("core.database.service")',
        ...some(random, [[0.5, 'if not database.is_initialized(): return False']]),
        work(random),
      ])}`
    : ''
  return `${head.join('\n')}\n\ndef ${entry}(app_context):\n${body(lines)}\n${second}`
}

function services(random: Random): string {
  const head = some(random, [
    [0.5, 'from core.tools import helper'],
    [0.3, `from modules.standard.${random.pick(MODULES)}.models import Row`],
  ])
  const made = some(random, [
    [0.3, 'self.load(app_context)'],
    [0.3, 'helper(app_context)'],
  ])
  const loaded = some(random, [
    [0.5, work(random)],
    [0.2, 'helper(app_context)'],
  ])
  return `${head.join('\n')}\nclass Service:\n    def __init__(self, app_context):\n    ${body(made).replaceAll('\n    ', '\n        ')}\n    def load(self, app_context):\n    ${body(loaded).replaceAll('\n    ', '\n        ')}\n`
}

function models(random: Random, name: string): string {
  const rows = some(random, [
    [0.7, `class Row:\n    __tablename__ = "${name}"\n`],
    [0.3, `class More:\n    __tablename__ = "more_${name}"\n`],
  ])
  return `${rows.join('')}VALUE = ${random.below(10)}\n`
}

function tools(random: Random): string {
  const other = random.pick(MODULES)
  const helped = some(random, [
    [0.3, work(random)],
    [0.1, `importlib.import_module("modules.standard.${other}.services").Service(app_context)`],
    [0.1, `importlib.import_module("modules.standard.${other}.extra")`],
    [0.05, '[m for m in pkgutil.walk_packages(["modules"])]'],
  ])
  return `import importlib, pkgutil\n\nearly = ${random.below(5)}\n\ndef helper(app_context):\n${body(helped)}\nasync def shared_setup(app_context):\n${body(some(random, [[0.5, work(random)]]))}`
}
