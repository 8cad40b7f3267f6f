// Imports by name, exec and eval, module and namespace access, environment, logging, exit hooks.
import { recordUnknown } from '../frames.ts'
import { only, stringOf, type Value } from '../values.ts'
import { logTo } from './templates.ts'
import { argument, typed, type Native, type Natives } from './native.ts'
import { convertedSetting, setting } from '../settings.ts'

const importModule: Native = (m, frame, call) => {
  const name = argument(m, call, 0)
  const out: Value[] = []
  for (const atom of name.atoms) {
    const text = atom.kind === 'const' && atom.type === 'str' ? String(atom.value) : null
    if (text === null) {
      recordUnknown(frame, call.site.site, 'dynamic-import')
      out.push(m.domain.unknown('dynamic-import', true))
    } else out.push(m.ops.importModule(frame, text, stringOf(argument(m, call, 1, 'package')), call.site.site))
  }
  return m.domain.joinAll(out)
}

const execute =
  (expression: boolean): Native =>
  (m, frame, call) => {
    const source = argument(m, call, 0)
    const code = only(source)
    const text = code?.kind === 'special' && code.type === 'code' ? (code.names[0] ?? null) : stringOf(source)
    if (text === null) {
      recordUnknown(frame, call.site.site, 'exec')
      return m.domain.unknown('exec', true)
    }
    return m.ops.executeText(frame, text, expression, call)
  }

const environ: Native = (m, _frame, call) =>
  m.domain.join(setting(m, call.args.pos[1] ?? call.args.kw.get('default') ?? m.domain.none), m.domain.none)

/** `distutils.util.strtobool`: a text that means on or off. */
const flag: Native = (m, _frame, call) => convertedSetting(m, 'flag', argument(m, call, 0))

/** Logging formats its arguments only if the level is on: possible, not certain. */
const logging: Native = (m, frame, call) => {
  logTo(m, frame, call)
  const values = call.args.pos.slice(1).filter((v) => v.atoms.some((a) => a.kind === 'instance'))
  if (values.length > 0)
    m.ops.maybe(frame, call.site.site, () => {
      for (const value of values) m.ops.format(frame, value, 'f', call.site)
    })
  return m.domain.none
}

const logger: Native = (m, frame, call) => m.ops.modelled(frame, 'logging.Logger', call)
const nothing: Native = (m) => m.domain.none
const identity: Native = (m, _frame, call) => argument(m, call, 0)
const noReturn: Native = (m, frame) => {
  m.ops.raise(frame, m.domain.native('SystemExit'))
  return m.domain.bottom
}
const LEVELS = ['debug', 'info', 'warning', 'error', 'critical', 'exception', 'log', 'warn']

export const SYSTEM: Natives = {
  'distutils.util.strtobool': flag,
  'setuptools._distutils.util.strtobool': flag,
  'importlib.import_module': importModule,
  __import__: (m, frame, call) => {
    const value = importModule(m, frame, call)
    const text = stringOf(argument(m, call, 0))
    // __import__('a.b') gives the package a
    return text?.includes('.') === true && call.args.pos.length < 4
      ? m.ops.importModule(frame, text.split('.')[0] ?? text, null, call.site.site)
      : value
  },
  exec: execute(false),
  eval: execute(true),
  compile: (m, _frame, call) => {
    const text = stringOf(argument(m, call, 0))
    return text === null ? m.domain.unknown('exec', true) : m.domain.special('code', [], [text])
  },
  globals: (m, frame) => m.domain.native('module.__dict__', m.domain.of(frame.module)),
  locals: (m, frame) =>
    frame.env.kind === 'module'
      ? m.domain.native('module.__dict__', m.domain.of(frame.module))
      : m.domain.typed('dict'),
  vars: (m, frame, call) => {
    const atom = only(argument(m, call, 0))
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
  'signal.signal': nothing,
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
  'types.SimpleNamespace': (m, frame, call) => m.ops.namespace(frame, call),
  'types.MethodType': (m, _frame, call) =>
    m.domain.joinAll(
      argument(m, call, 0).atoms.flatMap((f) => argument(m, call, 1).atoms.map((self) => m.domain.bound(f, self))),
    ),
  'types.MappingProxyType': identity,
  'os.path.join': typed('str'),
  'os.path.exists': typed('bool'),
  'os.getcwd': typed('str'),
  'typing.get_type_hints': typed('dict'),
  'contextvars.Context.run': (m, frame, call) =>
    m.ops.call(
      frame,
      argument(m, call, 0),
      { ...call.args, pos: call.args.pos.slice(1) },
      { ...call.site, step: 'invoke' },
      null,
    ),
  'contextvars.copy_context': (m, frame, call) => m.ops.modelled(frame, 'contextvars.Context', call),
}
