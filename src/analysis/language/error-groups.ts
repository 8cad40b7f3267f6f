// Groups of errors: what each `except*` of a `try` takes of what was raised, and what a task group makes of its tasks' errors.
// Must stay true: a group whose parts are not known stays whole, and every `except*` may get something of it.
import { catches } from './error-classes.ts'
import type { Machine } from '../machine/machine.ts'
import type { Atom, Value } from '../domain/values.ts'

const GROUPS: ReadonlySet<string> = new Set(['ExceptionGroup', 'BaseExceptionGroup'])

/** What one `except*` does with one error: whether it gets something of it (null: that is open), what it gets, and what is left for the next. */
export interface Split {
  readonly answer: boolean | null
  readonly taken: Value
  readonly left: Value
}

/** What `except*` with these classes takes of an error. */
export function split(m: Machine, error: Atom, classes: Value | null): Split {
  const members = membersOf(error)
  const parts = members ?? [error]
  const answers = new Map(parts.map((part) => [part, catches(m, m.domain.of(part), classes)]))
  const found = new Set(answers.values())
  const answer = found.has(true) ? true : found.has(null) || parts.length === 0 ? null : false
  const whole = (keep: (part: Atom) => boolean): Value =>
    regrouped(
      m,
      error,
      parts.filter((part) => keep(part)),
    )
  return {
    answer,
    taken: members === null ? grouped(m, m.domain.of(error)) : whole((part) => answers.get(part) !== false),
    left: parts.length === 0 ? m.domain.of(error) : whole((part) => answers.get(part) !== true),
  }
}

/** The group with these of its parts: the same one where it keeps all of them, nothing where it keeps none. */
function regrouped(m: Machine, error: Atom, parts: readonly Atom[]): Value {
  if (parts.length === 0) return m.domain.bottom
  if (error.kind !== 'special' || parts.length === (membersOf(error)?.length ?? 1)) return m.domain.of(error)
  const message = error.parts.slice(0, 1)
  return m.domain.special(error.type, [...message, ...parts.map((part) => m.domain.of(part))], error.names)
}

/** Errors as a task group passes them on, each in a group of its own. */
export function grouped(m: Machine, error: Value): Value {
  return m.domain.joinAll(error.atoms.map((atom) => groupOf(m, [m.domain.of(atom)])))
}

/** One group of several errors, as those that are raised by `except*` leave together. */
export function groupOf(m: Machine, errors: readonly Value[]): Value {
  return m.domain.special('exception', [m.domain.typed('str'), ...errors], ['ExceptionGroup'])
}

/** The errors in a group and in the groups in it; null for what is none. */
function membersOf(error: Atom): readonly Atom[] | null {
  if (error.kind !== 'special' || error.type !== 'exception' || !GROUPS.has(error.names[0] ?? '')) return null
  return error.parts.slice(1).flatMap((part) => part.atoms.flatMap((atom) => membersOf(atom) ?? [atom]))
}
