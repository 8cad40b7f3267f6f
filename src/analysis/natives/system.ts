// Imports by name, exec and eval, module and namespace access, environment, logging, exit hooks.
import { recordUnknown } from '../machine/frames.ts'
import { only, stringOf, type Value } from '../domain/values.ts'
import { unseenCodeRan } from '../domain/disclosure.ts'
import { logTo } from './templates.ts'
import type { Frame } from '../machine/machine.ts'
import { MODULE_TABLE } from '../language/module-table.ts'
import { argument, making, typed, type Native, type NativeCall, type Natives } from './native.ts'
import { convertedSetting, setting } from '../language/settings.ts'

const importModule: Native = (frame, call) => {
  const m = frame.machine
  const name = argument(frame, call, 0)
  const out: Value[] = []
  for (const atom of name.atoms) {
    const text = atom.kind === 'const' && atom.type === 'str' ? String(atom.value) : null
    if (text === null) {
      recordUnknown(frame, call.site.site, 'dynamic-import')
      unseenCodeRan(m)
      out.push(m.domain.unknown('dynamic-import', true))
    } else out.push(m.ops.importModule(frame, text, stringOf(argument(frame, call, 1, 'package')), call.site.site))
  }
  return m.domain.joinAll(out)
}

/** `importlib.reload(module)`: the body runs once more. */
const reload: Native = (frame, call) => {
  const m = frame.machine
  const module = argument(frame, call, 0)
  for (const atom of module.atoms) {
    if (atom.kind !== 'module') continue
    m.store.write(atom.state, m.domain.unbound)
    m.ops.importModule(frame, atom.info.name, null, call.site.site)
  }
  return module
}

/**
 * `runpy.run_module("name", run_name="__main__")`, `run_path("folder/name.py")`: the body of a module of the tree, whether it was imported or not, under
 * the name that it is given; of a package its `__main__`. Gives the names of the module.
 */
const runModule: Native = (frame, call) => {
  const m = frame.machine
  const text =
    stringOf(argument(frame, call, 0))
      ?.replace(/\.py$/, '')
      .replaceAll('/', '.') ?? null
  if (text === null) return importModule(frame, call)
  const found = m.program.resolve(frame.module.info.file, text, 0)
  const isPackage = found.kind === 'file' && /(?:^|\/)__init__\.py$/.test(found.file)
  const target = isPackage ? `${text}.__main__` : text
  const parent = target.split('.').slice(0, -1).join('.')
  if (parent !== '') m.ops.importModule(frame, parent, null, call.site.site)
  // the body runs once more where it has run
  for (const module of m.modules.values())
    if (module.info.name === target) m.store.write(module.state, m.domain.unbound)
  const runName = argument(frame, call, 2, 'run_name')
  const given = argument(frame, call, 1, 'init_globals')
  m.store.write(m.runAs, m.domain.special('run', [runName, given]))
  const module = m.ops.importModule(frame, target, null, call.site.site)
  m.store.write(m.runAs, m.domain.none)
  const [atom] = module.atoms
  if (atom?.kind === 'module') return m.domain.native('module.__dict__', module)
  // another kind of file, or one that is not in the tree
  recordUnknown(frame, call.site.site, 'exec')
  return m.domain.typed('dict')
}

/** `importlib.util.find_spec("name")`: a module of the tree has one; of others nobody knows. */
const findSpec: Native = (frame, call) => {
  const m = frame.machine
  const name = stringOf(argument(frame, call, 0, 'name'))
  const found = name === null ? null : m.program.resolve(frame.module.info.file, name, 0)
  return found?.kind === 'file'
    ? m.ops.modelled(frame, 'importlib.machinery.ModuleSpec', call)
    : m.domain.unknown('module')
}

const execute =
  (expression: boolean): Native =>
  (frame, call) => {
    const m = frame.machine
    const source = argument(frame, call, 0)
    const code = only(source)
    const text = code?.kind === 'special' && code.type === 'code' ? (code.names[0] ?? null) : stringOf(source)
    if (text === null) {
      recordUnknown(frame, call.site.site, 'exec')
      unseenCodeRan(m)
      return m.domain.unknown('exec', true)
    }
    return m.ops.executeText(frame, text, expression, call)
  }

const environ: Native = (frame, call) =>
  frame.machine.domain.join(
    setting(frame.machine, call.args.pos[1] ?? call.args.kw.get('default') ?? frame.machine.domain.none),
    frame.machine.domain.none,
  )

/** `distutils.util.strtobool`: a text that means on or off. */
const flag: Native = (frame, call) => convertedSetting(frame.machine, 'flag', argument(frame, call, 0))

/** Logging formats its arguments only if the level is on: possible, not certain. */
const logging: Native = (frame, call) => {
  const m = frame.machine
  logTo(frame, call)
  const values = call.args.pos.slice(1).filter((v) => v.atoms.some((a) => a.kind === 'instance'))
  if (values.length > 0)
    m.ops.maybe(frame, () => {
      for (const value of values) m.ops.format(frame, value, 's', call.site)
    })
  return m.domain.none
}

const simpleNamespace: Native = (frame, call) => {
  const { ops } = frame.machine
  const made = ops.modelled(frame, 'types.SimpleNamespace', call)
  for (const object of made.atoms)
    if (object.kind === 'instance') for (const [name, value] of call.args.kw) ops.setField(object, name, value)
  return made
}

const logger: Native = (frame, call) => frame.machine.ops.modelled(frame, 'logging.Logger', call)
const nothing: Native = (frame) => frame.machine.domain.none
const identity: Native = (frame, call) => argument(frame, call, 0)
const noReturn: Native = (frame) => {
  const m = frame.machine
  m.ops.raise(frame, m.domain.native('SystemExit'))
  return m.domain.bottom
}
const LEVELS = ['debug', 'info', 'warning', 'error', 'critical', 'exception', 'log', 'warn']

/** The variables of the running function as a dictionary. */
function localNames(frame: Frame, call: NativeCall): Value {
  const m = frame.machine
  const dict = m.ops.newCollection(frame, 'dict', call.site.site)
  for (const [name, cell] of frame.env.vars) {
    const value = m.domain.withoutUnbound(m.store.read(cell))
    if (value.atoms.length > 0) m.ops.collect(dict, value, m.domain.constant('str', name))
  }
  return m.domain.of(dict)
}

/** Annotations that are strings are evaluated now; so are all of them where they are kept as text. */
const typeHints: Native = (frame, call) => {
  const m = frame.machine
  for (const atom of argument(frame, call, 0).atoms) {
    if (atom.kind !== 'function') continue
    const { ir, text } = atom.env.module.info
    for (const x of [...atom.fn.params.map((param) => param.annotation), atom.fn.returns]) {
      if (x === null) continue
      if (x.k === 'const' && x.t === 'str') m.ops.executeText(frame, String(x.v), true, call)
      else if (ir.lazyAnnotations) m.ops.executeText(frame, text.slice(x.p, x.e), true, call)
    }
  }
  return m.domain.typed('dict')
}

/** What a new function is made of: code objects are not followed. */
const unseenCode: Native = (frame, call) => {
  recordUnknown(frame, call.site.site, 'exec')
  return frame.machine.domain.unknown('exec', true)
}

export const SYSTEM: Natives = {
  ...MODULE_TABLE,
  'types.ModuleType': making('types.ModuleType'),
  'distutils.util.strtobool': flag,
  'setuptools._distutils.util.strtobool': flag,
  'importlib.import_module': importModule,
  'importlib.reload': reload,
  'importlib.util.find_spec': findSpec,
  'runpy.run_module': runModule,
  'runpy.run_path': runModule,
  __import__: (frame, call) => {
    const value = importModule(frame, call)
    const text = stringOf(argument(frame, call, 0))
    // __import__('a.b') gives the package a
    return text?.includes('.') === true && call.args.pos.length < 4 && !call.args.kw.has('fromlist')
      ? frame.machine.ops.importModule(frame, text.split('.')[0] ?? text, null, call.site.site)
      : value
  },
  'types.FunctionType': unseenCode,
  exec: execute(false),
  eval: execute(true),
  'cProfile.runctx': execute(false),
  'profile.runctx': execute(false),
  'cProfile.Profile.runctx': execute(false),
  compile: (frame, call) => {
    const m = frame.machine
    const text = stringOf(argument(frame, call, 0))
    return text === null ? m.domain.unknown('exec', true) : m.domain.special('code', [], [text])
  },
  globals: (frame) => frame.machine.domain.native('module.__dict__', frame.machine.domain.of(frame.module)),
  locals: (frame, call) =>
    frame.env.kind === 'module'
      ? frame.machine.domain.native('module.__dict__', frame.machine.domain.of(frame.module))
      : localNames(frame, call),
  vars: (frame, call) => {
    const m = frame.machine
    const atom = only(argument(frame, call, 0))
    if (call.args.pos.length === 0) return m.domain.native('module.__dict__', m.domain.of(frame.module))
    return atom === null ? m.domain.typed('dict') : m.domain.native(`${atom.kind}.__dict__`, m.domain.of(atom))
  },
  'os.getenv': environ,
  'os.environ.get': environ,
  'sys.exit': noReturn,
  exit: noReturn,
  quit: noReturn,
  'os._exit': noReturn,
  'os.abort': noReturn,
  'atexit.register': identity,
  'atexit.unregister': nothing,
  'logging.getLogger': logger,
  ...Object.fromEntries(
    LEVELS.flatMap((level) => [
      [`logging.Logger.${level}`, logging],
      [`logging.${level}`, logging],
    ]),
  ),
  'logging.basicConfig': nothing,
  'warnings.warn': nothing,
  'time.sleep': nothing,
  'types.SimpleNamespace': simpleNamespace,
  'types.MethodType': (frame, call) =>
    frame.machine.domain.joinAll(
      argument(frame, call, 0).atoms.flatMap((f) =>
        argument(frame, call, 1).atoms.map((self) => frame.machine.domain.bound(f, self)),
      ),
    ),
  'types.MappingProxyType': identity,
  'os.path.exists': typed('bool'),
  'os.getcwd': typed('str'),
  'typing.get_type_hints': typeHints,
}
