// Copying, dumping, substituting and writing: functions of the standard library that ask the objects they are given, or call back for parts of
// a text. Containers and fields are followed a few levels deep.
import { elements, isMapping } from '../domain/containers.ts'
import { copied } from '../domain/copies.ts'
import { implied, unwritten } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { only, positional, stringOf, type Atom, type InstanceAtom, type Value } from '../domain/values.ts'
import { argument, invoke, isNone, type Native, type NativeCall, type Natives } from './native.ts'
import { askFor } from './text.ts'

function methodOf(frame: Frame, atom: Atom, names: readonly string[]): Value | null {
  for (const name of names) {
    const method = atom.kind === 'instance' ? frame.machine.ops.typeMethod(frame, atom, name) : null
    if (method !== null) return method
  }
  return null
}

/** Runs the hook of every object in a value, containers and fields included: pickle, deepcopy, json. */
function walkObjects(frame: Frame, value: Value, depth: number, visit: (atom: Atom) => boolean): void {
  const m = frame.machine
  if (depth > MAX_DEPTH) return
  for (const atom of value.atoms) {
    if (visit(atom)) continue
    if (atom.kind === 'container') {
      walkObjects(frame, elements(m, atom).any, depth + 1, visit)
      if (isMapping(atom))
        m.ops.iterate(frame, m.domain.special('values', [m.domain.of(atom)]), PLACELESS(frame), (x) => {
          walkObjects(frame, x, depth + 1, visit)
          return true
        })
    } else if (atom.kind === 'instance' && atom.cls !== null)
      for (const cell of atom.fields.values()) walkObjects(frame, m.store.read(cell), depth + 1, visit)
  }
}
/** Levels of containers and objects that a copy or a dump is followed into. */
const MAX_DEPTH = 4
const PLACELESS = (frame: Frame): NativeCall['site'] => unwritten(frame.summary.site, 'operator')

const hooked =
  (hooks: readonly string[], result: (frame: Frame, call: NativeCall) => Value): Native =>
  (frame, call) => {
    const m = frame.machine
    walkObjects(frame, argument(frame, call, 0), 0, (atom) => {
      const method = methodOf(frame, atom, hooks)
      if (method === null) {
        if (atom.kind === 'instance') stateHandedOver(frame, atom, call)
        return false
      }
      const args = hooks[0] === '__deepcopy__' ? positional(m.domain.typed('dict')) : positional()
      m.ops.call(frame, method, args, implied(call.site, 'operator'))
      return true
    })
    return result(frame, call)
  }

/** How objects without a hook of their own are taken apart, and for a copy put together again: `__setstate__` gets a state that is not empty. */
export function stateHandedOver(frame: Frame, atom: InstanceAtom, call: NativeCall): void {
  const m = frame.machine
  const step = implied(call.site, 'operator')
  if (call.name.startsWith('pickle.')) m.ops.evaluateExternal(frame, atom, ['__reduce__'], call.site)
  if (atom.cls === null) return
  const taking = m.ops.typeMethod(frame, atom, '__getstate__')
  const state = taking === null ? m.domain.typed('dict') : m.ops.call(frame, taking, positional(), step)
  const giving = call.name.startsWith('copy.') ? m.ops.typeMethod(frame, atom, '__setstate__') : null
  const isEmpty = taking === null ? atom.fields.size === 0 : isNone(state)
  if (giving !== null && !isEmpty) m.ops.call(frame, giving, positional(state), step)
}

/** `print(file=x)`, `json.dump(o, x)`: writes to an object of the tree. */
export function writeTo(frame: Frame, target: Value | undefined, call: NativeCall): void {
  for (const atom of target?.atoms ?? []) {
    const write = methodOf(frame, atom, ['write'])
    if (write !== null)
      frame.machine.ops.call(frame, write, positional(frame.machine.domain.typed('str')), implied(call.site, 'invoke'))
  }
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

function encode(frame: Frame, call: NativeCall, value: Value, fallback: Value | undefined): void {
  const m = frame.machine
  if (fallback === undefined || isNone(fallback)) return
  let asked = false
  let open = false
  walkObjects(frame, value, 0, (atom) => {
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

/** `asdict(x)`: a deep copy of every field. */
export const fieldsCopied: Native = hooked(['__deepcopy__', '__reduce_ex__', '__reduce__'], (frame) =>
  frame.machine.domain.typed('dict'),
)

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
  'pickle.dumps': hooked(['__reduce_ex__', '__reduce__', '__getstate__'], (frame) =>
    frame.machine.domain.typed('bytes'),
  ),
  'pickle.dump': hooked(['__reduce_ex__', '__reduce__', '__getstate__'], (frame) => frame.machine.domain.none),
  'copy.deepcopy': hooked(['__deepcopy__', '__reduce_ex__', '__reduce__'], (frame, call) =>
    frame.machine.domain.joinAll(
      argument(frame, call, 0).atoms.map((a) =>
        a.kind === 'container' ? frame.machine.domain.of(copied(frame, a, call.site)) : frame.machine.domain.of(a),
      ),
    ),
  ),
  'string.Template': (frame, call) => {
    const made = frame.machine.ops.modelled(frame, 'string.Template', call)
    const self = only(made)
    if (self?.kind === 'instance') frame.machine.ops.setSlot(self, 'template', argument(frame, call, 0, 'template'))
    return made
  },
  'string.Template.substitute': substitute,
  'string.Template.safe_substitute': substitute,
}
