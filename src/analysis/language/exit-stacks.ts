// ExitStack: what it holds leaves when the stack does, and gets the error of the block; what one of them keeps to itself ends there.
// Must stay true: whatever is held leaves exactly once, also where the block was left by an error.
import { exit, exitArguments, isSwallowed, type Exiting } from './entering.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { only, positional, type Atom, type Value } from '../domain/values.ts'

/** What an exit stack holds, by kind. */
export const STACKED: readonly string[] = ['callbacks', 'async callbacks', 'exits', 'managers', 'async managers']

/** Leaves everything that the stacks hold: callbacks run, managers exit. Answers as `__exit__` does. */
export function unwind(frame: Frame, stacks: Value, site: CallSite, leaving: Exiting): Value {
  const m = frame.machine
  const invoked = implied(site, 'invoke')
  const answers = new Set<boolean | null>()
  for (const stack of stacks.atoms) {
    if (stack.kind !== 'instance') continue
    const each = (name: string, leave: (atom: Atom) => void): void => {
      for (const held of m.ops.slot(stack, name).atoms) {
        const atom = held.kind === 'special' && held.type === 'perhaps' ? held.parts[0]?.atoms[0] : held
        if (atom === held) leave(held)
        else if (atom !== undefined) m.ops.maybe(frame, () => leave(atom))
      }
    }
    each('callbacks', (callback) => m.ops.callAtom(frame, callback, positional(), invoked))
    each('async callbacks', (callback) =>
      m.ops.await(frame, m.ops.callAtom(frame, callback, positional(), invoked), invoked),
    )
    each('exits', (callback) => {
      const target = callback.kind === 'special' ? only(callback.parts[0] ?? m.domain.bottom) : null
      const method = target === null ? null : m.ops.typeMethod(frame, target, '__exit__')
      const result = m.ops.call(frame, method ?? m.domain.of(callback), exitArguments(m, leaving), invoked)
      answers.add(isSwallowed(frame, result, site))
    })
    const leaves = (manager: Atom, async: boolean): void => {
      answers.add(isSwallowed(frame, exit(frame, manager, site, { ...leaving, async }), site))
    }
    each('managers', (manager) => leaves(manager, false))
    each('async managers', (manager) => leaves(manager, true))
    for (const name of STACKED) m.ops.setSlot(stack, name, m.domain.bottom)
  }
  if (answers.has(true)) return m.domain.true
  return answers.has(null) ? m.domain.typed('bool') : m.domain.none
}
