// Dumping, substituting and writing: functions of the standard library that ask the objects they are given, or call back for parts of a text.
// Copies and pickles are copying.ts.
import { forEachOf } from '../machine/alternatives.ts'
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { only, positional, stringOf, type Value } from '../domain/values.ts'
import { methodOf, walkObjects } from './copying.ts'
import { argument, invoke, isNone, type Native, type NativeCall, type Natives } from './native.ts'
import { askFor } from './text.ts'

/** `print(file=x)`, `json.dump(o, x)`: writes to an object of the tree. */
export function writeTo(frame: Frame, target: Value | undefined, call: NativeCall): void {
  forEachOf(frame, target ?? frame.machine.domain.bottom, (atom) => {
    const write = methodOf(frame, atom, ['write'])
    if (write !== null)
      frame.machine.ops.call(frame, write, positional(frame.machine.domain.typed('str')), implied(call.site, 'invoke'))
  })
}

/** json.dumps: `default` is asked for what is no JSON; an encoder class may have one, too. */
const dumping: Native = (frame, call) => {
  const m = frame.machine
  const encoder = call.args.kw.get('cls')
  let fallback = call.args.kw.get('default')
  for (const atom of encoder?.atoms ?? []) {
    if (atom.kind !== 'class') continue
    const made = m.ops.instantiate(frame, atom, positional(), call.site)
    fallback = m.ops.getAttribute(frame, made, 'default', implied(call.site))
  }
  encode(frame, call, argument(frame, call, 0), fallback)
  if (call.name.endsWith('dump')) writeTo(frame, call.args.pos[1] ?? call.args.kw.get('fp'), call)
  return m.domain.typed('str')
}

/** Asks `fallback` for the first object of each possibility that is no JSON. */
function encode(frame: Frame, call: NativeCall, value: Value, fallback: Value | undefined): void {
  if (fallback === undefined || isNone(fallback)) return
  const m = frame.machine
  forEachOf(frame, value, (atom) => {
    encodeOne(frame, call, m.domain.of(atom), fallback)
  })
}

function encodeOne(frame: Frame, call: NativeCall, value: Value, fallback: Value): void {
  const m = frame.machine
  let asked = false
  let open = false
  walkObjects(frame, value, (atom) => {
    if (atom.kind === 'instance' || (atom.kind === 'container' && atom.type === 'set')) {
      if (!asked) m.ops.call(frame, fallback, positional(m.domain.of(atom)), implied(call.site, 'invoke'))
      asked = true
      return true
    }
    open = open || !(atom.kind === 'const' || atom.kind === 'typed' || atom.kind === 'container')
    return false
  })
  if (!asked && open) m.ops.maybe(frame, () => invoke(frame, fallback, [value], call))
}

/** json.loads: which parts of the text call which function, and what that gets. */
const PARTS: readonly (readonly [name: string, part: RegExp, type: string])[] = [
  ['object_hook', /\{/, 'dict'],
  ['object_pairs_hook', /\{/, 'list'],
  ['parse_int', /(?<![\w."])-?\d+(?![\w."])/, 'str'],
  ['parse_float', /\d(?:\.\d|[eE])/, 'str'],
  ['parse_constant', /NaN|Infinity/, 'str'],
]

/** json.load, json.loads: a constant text says which functions are called; otherwise all of them may be. */
const loading: Native = (frame, call) => {
  const m = frame.machine
  const text = call.name.endsWith('loads') ? stringOf(argument(frame, call, 0, 's')) : null
  for (const [name, part, type] of PARTS) {
    const f = call.args.kw.get(name)
    if (f === undefined || isNone(f)) continue
    const run = (): void => {
      invoke(frame, f, [m.domain.typed(type)], call)
    }
    if (text === null) m.ops.maybe(frame, run)
    else if (part.test(text)) run()
  }
  return m.domain.external(`${call.name}()`)
}

/** `JSONEncoder().encode(o)` of a subclass. */
const encoding: Native = (frame, call) => {
  for (const self of call.self?.atoms ?? []) {
    const fallback = methodOf(frame, self, ['default'])
    if (fallback !== null) encode(frame, call, argument(frame, call, 0), fallback)
  }
  return frame.machine.domain.typed('str')
}

/** re.sub(pattern, f, text): certain where pattern and text are plain constants, otherwise it depends on a match. */
const substituting =
  (index: number): Native =>
  (frame, call) => {
    const m = frame.machine
    const f = argument(frame, call, index, 'repl')
    const callable = f.atoms.some(
      (a) => a.kind === 'function' || a.kind === 'bound' || a.kind === 'special' || a.kind === 'instance',
    )
    const text = stringOf(argument(frame, call, index + 1, 'string'))
    const self = only(call.self ?? m.domain.bottom)
    const pattern = stringOf(
      index === 1
        ? argument(frame, call, 0, 'pattern')
        : self?.kind === 'instance'
          ? m.ops.slot(self, 'pattern')
          : m.domain.bottom,
    )
    // patterns with operators are not run here: a regular expression of the reviewed code may take forever
    const found =
      pattern === null || text === null ? null : /^[\w\s,;:'"<>=/-]*$/.test(pattern) ? text.includes(pattern) : null
    const run = (): void => {
      invoke(frame, f, [m.ops.modelled(frame, 're.Match', call)], call)
    }
    if (callable && found === true) run()
    else if (callable && found === null) m.ops.maybe(frame, run)
    return m.domain.typed(call.name.endsWith('subn') ? 'tuple' : 'str')
  }

/** `re.Scanner([(pattern, action)]).scan(text)`: actions run where their pattern matches. */
const scanning: Native = (frame, call) => {
  const m = frame.machine
  for (const self of call.self?.atoms ?? []) {
    if (self.kind !== 'instance') continue
    m.ops.iterate(frame, m.ops.slot(self, 'lexicon'), implied(call.site, 'iterate'), (pair) => {
      const [, action] = m.ops.spread(frame, pair, call.site).elements ?? []
      const run = (): void => {
        if (action !== undefined) invoke(frame, action, [m.domain.of(self), m.domain.typed('str')], call)
      }
      m.ops.maybe(frame, run)
      return true
    })
  }
  return m.domain.typed('tuple')
}

/** `Template(text).substitute(mapping)`: the mapping is asked for each name in the text. */
const substitute: Native = (frame, call) => {
  const m = frame.machine
  const self = only(call.self ?? m.domain.bottom)
  const text = self?.kind === 'instance' ? stringOf(m.ops.slot(self, 'template')) : null
  const ask = (): void => askFor(frame, argument(frame, call, 0), call)
  if (text === null) m.ops.maybe(frame, ask)
  else if (/\$(?:\w|\{)/.test(text)) ask()
  return m.domain.typed('str')
}

export const SERIALISING: Natives = {
  're.sub': substituting(1),
  're.subn': substituting(1),
  're.compile': (frame, call) => {
    const m = frame.machine
    const made = m.ops.modelled(frame, 're.Pattern', call)
    const self = only(made)
    if (self?.kind === 'instance') m.ops.setSlot(self, 'pattern', argument(frame, call, 0))
    return made
  },
  're.Scanner': (frame, call) => {
    const m = frame.machine
    const made = m.ops.modelled(frame, 're.Scanner', call)
    for (const self of made.atoms)
      if (self.kind === 'instance') m.ops.setSlot(self, 'lexicon', argument(frame, call, 0, 'lexicon'))
    return made
  },
  're.Scanner.scan': scanning,
  're.Pattern.sub': substituting(0),
  're.Pattern.subn': substituting(0),
  'json.loads': loading,
  'json.load': loading,
  'json.dumps': dumping,
  'json.dump': dumping,
  'json.JSONEncoder.encode': encoding,
  'json.JSONEncoder.iterencode': encoding,
  'string.Template': (frame, call) => {
    const made = frame.machine.ops.modelled(frame, 'string.Template', call)
    const self = only(made)
    if (self?.kind === 'instance') frame.machine.ops.setSlot(self, 'template', argument(frame, call, 0, 'template'))
    return made
  },
  'string.Template.substitute': substitute,
  'string.Template.safe_substitute': substitute,
}
