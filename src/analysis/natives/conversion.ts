// Conversions: str(), int(), bool(), len() … call the matching dunder of classes of the tree.
// What is known at analysis time (a constant's text, a decided truth) stays known.
import { forEachOf } from '../machine/alternatives.ts'
import { knownLength } from '../domain/containers.ts'
import { only, positional, type Atom } from '../domain/values.ts'
import { classMember, SUBCLASSES } from '../objects/members.ts'
import { namespaceNames } from '../objects/namespaces.ts'
import { forEachAsked } from '../machine/alternatives.ts'
import { implied } from '../machine/sites.ts'
import type { Machine } from '../machine/machine.ts'
import { argument, type Native, type Natives } from './native.ts'
import { convertedSetting } from '../language/settings.ts'

/** str(), int(), bool(), len() … call the matching dunder of in-tree classes. */
const converting =
  (type: string, ...dunders: string[]): Native =>
  (frame, call) => {
    const m = frame.machine
    const value = argument(frame, call, 0)
    const atom = only(value)
    if (type === 'str' && atom?.kind === 'const' && (atom.type === 'str' || atom.type === 'int'))
      return m.domain.constant('str', String(atom.value))
    if (type === 'int' && atom?.kind === 'const' && atom.type === 'int') return value
    if (call.name === 'len') {
      const length = atom === null ? null : lengthOf(m, atom)
      if (length !== null) return m.domain.constant('int', length)
    }
    if (type === 'bool' && value.atoms.length > 0) {
      const truth = m.ops.truth(frame, value, call.site)
      return truth.t && truth.f ? convertedSetting(m, 'bool', value) : truth.t ? m.domain.true : m.domain.false
    }
    forEachAsked(frame, value, dunders, (x) => {
      const isPlain =
        x.kind === 'container' || (x.kind === 'instance' && x.cls !== null && dunders.includes('__repr__'))
      if (isPlain && type === 'str') {
        m.ops.format(frame, m.domain.of(x), CONVERSIONS.get(dunders[0] ?? '') ?? 'r', call.site)
        return
      }
      if (x.kind === 'instance' && x.cls === null) m.ops.evaluateExternal(frame, x, dunders, call.site)
      for (const dunder of dunders) {
        const method = m.ops.typeMethod(frame, x, dunder)
        if (method === null) continue
        m.ops.call(frame, method, positional(), implied(call.site, 'operator'))
        break
      }
    })
    if ((type === 'int' || type === 'float') && (atom?.kind !== 'const' || atom.type === 'str'))
      frame.summary.canRaise = true
    return convertedSetting(m, type, value)
  }

/** The length of a text or a container that is known in full. */
function lengthOf(m: Machine, atom: Atom): number | null {
  if (atom.kind === 'container') return knownLength(m, atom)
  return atom.kind === 'const' && typeof atom.value === 'string' ? Array.from(atom.value).length : null
}

/** What is looked for first, and the conversion of f-strings that looks for the same. */
const CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ['__format__', 'f'],
  ['__str__', 's'],
])

/** A file's name: objects that stand for one say it. */
const fileName =
  (type: string): Native =>
  (frame, call) => {
    for (const value of call.args.pos)
      forEachOf(frame, value, (atom) => {
        const method = atom.kind === 'instance' ? frame.machine.ops.typeMethod(frame, atom, '__fspath__') : null
        if (method !== null) frame.machine.ops.call(frame, method, positional(), implied(call.site, 'operator'))
      })
    return frame.machine.domain.typed(type)
  }

/** Functions of `math` that take a float. */
const FLOATS = 'sqrt exp log log2 log10 sin cos tan pow fabs isnan isinf isfinite degrees radians'

/** The names that `dir()` of a class or object of the tree gives, in their order; those that every object has are left out. */
function namesOf(m: Machine, atom: Atom | null): readonly string[] | null {
  const cls = atom?.kind === 'instance' ? atom.cls : atom?.kind === 'class' ? atom : null
  if (cls === null || classMember(m, cls, '__dir__') !== null || cls.mro.some((base) => base.kind !== 'class'))
    return null
  const owners = [...cls.mro, ...(atom?.kind === 'instance' ? [atom] : [])]
  const names = new Set(owners.flatMap((owner) => namespaceNames(m, owner)))
  return [...names].filter((name) => name !== SUBCLASSES).toSorted()
}

export const CONVERSION: Natives = {
  'math.floor': converting('int', '__floor__', '__float__'),
  'math.ceil': converting('int', '__ceil__', '__float__'),
  'math.trunc': converting('int', '__trunc__'),
  ...Object.fromEntries(
    FLOATS.split(' ').map((name) => [`math.${name}`, converting('float', '__float__', '__index__')]),
  ),
  'sys.getsizeof': converting('int', '__sizeof__'),
  'operator.length_hint': converting('int', '__len__', '__length_hint__'),
  'operator.index': converting('int', '__index__'),
  'os.fspath': fileName('str'),
  'os.path.join': fileName('str'),
  ...Object.fromEntries(
    'basename dirname abspath normpath realpath expanduser'
      .split(' ')
      .map((name) => [`os.path.${name}`, fileName('str')]),
  ),
  str: converting('str', '__str__', '__repr__'),
  repr: converting('str', '__repr__'),
  ascii: converting('str', '__repr__'),
  format: converting('str', '__format__', '__str__', '__repr__'),
  int: converting('int', '__int__', '__index__'),
  float: converting('float', '__float__'),
  bool: converting('bool', '__bool__', '__len__'),
  complex: converting('complex', '__complex__'),
  len: converting('int', '__len__'),
  abs: converting('int', '__abs__'),
  round: converting('int', '__round__'),
  hash: converting('int', '__hash__'),
  bytes: (frame, call) => {
    const m = frame.machine
    for (const atom of argument(frame, call, 0).atoms)
      if (atom.kind === 'generator' || atom.kind === 'special') m.ops.spread(frame, m.domain.of(atom), call.site)
    return converting('bytes', '__bytes__', '__iter__')(frame, call)
  },
  hex: converting('str', '__index__'),
  oct: converting('str', '__index__'),
  bin: converting('str', '__index__'),
  dir: (frame, call) => {
    const m = frame.machine
    for (const atom of argument(frame, call, 0).atoms) {
      // a module is asked for its own `__dir__` (PEP 562)
      const own = atom.kind === 'module' ? atom.fields.get('__dir__') : undefined
      if (own !== undefined && m.store.read(own) !== m.domain.unbound)
        return m.ops.call(frame, own.value, positional(), implied(call.site, 'operator'))
    }
    const names = namesOf(m, only(argument(frame, call, 0)))
    const hook = converting('list', '__dir__')(frame, call)
    if (names === null) return hook
    const listed = names.map((name) => m.domain.constant('str', name))
    return m.ops.newList(frame, call.site.site, listed)
  },
  divmod: converting('tuple', '__divmod__'),
  pow: converting('int', '__pow__'),
}
