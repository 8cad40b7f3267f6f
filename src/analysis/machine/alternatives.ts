// What a value may be, one after the other: where a method of the tree answers for one of several possibilities, each begins in the same state, and
// an error that one of them raises does not end the others. Where none does, nothing can end, and nothing has to be taken apart.
import { positional, type Atom, type Value } from '../domain/values.ts'
import { fork } from './frames.ts'
import type { CallSite, Frame } from './machine.ts'
import { implied } from './sites.ts'

/** Does something for each possibility. `methods`: those of the type that may run, as implicit protocols look them up. */
export function forEachAsked(frame: Frame, value: Value, methods: readonly string[], run: (atom: Atom) => void): void {
  const { atoms } = value
  const asked = (atom: Atom): boolean =>
    (atom.kind === 'instance' || atom.kind === 'class') &&
    methods.some((name) => frame.machine.ops.typeMethod(frame, atom, name) !== null)
  if (atoms.length < 2 || !atoms.some(asked)) for (const atom of atoms) run(atom)
  else
    fork(
      frame,
      atoms.map((atom) => () => (run(atom), true)),
      true,
    )
}

/** Asks each possibility for a method of its type that takes nothing, where it is an object of the tree that has it: `__hash__`, `__index__`. */
export function askMethod(frame: Frame, value: Value, name: string, site: CallSite): void {
  const { ops } = frame.machine
  forEachAsked(frame, value, [name], (atom) => {
    const method = atom.kind === 'instance' ? ops.typeMethod(frame, atom, name) : null
    if (method !== null) ops.call(frame, method, positional(), implied(site, 'operator'))
  })
}

/**
 * What each possibility gives, joined; they begin in the same state. One alone runs as it is. Of several, those that are not asked (None, where something
 * else is meant as well) give nothing.
 */
export function joinEach(
  frame: Frame,
  { atoms }: Value,
  one: (atom: Atom) => Value,
  isAsked: (atom: Atom) => boolean = () => true,
): Value {
  const { domain } = frame.machine
  const [first] = atoms
  if (first !== undefined && atoms.length === 1) return one(first)
  let out = domain.bottom
  const ways = atoms.filter(isAsked).map((atom) => () => {
    out = domain.join(out, one(atom))
    return true
  })
  fork(frame, ways, true)
  return out
}

/** Does something that runs code for each possibility: what one of several does is possible, and begins in the state in which all of them do. */
export function forEachOf(frame: Frame, value: Value, run: (atom: Atom) => void): void {
  if (value.atoms.length > 0) joinEach(frame, value, (atom) => (run(atom), frame.machine.domain.bottom))
}
