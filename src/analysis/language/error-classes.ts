// Which errors a handler catches: classes of the tree by their bases, builtin ones by Python's hierarchy.
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
