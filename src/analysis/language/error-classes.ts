// Which errors a handler catches: classes of the tree by their bases, builtin ones by Python's hierarchy, groups part by part.
// What is not known to be caught, and not known not to be, is open.
import { PARENTS } from './exception-hierarchy.ts'
import type { Machine } from '../machine/machine.ts'
import type { Atom, Value } from '../domain/values.ts'

/** Whether a handler (or `suppress`) for these classes catches what was raised; without classes it does. Null when that is open. */
export function catches(m: Machine, error: Value, classes: Value | null): boolean | null {
  if (classes === null) return true
  const types = m.ops.flatten(classes)
  const answers = new Set(error.atoms.map((atom) => atomMatches(m, atom, types)))
  const [answer = null] = answers
  // some of what was raised is caught and some is not
  return answers.size === 1 ? answer : null
}

/** Whether `except*` with these classes gets a part of what was raised. */
export function catchesPart(m: Machine, error: Value, classes: Value | null): boolean | null {
  let result: boolean | null = false
  for (const atom of error.atoms) {
    const parts = membersOf(atom) ?? [atom]
    const found = parts.map((part) => catches(m, m.domain.of(part), classes))
    if (found.includes(true)) result = true
    else if (found.includes(null) || found.length === 0) return null
  }
  return result
}

/** What is left for those around when `except*` with these classes took its part; a group that is not known stays whole. */
export function leftBy(m: Machine, error: Value, classes: Value | null): Value {
  return m.domain.joinAll(
    error.atoms.map((atom) => {
      const members = membersOf(atom)
      const isCaught = (part: Atom): boolean => catches(m, m.domain.of(part), classes) === true
      if (members === null) return isCaught(atom) ? m.domain.bottom : m.domain.of(atom)
      const left = members.filter((part) => !isCaught(part))
      if (atom.kind !== 'special' || left.length === members.length) return m.domain.of(atom)
      const message = atom.parts.slice(0, 1)
      return left.length === 0
        ? m.domain.bottom
        : m.domain.special(atom.type, [...message, ...left.map((part) => m.domain.of(part))], atom.names)
    }),
  )
}

/** Errors as a task group passes them on. */
export function grouped(m: Machine, error: Value): Value {
  const message = m.domain.typed('str')
  return m.domain.joinAll(
    error.atoms.map((atom) => m.domain.special('exception', [message, m.domain.of(atom)], ['ExceptionGroup'])),
  )
}

/** The errors in a group; null for what is none. */
function membersOf(error: Atom): readonly Atom[] | null {
  return error.kind === 'special' && error.type === 'exception' && GROUPS.has(error.names[0] ?? '')
    ? error.parts.slice(1).flatMap((part) => part.atoms)
    : null
}
const GROUPS: ReadonlySet<string> = new Set(['ExceptionGroup', 'BaseExceptionGroup'])

function atomMatches(m: Machine, error: Atom, types: readonly Atom[]): boolean | null {
  if (types.length === 0) return false
  const lineage = exceptionLineage(m, error)
  if (lineage === null)
    return types.some((t) => t.kind === 'native' && (t.name === 'Exception' || t.name === 'BaseException'))
      ? true
      : null
  for (const type of types) {
    if (type.kind === 'native' && lineage.has(type.name)) return true
    if (type.kind === 'class' && lineage.has(type)) return true
    const path = libraryClass(type)
    if (path !== null && lineage.has(path)) return true
    if (type.kind !== 'native' && type.kind !== 'class' && path === null) return null
  }
  return false
}

/** Builtin exception names and in-tree classes that an error is an instance of; null when that is not known. */
function exceptionLineage(m: Machine, error: Atom): ReadonlySet<string | Atom> | null {
  const out = new Set<string | Atom>()
  const visit = (atom: Atom): boolean => {
    if (atom.kind === 'native') {
      for (let name: string | undefined = atom.name; name !== undefined; name = PARENTS.get(name)) out.add(name)
      return PARENTS.has(atom.name) || atom.name === 'BaseException'
    }
    if (atom.kind === 'class') {
      out.add(atom)
      return atom.mro.every((base) => base === atom || visit(base))
    }
    const path = libraryClass(atom)
    if (path !== null) {
      out.add(path)
      return visit(m.domain.native(PARENTS.get(path) ?? '').atoms[0] ?? atom)
    }
    const cls = m.ops.classOf(atom)
    if (cls !== null) return visit(cls)
    if (atom.kind === 'special' && atom.type === 'exception')
      return visit(m.domain.native(atom.names[0] ?? 'Exception').atoms[0] ?? atom)
    return false
  }
  return visit(error) ? out : null
}

/** The access path of an exception of Python's library whose parent is known, of the class itself or of an object of it. */
function libraryClass(atom: Atom): string | null {
  const path = atom.kind === 'external' ? atom.path : atom.kind === 'instance' ? atom.ext : null
  const name = path?.replace(/\(\)$/, '') ?? null
  return name !== null && PARENTS.has(name) ? name : null
}
