// The ways out of a block, caught before they are taken: by return, break and continue, and by errors. Who catches them decides what goes on.
// Must stay true: the frame's own targets are back in their places when the block has run.
import type { Frame, Target } from './machine.ts'

/** One way out. */
export interface CaughtWay {
  readonly way: 'left' | 'raised'
  /** where it would have gone; undefined outside of a loop */
  readonly to: Target | undefined
  /** what was caught */
  readonly caught: Target
}

export interface CaughtBlock {
  /** the block comes to its end */
  readonly ends: boolean
  readonly ways: readonly CaughtWay[]
}

/** Runs a block with every way out of it caught, relative to the state before it. */
export function catchExits(frame: Frame, block: () => boolean): CaughtBlock {
  const { returns, raises, loops, machine } = frame
  const mark = machine.store.mark()
  const fresh = (): Target => ({ mark, exits: [] })
  const inner = { returns: fresh(), raises: fresh(), breaks: fresh(), continues: fresh() }
  const around = raises.at(-1)
  const loop = loops.at(-1)
  frame.returns = inner.returns
  raises.push(inner.raises)
  if (loop !== undefined) loops[loops.length - 1] = inner
  const ends = block() && !machine.stopped
  frame.returns = returns
  raises.pop()
  if (loop !== undefined) loops[loops.length - 1] = loop
  const ways: CaughtWay[] = [
    { way: 'left', to: returns, caught: inner.returns },
    { way: 'raised', to: around, caught: inner.raises },
    { way: 'left', to: loop?.breaks, caught: inner.breaks },
    { way: 'left', to: loop?.continues, caught: inner.continues },
  ]
  return { ends, ways }
}
