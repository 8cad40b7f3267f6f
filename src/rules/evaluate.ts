// From facts to findings: every rule asked once, and what belongs beside findings (entry points, what was not followed, what is incomplete).
// The order of the output does not depend on the order of the analysis.
import type { EntryFacts } from '../analysis/evidence/facts.ts'
import type { EntryPoint, Incomplete, NotFollowed, RawFinding } from '../findings/model.ts'
import type { SyntaxProblem } from '../ir/model.ts'
import type { Profile } from '../profiles/model.ts'
import type { Program } from '../program/program.ts'
import { uncheckedServices, unregisteredModels } from './advice.ts'
import { databaseFindings, severityOf, type RuleContext } from './database.ts'
import { missingEntries, suppressionFindings, suppressPlain, unregisteredHooks } from './modules.ts'
import { rangeOf, textOf } from './places.ts'
import { withoutReentry } from './reentry.ts'

export interface Evaluation {
  readonly findings: readonly RawFinding[]
  readonly notFollowed: readonly NotFollowed[]
  readonly incomplete: readonly Incomplete[]
  readonly entryPoints: readonly EntryPoint[]
}

export interface Evaluated {
  readonly program: Program
  readonly profiles: readonly Profile[]
  /** files in which entry points were looked for */
  readonly files: readonly string[]
  /** folder of a module → the file that its manifest names */
  readonly manifests: ReadonlyMap<string, string>
  readonly facts: readonly EntryFacts[]
  /** facts of second-phase functions */
  readonly advisory: readonly EntryFacts[]
  readonly context: RuleContext
}

export function evaluate(input: Evaluated): Evaluation {
  const { program, facts, context } = input
  const reported = withoutReentry(facts.filter((f) => f.found || f.request.qualname === null))
  const raw = [
    ...reported.flatMap((f) => databaseFindings(f, context)),
    ...missingEntries(input),
    ...unregisteredHooks(program, facts, input.advisory, context),
    ...unregisteredModels(program, facts, context),
    ...uncheckedServices(program, facts, context),
  ]
  const plain = suppressPlain(program, raw)
  const findings = inOrder([
    ...plain.findings,
    ...suppressionFindings(program, [...facts, ...input.advisory], plain.used, context),
  ])
  const incomplete = incompleteness(program, reported)
  const working = new Set(
    findings.flatMap((f) => (f.operations.length > 0 && f.suppression === null ? [f.entryPoint] : [])),
  )
  const partial = new Set(incomplete.flatMap((i) => i.entryPoints))
  return {
    findings,
    notFollowed: notFollowedOf(reported, context),
    incomplete,
    entryPoints: byId(reported.map((f) => entryPointOf(f, working, partial))),
  }
}

function placeOf(f: RawFinding): string {
  return `${f.entryPoint}|${f.location.file}|${String(f.location.line).padStart(8, '0')}|${f.rule}|${f.workFunction}`
}

/** An evaluation of some entry points and the part of an earlier one that is about others, as one evaluation of all of them. */
export function joined(found: Evaluation, rest: Evaluation): Evaluation {
  return {
    findings: inOrder([...rest.findings, ...found.findings]),
    notFollowed: byLine(
      [...rest.notFollowed, ...found.notFollowed].toSorted((a, b) =>
        a.entryPoint < b.entryPoint ? -1 : a.entryPoint > b.entryPoint ? 1 : 0,
      ),
    ),
    incomplete: byLine([...rest.incomplete, ...found.incomplete]),
    entryPoints: byId([...rest.entryPoints, ...found.entryPoints]),
  }
}

function byId(entryPoints: readonly EntryPoint[]): EntryPoint[] {
  return entryPoints.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

function byLine<T extends { readonly file: string; readonly line: number }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
}

/** By entry point, then by place. */
function inOrder(findings: readonly RawFinding[]): RawFinding[] {
  const places = new Map(findings.map((f) => [f, placeOf(f)]))
  const placed = (f: RawFinding): string => places.get(f) ?? ''
  return findings.toSorted((a, b) => (placed(a) < placed(b) ? -1 : placed(a) > placed(b) ? 1 : 0))
}

function notFollowedOf(facts: readonly EntryFacts[], context: RuleContext): NotFollowed[] {
  if (severityOf(context, 'not-followed') === 'off') return []
  const out = new Map<string, NotFollowed>()
  for (const f of facts) {
    for (const unknown of f.unknowns) {
      const place = rangeOf(unknown.site)
      out.set(`${place.file}:${place.line}:${place.column}:${f.request.id}:${unknown.reason}`, {
        file: place.file,
        line: place.line,
        entryPoint: f.request.id,
        text: textOf(unknown.site),
        reason: unknown.reason,
      })
    }
  }
  return byLine([...out.values()])
}

type Trouble = Pick<Incomplete, 'file' | 'line' | 'reason' | 'message'>

/** Files that took part and could not be read or parsed, and budgets that ran out. */
function incompleteness(program: Program, facts: readonly EntryFacts[]): Incomplete[] {
  const out = new Map<string, Trouble & { readonly entryPoints: Set<string> }>()
  const add = (f: EntryFacts, { file, line, reason, message }: Trouble): void => {
    const key = `${file}:${line}:${reason}`
    const known = out.get(key)
    if (known === undefined) out.set(key, { file, line, reason, message, entryPoints: new Set([f.request.id]) })
    else known.entryPoints.add(f.request.id)
  }
  const problems = new Map<string, readonly SyntaxProblem[]>()
  const problemsIn = (file: string): readonly SyntaxProblem[] => {
    const known = problems.get(file) ?? program.modules.get(file)?.ir.problems ?? []
    problems.set(file, known)
    return known
  }
  for (const f of facts) {
    for (const file of new Set([...f.files, f.request.file]))
      for (const problem of problemsIn(file)) add(f, { file, ...problem })
    for (const file of new Set([...f.unread, f.request.file])) {
      const missing = program.unreadable.get(file)
      if (missing !== undefined) add(f, { file, line: 1, ...missing })
    }
    if (f.exhausted !== null)
      add(f, {
        file: f.request.file,
        line: f.definition === null ? 1 : rangeOf(f.definition).line,
        reason: 'budget',
        message: `the analysis stopped at its budget of ${f.exhausted}`,
      })
  }
  return byLine(
    [...out.values()].map(({ file, line, reason, message, entryPoints }) => {
      const sorted = [...entryPoints].toSorted()
      return { file, line, reason, message, entryPoints: sorted, decides: true }
    }),
  )
}

/** `working`: ids with findings that are not suppressed; `partial`: ids of what is incomplete. */
function entryPointOf(f: EntryFacts, working: ReadonlySet<string>, partial: ReadonlySet<string>): EntryPoint {
  const { id, file, qualname, profile } = f.request
  return {
    id,
    file,
    line: f.definition === null ? 1 : rangeOf(f.definition).line,
    name: qualname ?? file,
    profile,
    state: partial.has(id) ? 'incomplete' : working.has(id) ? 'finding' : 'clean',
    calls: f.calls,
  }
}
