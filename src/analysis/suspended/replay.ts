// Where a generator stands: how many elements it handed out, and what its yields gave. Whoever runs it again replays that first.
// The history is state like any other: a branch that is undone takes it back.
import { fork } from '../machine/frames.ts'
import type { Frame, Machine, YieldOutcome } from '../machine/machine.ts'
import { only, type Atom, type GeneratorAtom, type Value } from '../domain/values.ts'

/** More elements than any generator has: it is at its end. */
export const FINISHED = Number.MAX_SAFE_INTEGER

/** How many elements were handed out; 0 where that is not known. */
export function handedOut(m: Machine, generator: GeneratorAtom): number {
  const taken = only(m.store.read(generator.advanced))
  return taken?.kind === 'const' && typeof taken.value === 'number' ? taken.value : 0
}

/** Runs something for each of the places where a generator may stand, when paths have left it at different ones. */
export function atEachPlace(frame: Frame, generator: GeneratorAtom, run: () => boolean): boolean {
  const m = frame.machine
  const value = m.store.read(generator.advanced)
  // on paths on which it was not made, it is not here
  const { atoms } = m.domain.withoutUnbound(value)
  if (value.atoms.length < 2 || atoms.length === 0 || !atoms.every((atom) => atom.kind === 'const')) return run()
  const from = (atom: Atom) => (): boolean => {
    m.store.write(generator.advanced, m.domain.of(atom))
    return run()
  }
  return fork(frame, atoms.map(from), atoms.length > 1)
}

/** What a yield of the past gave: the value that was sent, or an error. `index` counts yields from 0. */
export function replayed(m: Machine, generator: GeneratorAtom, index: number): YieldOutcome {
  const history = only(m.store.read(generator.sent))
  const sent = history?.kind === 'special' ? history.parts[index] : undefined
  const error = sent === undefined ? null : only(sent)
  if (error?.kind === 'special' && error.type === 'thrown')
    return { kind: 'raise', error: error.parts[0] ?? m.domain.unknown('exception') }
  return { kind: 'resume', sent: sent ?? m.domain.none }
}

/** An error that is raised at the yield where the generator waits. */
export function thrown(m: Machine, error: Value): Value {
  return m.domain.special('thrown', [error])
}

/** What a task or future came to, or what a generator returned: the value of the StopIteration that tells its end. */
export function keepResult(m: Machine, owner: Atom, value: Value): void {
  const cell = m.store.cellIn(m.results, owner, 0)
  // one handle may stand for several tasks
  m.store.write(cell, cell.value === m.domain.unbound ? value : m.domain.join(cell.value, value))
}

/** The error that says that iterators are at their end, with what they returned. */
export function stopIteration(m: Machine, iterators: readonly Atom[]): Value {
  const results = iterators.map((atom) => m.results.get(atom)).filter((cell) => cell !== undefined)
  const value = m.domain.joinAll(results.map((cell) => m.domain.withoutUnbound(m.store.read(cell))))
  return stoppedWith(m, value)
}

/** The StopIteration of a generator or coroutine that returned this. */
export function stoppedWith(m: Machine, value: Value): Value {
  const isNone = value.atoms.every((atom) => atom.kind === 'const' && atom.type === 'none')
  return isNone ? m.domain.native('StopIteration') : m.domain.special('exception', [value], ['StopIteration'])
}
