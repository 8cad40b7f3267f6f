// inspect and its kin: what is asked about functions, classes and modules, answered from what they are. What a wrapper stands for is followed to
// the function that was wrapped; members are read as `getattr` reads them, so that the properties among them run.

import type { Parameter } from '../../ir/model.ts'
import {
  type Atom,
  type CallArgs,
  type FunctionAtom,
  only,
  positional,
  type SpecialAtom,
  type Value,
} from '../domain/values.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { namespaceNames, rawMember } from '../objects/namespaces.ts'
import { argument, isNone, type Native, type NativeCall, type Natives } from './native.ts'

/** How many wrappers around wrappers `inspect.unwrap` takes off. */
const MAX_WRAPPERS = 16

/** `inspect.getmembers(object, predicate)`: every property and attribute is read, in the order of the names. */
const getmembers: Native = (frame, call) => {
  const m = frame.machine
  const predicate = argument(frame, call, 1, 'predicate')
  const members: Value[] = []
  let open = false
  for (const atom of argument(frame, call, 0).atoms) {
    for (const name of memberNames(m, atom)) {
      const site = implied(call.site, 'property')
      const value = m.ops.getAttribute(frame, m.domain.of(atom), name, implied(site))
      if (value.atoms.length === 0) continue
      const { t, f } = chosen(frame, predicate, value, call)
      open = open || (t && f)
      const pair = [m.domain.constant('str', name), value]
      if (t) members.push(m.ops.newList(frame, call.site.site, pair, 'tuple'))
    }
  }
  return m.ops.newList(frame, call.site.site, open ? m.domain.joinAll(members) : members)
}

/** Whether the predicate takes a member; without one all are taken. */
function chosen(frame: Frame, predicate: Value, value: Value, call: NativeCall): { t: boolean; f: boolean } {
  const m = frame.machine
  if (predicate.atoms.length === 0 || isNone(predicate)) return { t: true, f: false }
  return m.ops.truth(frame, m.ops.call(frame, predicate, positional(value), implied(call.site, 'invoke')), call.site)
}

/** Names without double underscores that an object, its class and the bases of that hold. */
function memberNames(m: Machine, atom: Atom): string[] {
  const names = new Set(namespaceNames(m, atom))
  const cls = atom.kind === 'class' ? atom : m.ops.classOf(atom)
  for (const base of cls?.mro ?? []) for (const name of namespaceNames(m, base)) names.add(name)
  return [...names].filter((name) => !name.startsWith('__')).toSorted((a, b) => (a < b ? -1 : 1))
}

/** A test of what kind of object something is: certain when it holds for all possibilities or for none. */
const kindTest =
  (test: (atom: Atom) => boolean | null): Native =>
  (frame, call) => {
    const outcomes = new Set(argument(frame, call, 0).atoms.map(test))
    const [outcome = null] = outcomes
    if (outcomes.size !== 1 || outcome === null) return frame.machine.domain.typed('bool')
    return outcome ? frame.machine.domain.true : frame.machine.domain.false
  }

/** Modelled objects that are no function, method, class or module. */
const DESCRIPTORS: ReadonlySet<string> = new Set(['property', 'cached_property', 'cached', 'partial'])

/** A question about objects of the tree; what comes from elsewhere is open. */
const ofTree =
  (test: (atom: Atom) => boolean): ((atom: Atom) => boolean | null) =>
  (atom) =>
    atom.kind === 'unknown' || atom.kind === 'external' || atom.kind === 'native'
      ? null
      : atom.kind !== 'special'
        ? test(atom)
        : DESCRIPTORS.has(atom.type)
          ? false
          : null

/** `inspect.unwrap(f)`: the function under all wrappers. */
const unwrap: Native = (frame, call) => {
  const m = frame.machine
  let value = argument(frame, call, 0)
  for (let depth = 0; depth < MAX_WRAPPERS; depth++) {
    const inner = m.domain.joinAll(value.atoms.map((atom) => wrappedIn(m, atom) ?? m.domain.of(atom)))
    if (inner === value) break
    value = inner
  }
  return value
}

function wrappedIn(m: Machine, atom: Atom): Value | null {
  if (atom.kind === 'special' && atom.type === 'cached') return atom.parts[0] ?? null
  return atom.kind === 'function' ? rawMember(m, atom, '__wrapped__') : null
}

/** The function whose parameters a signature lists, without those that a bound method has filled already; null when that is not known. */
function describedIn(m: Machine, { parts, names }: SpecialAtom): Described | null {
  const given = only(parts[0] ?? m.domain.bottom)
  const isBound = given?.kind === 'bound'
  let atom: Atom | null = isBound ? given.func : given
  for (let depth = 0; atom !== null && depth < MAX_WRAPPERS; depth++) {
    if (atom.kind === 'function' && rawMember(m, atom, '__signature__') !== null) return null
    const inner: Value | null = names.includes(OUTERMOST) ? null : wrappedIn(m, atom)
    if (inner === null) break
    atom = only(inner)
  }
  return atom?.kind === 'function' ? { func: atom, parameters: atom.fn.params.slice(isBound ? 1 : 0) } : null
}

interface Described {
  readonly func: FunctionAtom
  readonly parameters: readonly Parameter[]
}

/** Of a signature that was asked for with `follow_wrapped=False`: it is that of the wrapper itself. */
const OUTERMOST = 'outermost'

/** `signature.parameters`: the descriptions of the parameters by name; of what nobody knows there may be any. */
function parameterTable(frame: Frame, signature: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const described = describedIn(m, signature)
  const empty = m.domain.external('inspect._empty')
  const dict = m.ops.newCollection(frame, 'dict', site.site)
  if (described === null) {
    m.ops.collect(dict, m.domain.unknown('signature'), m.domain.typed('str'))
    return m.domain.of(dict)
  }
  const { func, parameters } = described
  for (const { n, annotation } of parameters) {
    const type =
      annotation === null ? empty : (m.ops.staticType(func.env, annotation) ?? m.domain.unknown('annotation'))
    const name = m.domain.constant('str', n)
    m.ops.collect(dict, m.domain.special('description', [name, func.defaults.get(n) ?? empty, type]), name)
  }
  return m.domain.of(dict)
}

/** What a description of a parameter, or of a dataclass field, says. */
const DESCRIBED: readonly string[] = ['name', 'default', 'annotation']

/** An attribute of a signature, of what it bound, or of a description; null for other objects and names. */
export function introspected(frame: Frame, atom: SpecialAtom, name: string, site: CallSite): Value | null {
  const m = frame.machine
  if (atom.type === 'description') return atom.parts[DESCRIBED.indexOf(name === 'type' ? 'annotation' : name)] ?? null
  if (atom.type === 'bound arguments') return atom.parts[['args', 'kwargs', 'arguments'].indexOf(name)] ?? null
  if (atom.type !== 'signature') return null
  if (name === 'bind' || name === 'bind_partial') return m.domain.native(`signature.${name}`, m.domain.of(atom))
  return name === 'parameters' ? parameterTable(frame, atom, site) : null
}

/** `signature.bind(*args, **kwargs)`: what was given, to be passed on as it is. */
const bind: Native = (frame, call) => {
  const m = frame.machine
  const { p, e } = call.site.site
  const rest = call.args.restPos
  const args = m.ops.newList(frame, call.site.site, rest ?? call.args.pos, 'tuple')
  const signature = only(call.self ?? m.domain.bottom)
  const described = signature?.kind === 'special' ? describedIn(m, signature) : null
  const names = described?.parameters.map(({ n }) => n) ?? []
  const positionals = new Map(call.args.pos.map((value, i): [string, Value] => [names[i] ?? `${i}`, value]))
  const all: CallArgs = { ...call.args, kw: new Map([...positionals, ...call.args.kw]) }
  return m.domain.special('bound arguments', [
    args,
    dictOf(frame, call.args, { p, e: e + 1 }),
    dictOf(frame, all, { p, e: e + 2 }),
  ])
}

function dictOf(frame: Frame, { kw, restKw }: CallArgs, node: { readonly p: number; readonly e: number }): Value {
  const m = frame.machine
  const dict = m.ops.newCollection(frame, 'dict', node)
  for (const [name, value] of kw) m.ops.collect(dict, value, m.domain.constant('str', name))
  if (restKw !== null) m.ops.collect(dict, restKw, m.domain.typed('str'))
  return m.domain.of(dict)
}

export const INTROSPECTION: Natives = {
  'inspect.getmembers': getmembers,
  'inspect.isfunction': kindTest(ofTree((atom) => atom.kind === 'function')),
  'inspect.ismethod': kindTest(ofTree((atom) => atom.kind === 'bound')),
  'inspect.isclass': kindTest(ofTree((atom) => atom.kind === 'class')),
  'inspect.ismodule': kindTest(ofTree((atom) => atom.kind === 'module')),
  'inspect.isroutine': kindTest(ofTree((atom) => atom.kind === 'function' || atom.kind === 'bound')),
  'inspect.unwrap': unwrap,
  'inspect.signature': (frame, call) => {
    const m = frame.machine
    const isFollowed = argument(frame, call, 1, 'follow_wrapped') !== m.domain.false
    return m.domain.special('signature', [argument(frame, call, 0)], isFollowed ? [] : [OUTERMOST])
  },
  'signature.bind': bind,
  'signature.bind_partial': bind,
}
