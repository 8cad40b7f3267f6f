// Members of classes along the method resolution order: raw, no descriptor runs.
// A base from a library is not looked into here: who needs its members asks the catalogue.
import type { Expr } from '../../ir/model.ts'
import type { Atom, ClassAtom, InstanceAtom, Value } from '../domain/values.ts'
import type { Machine } from '../machine/machine.ts'

/** Through what a member of a class is read. */
export interface Receiver {
  /** null: the class itself is asked */
  readonly self: Atom | null
  /** where the look-up on the type begins: the object's class, or what `__class__` was set to */
  readonly cls: ClassAtom
}

/** An object through which a member of its class is read. */
export interface ObjectReceiver extends Receiver {
  readonly self: Atom
}

/** An attribute of an instance, as it is read. */
export interface InstanceRead extends ObjectReceiver {
  readonly self: InstanceAtom
  readonly name: string
  /** `object.__getattribute__` itself was called: no `__getattr__` is asked, its caller gets the AttributeError */
  readonly alone?: boolean
}

/** C3 linearisation (The Python 2.3 Method Resolution Order, python.org); contradictory bases fall back to depth first without repeats. */
export function linearise(bases: readonly Atom[]): Atom[] {
  const sequences: Atom[][] = [...bases.map((b) => (b.kind === 'class' ? [...b.mro] : [b])), [...bases]]
  const out: Atom[] = []
  while (sequences.some((s) => s.length > 0)) {
    const heads = sequences.filter((s) => s.length > 0).map((s) => s[0])
    const head = heads.find((h) => !sequences.some((s) => s.indexOf(h as Atom) > 0))
    if (head === undefined) {
      for (const rest of sequences.flat()) if (!out.includes(rest)) out.push(rest)
      return out
    }
    out.push(head)
    for (const s of sequences) if (s[0] === head) s.shift()
  }
  return out
}

/** The raw attribute of a class along its method resolution order (no descriptor runs), or null. External bases end the search with null. */
export function classMember(m: Machine, cls: ClassAtom, name: string): Value | null {
  for (const base of cls.mro) {
    if (base.kind !== 'class') continue
    const cell = base.fields.get(name)
    // a name that is not bound now but was or will be is a fact, too
    if (cell === undefined || m.store.read(cell) === m.domain.unbound) continue
    return m.domain.withoutUnbound(cell.value)
  }
  return null
}

/** The attribute that comes after `start` in the receiver's method resolution order: what `super()` finds. */
export function memberAfter(m: Machine, receiver: ClassAtom, start: ClassAtom, name: string): Value | null {
  const from = receiver.mro.indexOf(start)
  for (const base of receiver.mro.slice(from + 1)) {
    if (base.kind !== 'class') continue
    const cell = base.fields.get(name)
    if (cell === undefined || cell.value === m.domain.unbound) continue
    return m.domain.withoutUnbound(m.store.read(cell))
  }
  return null
}

/** A member as it is called with all that its function gets: of what the decorator wraps, the function. */
export function unwrapped(m: Machine, member: Value, decorator: 'staticmethod' | 'classmethod'): Value {
  return m.domain.joinAll(
    member.atoms.map((atom) => {
      const inner = atom.kind === 'special' && atom.type === decorator ? atom.parts[0] : undefined
      return inner ?? m.domain.of(atom)
    }),
  )
}

/** Names of annotated fields of a class body in order, with the class they belong to (bases first). */
export function annotatedFields(
  cls: ClassAtom,
): { readonly name: string; readonly annotation: Expr; readonly value: Expr | null; readonly owner: ClassAtom }[] {
  const out = new Map<string, { name: string; annotation: Expr; value: Expr | null; owner: ClassAtom }>()
  for (const base of cls.mro.toReversed()) {
    if (base.kind !== 'class') continue
    for (const s of base.cls.body)
      if (s.k === 'ann' && s.target.k === 'name' && !isOfClass(s.annotation))
        out.set(s.target.id, { name: s.target.id, annotation: s.annotation, value: s.x, owner: base })
  }
  return [...out.values()]
}

/** Names of the fields in order: annotated ones, then those that are only assigned a field description. */
export function fieldNames(m: Machine, cls: ClassAtom): string[] {
  const names = annotatedFields(cls).map((f) => f.name)
  for (const base of cls.mro.toReversed()) {
    if (base.kind !== 'class') continue
    for (const [name, cell] of base.fields)
      if (!names.includes(name) && m.store.read(cell).atoms.some((a) => a.kind === 'special' && a.type === 'field'))
        names.push(name)
  }
  return names
}

/** `ClassVar[T]`: an attribute of the class, no field. */
function isOfClass(x: Expr): boolean {
  if (x.k === 'sub') return isOfClass(x.o)
  if (x.k === 'const') return /^(?:\w+\.)?ClassVar\b/.test(String(x.v))
  return (x.k === 'name' && x.id === 'ClassVar') || (x.k === 'attr' && x.n === 'ClassVar')
}

/** The member under which a class keeps its direct subclasses: no name that Python code can write. */
export const SUBCLASSES = '__subclasses'

/** `Base.__subclasses__()` knows every class that was made of it. */
export function noteSubclass(m: Machine, cls: ClassAtom): void {
  for (const base of cls.bases) {
    if (base.kind !== 'class') continue
    let cell = base.fields.get(SUBCLASSES)
    if (cell === undefined) {
      cell = m.store.cell(m.domain.bottom, 0)
      base.fields.set(SUBCLASSES, cell)
    }
    m.store.weaken(cell, m.domain.of(cls))
  }
}
