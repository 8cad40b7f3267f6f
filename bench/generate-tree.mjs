// Writes an application in the style of the modular framework: `--modules N --lines TOTAL --seed S --out DIRECTORY`.
// Every module has one entry point, which reaches half of its files: the constructor of its service and what that calls. The other half
// (tasks, reports, schemas, routes, administration) is what a real tree has beside it. Every 25th module reads from the database in its
// constructor, two calls below initialize; the benchmark checks that exactly those are found.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { capital, modelClass, phase2Method, pureFunction, random, recordClass, vocabulary } from './python-text.mjs'

const EVERY_WRONG = 25
/** files of a module that grow with the tree; api.py and __init__.py stay as they are */
const GROWING_FILES = 10

/** Writes the tree and says what it holds: { modules, files, lines, findings }. */
export function generateTree({ directory, modules, lines, seed = 1 }) {
  rmSync(directory, { recursive: true, force: true })
  const written = { modules, files: 0, lines: 0, findings: 0 }
  const write = (path, text) => {
    const file = join(directory, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    written.files += 1
    written.lines += text.split('\n').length - 1
  }
  for (const [path, text] of Object.entries(sharedFiles())) write(path, text)
  const names = Array.from(
    { length: modules },
    (_, i) => `${vocabulary(random(seed + i)).noun()}_${String(i).padStart(4, '0')}`,
  )
  names.forEach((name, i) => {
    const wrong = i % EVERY_WRONG === EVERY_WRONG - 1
    if (wrong) written.findings += 1
    const words = vocabulary(random(seed * 1000 + i))
    const files = moduleFiles({
      name,
      other: names[(i + 1) % modules],
      wrong,
      lines: Math.round(lines / modules),
      words,
    })
    for (const [file, text] of Object.entries(files)) write(`modules/standard/${name}/${file}`, text)
  })
  return written
}

const header = (about) => [`"""${about}"""`, '', 'import logging', 'from dataclasses import dataclass, field', '']

function moduleFiles({ name, other, wrong, lines, words }) {
  const subject = capital(name.split('_')[0])
  const model = `${subject}Row`
  const entry = `${api(name, subject, model).join('\n')}\n`
  const grow = evenly(lines - entry.split('\n').length, GROWING_FILES)
  const logger = ['', 'logger = logging.getLogger(__name__)', '']
  const pure = functionsOf(words)
  return {
    '__init__.py': '',
    // reached by the entry point
    'api.py': entry,
    'services.py': grow(
      [
        ...header(`What ${name} does.`),
        'from sqlalchemy import func, select',
        '',
        `from .db_models import ${model}`,
        'from .repo import Repository',
        'from .rules import RULES, prepare',
        'from .settings import SETTINGS, defaults',
        ...logger,
        ...service(subject, other, wrong),
      ],
      () => phase2Method(words, model),
    ),
    'repo.py': grow(
      [
        ...header(`Queries of ${name}.`),
        'from sqlalchemy import func, select',
        '',
        `from .db_models import ${model}`,
        ...logger,
        ...repository(model),
      ],
      () => phase2Method(words, model),
    ),
    'db_models.py': grow(
      [
        `"""Tables of ${name}."""`,
        '',
        'from sqlalchemy import String',
        'from sqlalchemy.orm import Mapped, mapped_column',
        '',
        'from core.models import Base',
        '',
        '',
        ...modelClass(model, name, words),
      ],
      (i) => ['', ...modelClass(`${model}${i}`, `${name}_${i}`, words)],
    ),
    'settings.py': grow([`"""Settings of ${name}."""`, '', ...settings(words)], (i) => [
      `SETTINGS["${words.noun()}.${i}"] = ${words.number(1000)}`,
    ]),
    'rules.py': grow([...header(`Calculations of ${name}.`), ...logger, ...rules(pure, words)], () => [
      '',
      ...pure.make(),
      '',
    ]),
    // reached by nothing in phase 1
    'schemas.py': grow(header('What the API shows.'), () => ['', ...recordClass(words), '']),
    'tasks.py': grow([...header('Background work.'), 'from .services import Service', ...logger], () => [
      '',
      ...functionsOf(words).make(),
      '',
    ]),
    'reports.py': grow(
      [
        ...header('Reports.'),
        'from sqlalchemy import func, select',
        '',
        `from .db_models import ${model}`,
        ...logger,
        'class Reports:',
        '    def __init__(self, app_context):',
        '        self.app_context = app_context',
        '',
      ],
      () => phase2Method(words, model),
    ),
    'admin.py': grow([...header('Administration.'), ...logger], () => ['', ...functionsOf(words).make(), '']),
    'routes.py': grow(
      [...header('Routes.'), 'from fastapi import APIRouter, Depends', '', 'router = APIRouter()', ...logger],
      (i) => [
        '',
        `@router.get("/${name}/{key}/${i}")`,
        `async def read_${words.name()}(key: str, service=Depends(lambda: None)):`,
        '    rows = await service.newest(key)',
        '    return {"key": key, "rows": [str(row) for row in rows]}',
        '',
      ],
    ),
  }
}

/** Shares `lines` among `files` files: each gets its head, then pieces until its share is full; what one has too many the next has less. */
function evenly(lines, files) {
  let left = { lines, files }
  return (head, piece) => {
    const share = left.lines / left.files
    const out = [...head]
    for (let i = 1; out.length < share; i++) out.push(...piece(i), '')
    const text = `${out.join('\n').trimEnd()}\n`
    left = { lines: left.lines - text.split('\n').length + 1, files: left.files - 1 }
    return text
  }
}

function functionsOf(words) {
  const known = []
  return { known, make: () => pureFunction(words, known) }
}

function api(name, subject, model) {
  return [
    `"""Entry point of ${name}."""`,
    '',
    'from core.decorators import traced',
    '',
    `from .db_models import ${model}`,
    'from .services import Service',
    '',
    `MODULE_ID = "standard.${name}"`,
    '',
    '',
    '@traced',
    'def initialize(app_context):',
    `    app_context.register_models([${model}])`,
    '    service = Service(app_context)',
    '    app_context.register_service(f"{MODULE_ID}.service", service)',
    '    app_context.register_module_setup_hook(module_id=MODULE_ID, setup_method=setup_module)',
    '    return True',
    '',
    '',
    'async def setup_module(app_context):',
    '    database = app_context.get_service("core.database.service")',
    '    if database is None or not database.is_initialized():',
    '        return False',
    '    service = app_context.get_service(f"{MODULE_ID}.service")',
    `    await service.repo.newest("${subject}")`,
    '    return True',
  ]
}

function service(subject, other, wrong) {
  return [
    'class Service:',
    `    """${subject}: registered in phase 1, working from phase 2 on."""`,
    '',
    '    def __init__(self, app_context):',
    '        self.app_context = app_context',
    '        self.settings = defaults(SETTINGS)',
    '        self.repo = Repository(app_context)',
    '        self.plan = prepare(self.settings)',
    '        self.handlers = {name: self._wrap(rule) for name, rule in RULES.items()}',
    ...(wrong ? ['        self.names = self._load_names()'] : []),
    '        self._register()',
    '',
    '    def _wrap(self, rule):',
    '        def run(count, options=None):',
    '            return rule(count, options or self.settings)',
    '',
    '        return run',
    '',
    '    def _register(self):',
    '        for name, handler in self.handlers.items():',
    '            self.app_context.add_event_handler(name, handler)',
    '        self.app_context.add_shutdown_handler(self.close)',
    '',
    ...(wrong ? ['    def _load_names(self):', '        return self.repo.all_names()', ''] : []),
    '    async def neighbour(self, key):',
    `        service = self.app_context.get_service("standard.${other}.service")`,
    '        return await service.repo.newest(key)',
    '',
    '    def close(self):',
    '        self.handlers.clear()',
    '',
  ]
}

function repository(model) {
  return [
    'class Repository:',
    '    def __init__(self, app_context):',
    '        self.app_context = app_context',
    `        self.base = select(${model}).order_by(${model}.id)`,
    '',
    '    async def newest(self, key):',
    '        async with self.app_context.db_session() as session:',
    `            return (await session.execute(self.base.where(${model}.key == key))).scalars().all()`,
    '',
    '    def all_names(self):',
    '        with self.app_context.db_sync_session() as session:',
    `            return session.execute(select(${model}.key)).scalars().all()`,
    '',
  ]
}

function settings(words) {
  return [
    `SETTINGS = {"limit": ${words.number(100)}, "window": (${words.number(9)}, ${words.number(9)}), "labels": ["${words.noun()}", "${words.noun()}"]}`,
    '',
    '',
    'def defaults(settings):',
    '    merged = {**settings, "ready": False}',
    '    for key in list(merged):',
    '        if key.startswith("_"):',
    '            del merged[key]',
    '    return merged',
    '',
    '',
  ]
}

function rules(pure, words) {
  const bodies = Array.from({ length: 4 }, () => ['', ...pure.make(), '']).flat()
  const table = pure.known.slice(0, 4).map((name) => `    "${words.noun()}.${name}": ${name},`)
  const calls = pure.known.slice(0, 4).map((name) => `    steps.append(${name}(len(settings), settings))`)
  return [
    ...bodies,
    '',
    'RULES = {',
    ...table,
    '}',
    '',
    '',
    'def prepare(settings):',
    '    steps = []',
    ...calls,
    '    return steps',
    '',
  ]
}

function sharedFiles() {
  return {
    'core/__init__.py': '',
    'core/models.py': 'from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n',
    'core/decorators.py':
      'import functools\n\n\ndef traced(function):\n    @functools.wraps(function)\n    def wrapper(*args, **kwargs):\n        return function(*args, **kwargs)\n\n    return wrapper\n',
    'core/app_context.py': [
      '"""What modules register with."""',
      '',
      '',
      'class AppContext:',
      '    def __init__(self):',
      '        self.services = {}',
      '        self.models = []',
      '        self.hooks = {}',
      '        self.events = {}',
      '        self.shutdown = []',
      '        self.db_session = None',
      '        self.db_sync_session = None',
      '',
      '    def register_service(self, name, service):',
      '        self.services[name] = service',
      '',
      '    def get_service(self, name):',
      '        return self.services.get(name)',
      '',
      '    def register_models(self, models):',
      '        self.models.extend(models)',
      '',
      '    def register_module_setup_hook(self, module_id, setup_method):',
      '        self.hooks[module_id] = setup_method',
      '',
      '    def add_event_handler(self, name, handler):',
      '        self.events.setdefault(name, []).append(handler)',
      '',
      '    def add_shutdown_handler(self, handler):',
      '        self.shutdown.append(handler)',
      '',
    ].join('\n'),
    'modules/__init__.py': '',
    'modules/standard/__init__.py': '',
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      modules: { type: 'string', default: '200' },
      lines: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'bench/.work/tree' },
    },
  })
  const { modules, lines, seed, out } = values
  console.log(generateTree({ directory: out, modules: Number(modules), lines: Number(lines), seed: Number(seed) }))
}
