// `except*`: each handler takes its part of what was raised, one after the other, and all of them run whatever the others raise. What they raise and
// what none of them took leaves together, as one group, when all have had their turn.
import { fork, settle } from '../machine/frames.ts'
import { started } from '../suspended/detached.ts'
import { groupOf, split } from './error-groups.ts'
import { raise, runHandler, type Arm, type Try, type TryState } from './raising.ts'
import type { Exit, Frame, Target } from '../machine/machine.ts'
import type { Atom, Value } from '../domain/values.ts'

/** Errors that go the same way through the handlers. */
interface Course {
  readonly exits: Exit[]
  /** of each handler: whether it gets something (null: that is open), and what */
  readonly turns: readonly { readonly answer: boolean | null; taken: Value }[]
  /** what no handler is known to take */
  left: Value
}

/** The ways through all handlers, one for all errors that meet the same of them, and one for errors that nobody knows. */
export function groupArms(frame: Frame, s: Try, state: TryState): Arm[] {
  const m = frame.machine
  const classes = s.handlers.map(({ type }) => (type === null ? null : m.ops.evaluate(frame, type)))
  const courses = new Map<string, Course>()
  for (const exit of state.explicit)
    for (const error of exit.value.atoms) {
      const fresh = courseOf(frame, exit, error, classes)
      const key = `${fresh.turns.map(({ answer }) => answer).join()} ${fresh.left.atoms.length > 0}`
      const known = courses.get(key)
      if (known === undefined) courses.set(key, fresh)
      else {
        if (!known.exits.includes(exit)) known.exits.push(exit)
        known.turns.forEach((turn, i) => (turn.taken = m.domain.join(turn.taken, fresh.turns[i]?.taken ?? turn.taken)))
        known.left = m.domain.join(known.left, fresh.left)
      }
    }
  const arms = [...courses.values()].map((course): Arm => {
    const takes = course.turns.every(({ answer }) => answer !== null)
    return {
      // the body always raises, and always what goes this way
      must: state.completed === null && courses.size === 1 && takes,
      sure: course.turns.some(({ answer }) => answer === true) && course.left.atoms.length === 0,
      run: () => {
        m.store.applyJoin(course.exits.map((exit) => exit.delta))
        m.detached = started(course.exits, null)
        return through(frame, s, course, state.yielded)
      },
    }
  })
  const { ever, explicit } = state
  const isOpen = explicit.some(({ value }) => value.atoms.length === 0)
  if (ever === null && !isOpen) return arms
  const error = m.domain.unknown('exception')
  const turns = s.handlers.map(() => ({ answer: null, taken: error }))
  const run = (): boolean => {
    const exits = explicit.filter(({ value }) => value.atoms.length === 0)
    m.store.applyJoin([...exits.map((exit) => exit.delta), ...(ever === null ? [] : [ever])])
    m.detached = started(exits, ever === null ? null : state.detached)
    return through(frame, s, { exits, turns, left: m.domain.bottom }, state.yielded)
  }
  return [...arms, { must: false, sure: false, run }]
}

function courseOf(frame: Frame, exit: Exit, error: Atom, classes: readonly (Value | null)[]): Course {
  const m = frame.machine
  let rest = m.domain.of(error)
  const turns = classes.map((types) => {
    const parts = rest.atoms.map((atom) => split(m, atom, types))
    rest = m.domain.joinAll(parts.map(({ left }) => left))
    const answer = parts[0]?.answer ?? (parts.length === 0 ? false : null)
    return { answer, taken: m.domain.joinAll(parts.map(({ taken }) => taken)) }
  })
  return { exits: [exit], turns, left: rest }
}

/** Runs the handlers that get something, in order. Returns whether control reaches the end of the statement. */
function through(frame: Frame, s: Try, { turns, left }: Course, yielded: boolean): boolean {
  const fresh: Leaver[] = []
  // what is raised again joins what nobody took
  let again: Leaver = { error: left, sure: left.atoms.length > 0 }
  for (const [i, { answer, taken }] of turns.entries()) {
    const handler = s.handlers[i]
    if (handler === undefined || answer === false) continue
    const taking = (): boolean => {
      const { ends, goesOn, raised } = shielded(frame, () => runHandler(frame, handler, taken))
      const sure = answer === true && !ends
      for (const error of raised)
        if (error === taken) again = { error: merged(frame, again.error, error), sure: again.sure || sure }
        else fresh.push({ error, sure: sure && raised.length === 1 })
      return goesOn
    }
    if (!(answer === true ? taking() : fork(frame, [taking, () => true], true))) return false
  }
  const leavers = again.error.atoms.length > 0 ? [...fresh, again] : fresh
  if (leavers.length > 0) raise(frame, leaving(frame, leavers))
  const leaves = leavers.some(({ sure }) => sure)
  if (yielded && !leaves) frame.absorbs = true
  return !leaves
}

/** An error that leaves the statement. */
interface Leaver {
  readonly error: Value
  /** it does so whenever the errors of the body go this way */
  readonly sure: boolean
}

function merged(frame: Frame, left: Value, error: Value): Value {
  return left.atoms.length === 0 ? error : groupOf(frame.machine, [left, error])
}

/** As what errors leave: one by itself, several in a group. Where not all of them are sure, either may happen. */
function leaving(frame: Frame, leavers: readonly Leaver[]): Value {
  const { domain } = frame.machine
  const errors = leavers.map(({ error }) => error)
  const [first] = errors
  if (errors.length === 1 && first !== undefined) return first
  const group = groupOf(frame.machine, errors)
  const sure = leavers.filter((leaver) => leaver.sure)
  if (sure.length === leavers.length) return group
  const single = sure.length > 1 ? [] : sure.length === 1 ? sure : leavers
  return domain.joinAll([group, ...single.map(({ error }) => error)])
}

/** Runs a handler whose errors wait until all handlers have had their turn: control goes on after it either way. */
function shielded(
  frame: Frame,
  run: () => boolean,
): { readonly ends: boolean; readonly goesOn: boolean; readonly raised: readonly Value[] } {
  const m = frame.machine
  const target: Target = { mark: m.store.mark(), exits: [] }
  frame.raises.push(target)
  const ends = run() && !m.stopped
  frame.raises.pop()
  const raised = target.exits.map(({ value }) => value)
  return { ends, goesOn: settle(m, target, ends), raised }
}
