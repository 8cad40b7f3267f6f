// One sentence or two per finding: what runs, where it starts, through what. Reports put the trace and the reasons around it.
// Untrusted text (names, code) appears between backticks only; renderers escape it for their medium.
import type { Guard, Operation, RuleId, TraceStep } from '../findings/model.ts'
import type { Profile } from '../profiles/model.ts'

export interface MessageFacts {
  readonly rule: RuleId
  readonly entryPoint: string
  readonly profile: Profile | null
  readonly operations: readonly Operation[]
  readonly trace: readonly TraceStep[]
  readonly guards: readonly Guard[]
  readonly workFunction: string
  readonly built: string | null
  readonly hook: string | null
}

const NOUN: Readonly<Record<Operation['kind'], string>> = {
  query: 'a database query',
  session: 'a database session',
  connection: 'a database connection',
  model: 'a model operation',
  schema: 'a schema operation',
  migration: 'a migration',
  transaction: 'a transaction',
}

function entryName(id: string): string {
  const [file = '', name] = id.split('::')
  return name === undefined ? `the import of \`${file}\`` : `\`${name}\``
}

/** How the work is reached, for people: `ShopService.__init__ → Repo.load`. A decorator that only leads to the entry point itself is left out. */
function path(trace: readonly TraceStep[], entryPoint: string): string {
  const names = trace.map((step) => step.callee.split(/[.:]+/).slice(-2).join('.'))
  if (trace[0]?.kind === 'decorator' && names.length > 1 && entryPoint.endsWith(`::${names[0]}`)) names.shift()
  const shown = names.length > 4 ? [...names.slice(0, 2), '…', ...names.slice(-1)] : names
  return shown.map((name) => `\`${name}\``).join(' → ')
}

/** What stands before a quoted condition in a list of them. A handler's condition is the `try` that it belongs to. */
export function guardWords({ text }: Guard, before: Guard | undefined): string {
  if (text === 'try') return 'after an error in the '
  return before === undefined || before.text === 'try' ? 'under ' : ''
}

/** Conditions are quoted: they change whether it runs, not when. */
function conditions(guards: readonly Guard[]): string {
  if (guards.length === 0) return ''
  const shown = guards.slice(0, LISTED_GUARDS)
  const quoted = shown.map((guard, at) => `${guardWords(guard, shown[at - 1])}\`${guard.text}\``)
  const more = guards.length > LISTED_GUARDS ? ` and ${guards.length - LISTED_GUARDS} more` : ''
  const off = guards.some(({ lowers }) => lowers) ? ', which is not so by default' : ''
  return ` It runs only ${quoted.join(', ')}${more}${off}.`
}

const LISTED_GUARDS = 3

export function databaseMessage(facts: MessageFacts): string {
  const first = facts.operations[0]
  if (first === undefined) return ''
  const more = facts.operations.length > 1 ? ` (and ${facts.operations.length - 1} more in the same function)` : ''
  const through = facts.trace.length === 0 ? '' : `, reached through ${path(facts.trace, facts.entryPoint)}`
  const built = facts.built === null ? '' : ` The value was built by \`${facts.built}\`.`
  const ending = `${built}${conditions(facts.guards)}`
  const phase = facts.profile?.phase ?? 'Phase 1'
  const what = `\`${first.text}\` is ${NOUN[first.kind]}${more}`
  switch (facts.rule) {
    case 'database-at-import':
      return `${what}, and it runs before any phase, while \`${facts.entryPoint.split('::')[0]}\` is imported${through}.${ending}`
    case 'database-scheduled-in-phase-1':
      return `${what}, started by ${entryName(facts.entryPoint)} during ${phase} and left to run on its own${through}.${ending}`
    case 'hook-called-not-passed':
      return `${what}. It runs now, during ${phase}, because \`${facts.hook ?? 'the registration'}\` gets the result of a call instead of the function${through}.${ending}`
    default:
      return `${what}, and it runs while ${entryName(facts.entryPoint)} runs during ${phase}${through}.${ending}`
  }
}
