// A consumer that leaves its loop has left before the generator cleans up. What the cleanup does belongs to the ways by which it left: what it starts,
// what it waits for, and what it writes.
import { mergeDetached } from '../machine/summaries.ts'
import type { Frame, Machine, Target } from '../machine/machine.ts'
import type { GeneratorAtom } from '../domain/values.ts'

/** One of the exits that wait at a target. */
export interface Departure {
  readonly target: Target
  readonly index: number
}

/** Runs the consumer of a generator; answers with what it said and the ways by which it left. */
export function departing<T>(m: Machine, consume: () => T): { readonly outcome: T; readonly departures: Departure[] } {
  const around = m.departures
  const departures: Departure[] = []
  m.departures = departures
  const outcome = consume()
  m.departures = around
  around?.push(...departures)
  return { outcome, departures }
}

/** Runs a cleanup of a generator whose consumer has left. */
export function cleaningUp(frame: Frame, generator: GeneratorAtom | undefined, cleanup: () => void): void {
  const m = frame.machine
  const mark = m.store.mark()
  const before = m.detached
  cleanup()
  if (frame.departures.length === 0) return
  // one that still has a name is cleaned up when that goes away, and what it writes is not seen before
  const written = generator === undefined || hasName(m, generator) ? new Map() : m.store.collect(mark)
  for (const { target, index } of frame.departures) {
    const exit = target.exits[index]
    if (exit === undefined) continue
    const going = exit.detached.filter((task) => !before.includes(task) || m.detached.includes(task))
    const begun = m.detached.filter((task) => !before.includes(task))
    const delta = new Map([...exit.delta, ...written])
    target.exits[index] = { ...exit, delta, detached: mergeDetached(going, begun) }
  }
}

/** A variable, attribute or element holds the generator. */
function hasName(m: Machine, generator: GeneratorAtom): boolean {
  return m.store.written().some((cell) => cell.value.atoms.includes(generator))
}
