// The three database rules and hook-called-not-passed: operations grouped by the function in which they stand.
// One finding per (rule, entry point, function); its trace leads to its first operation.
import type { EntryFacts, HookCalledFact, OperationFact } from '../analysis/evidence/facts.ts'
import type { ModuleInfo, Site } from '../analysis/domain/values.ts'
import type { ClassIr, FunctionIr } from '../ir/model.ts'
import { fingerprintOf } from '../findings/fingerprint.ts'
import type {
  Confidence,
  Guard,
  Operation,
  OperationKindName,
  Phase,
  RawFinding,
  RuleId,
  Severity,
  TraceStep,
} from '../findings/model.ts'
import { definitionIn } from '../ir/lookup.ts'
import type { Profile } from '../profiles/model.ts'
import { bodyHash } from './bodies.ts'
import { databaseMessage } from './messages.ts'
import { RULES } from './metadata.ts'
import { dottedName, headerEnd, rangeOf, textOf } from './places.ts'

export type RuleSeverity = Severity | 'off'
export interface RuleContext {
  readonly profileOf: (id: string) => Profile | null
  readonly severities: Readonly<Partial<Record<RuleId, RuleSeverity>>>
  readonly fingerprint: typeof fingerprintOf
  /** What was made under this name before, if it was made of these very parts (objects that never change); `make` otherwise. */
  readonly madeOf: <T>(name: string, parts: readonly object[], make: () => T) => T
}

/** What the rules of one review have in common. Its trees have most findings in common, so each fingerprint is computed once. */
export function createRuleContext({
  profileOf,
  severities,
}: Pick<RuleContext, 'profileOf' | 'severities'>): RuleContext {
  const known = new Map<string, string>()
  const made = new Map<string, { readonly parts: readonly object[]; readonly value: unknown }>()
  return {
    profileOf,
    severities,
    fingerprint: (rule, entryPoint, workFunction) => {
      const key = `${rule}\0${entryPoint}\0${workFunction}`
      const fingerprint = known.get(key) ?? fingerprintOf(rule, entryPoint, workFunction)
      known.set(key, fingerprint)
      return fingerprint
    },
    madeOf: <T>(name: string, parts: readonly object[], make: () => T): T => {
      const before = made.get(name)
      if (before?.parts.length === parts.length && parts.every((part, at) => part === before.parts[at]))
        return before.value as T
      const value = make()
      made.set(name, { parts, value })
      return value
    },
  }
}

const RULE_OF: Readonly<Record<Phase, RuleId>> = {
  'phase-1': 'database-in-phase-1',
  import: 'database-at-import',
  scheduled: 'database-scheduled-in-phase-1',
}

export function severityOf(context: RuleContext, rule: RuleId): RuleSeverity {
  return context.severities[rule] ?? RULES[rule].defaultSeverity
}

/** Findings of one entry point. Import-time work belongs to the module body's own entry. */
export function databaseFindings(facts: EntryFacts, context: RuleContext): RawFinding[] {
  const body = facts.request.qualname === null
  const groups = new Map<string, { rule: RuleId; facts: OperationFact[]; hidden: boolean; hook: Site | null }>()
  const add = (fact: OperationFact, hidden: boolean): void => {
    if ((fact.phase === 'import') !== body && fact.phase !== 'scheduled') return
    const hook = hookOf(facts, fact)
    const rule = hook === null ? RULE_OF[fact.phase] : 'hook-called-not-passed'
    const key = `${rule}|${fact.site.module.file}::${fact.function}|${hidden}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { rule, facts: [fact], hidden, hook })
    else group.facts.push(fact)
  }
  for (const fact of facts.operations) add(fact, false)
  for (const fact of facts.hidden) add(fact, true)
  const out: RawFinding[] = []
  for (const group of groups.values()) {
    // a finding is suppressed only if nothing of it remains
    if (group.hidden && out.some((f) => f.rule === group.rule && f.workFunction === workFunctionOf(group.facts[0])))
      continue
    const finding = findingOf(facts, group, context)
    if (finding !== null) out.push(finding)
  }
  return [...out, ...hooksCalledWithoutWork(facts, out, context)]
}

function workFunctionOf(fact: OperationFact | undefined): string {
  return fact === undefined ? '' : `${fact.site.module.file}::${fact.function}`
}

/** The registration whose argument was called by mistake on the way to this operation. */
function hookOf(facts: EntryFacts, fact: OperationFact): Site | null {
  for (const hook of facts.hooksCalled) {
    const inside = (site: Site): boolean =>
      site.module === hook.argument.module && site.p >= hook.argument.p && site.e <= hook.argument.e
    if (fact.trace.some((step) => inside(step.site)) || (fact.trace.length === 0 && inside(fact.site))) return hook.site
  }
  return null
}

/** Plain calls whose result is not callable and coroutines that nobody can call: an error also where no database work was seen. */
function hooksCalledWithoutWork(facts: EntryFacts, found: readonly RawFinding[], context: RuleContext): RawFinding[] {
  const severity = severityOf(context, 'hook-called-not-passed')
  if (severity === 'off') return []
  const out: RawFinding[] = []
  for (const hook of facts.hooksCalled) {
    const place = rangeOf(hook.argument)
    const known = found.some(
      (f) =>
        f.rule === 'hook-called-not-passed' &&
        f.trace.some((step) => step.file === place.file && step.line >= place.line && step.line <= place.endLine),
    )
    if (known) continue
    const workFunction = `${place.file}::${facts.request.qualname ?? ''}`
    if (out.some((f) => f.workFunction === workFunction)) continue
    out.push({
      rule: 'hook-called-not-passed',
      severity,
      confidence: 'high',
      fingerprint: context.fingerprint('hook-called-not-passed', facts.request.id, workFunction),
      phase: null,
      entryPoint: facts.request.id,
      message: `${hook.symbol.slice(hook.symbol.lastIndexOf('.') + 1)}() gets the result of ${calledText(hook)}, which nobody can call later. Pass the function itself, without calling it.`,
      advice: RULES['hook-called-not-passed'].fix,
      operations: [],
      trace: [],
      guards: [],
      location: place,
      suppression: null,
      workFunction,
      bodyHash: '',
      causes: [rangeOf(hook.site)],
    })
  }
  return out
}

/** The call whose result is registered; where it is written elsewhere, the argument is the registration itself. */
function calledText({ site, argument }: HookCalledFact): string {
  return argument.p === site.p && argument.e === site.e ? 'a call' : `\`${textOf(argument)}\``
}

interface Group {
  readonly rule: RuleId
  readonly facts: readonly OperationFact[]
  readonly hidden: boolean
  readonly hook: Site | null
}

function findingOf(facts: EntryFacts, group: Group, context: RuleContext): RawFinding | null {
  const configured = severityOf(context, group.rule)
  if (configured === 'off') return null
  const ordered = group.facts.toSorted((a, b) => a.site.p - b.site.p || a.site.e - b.site.e)
  const first = ordered[0]
  if (first === undefined) return null
  const profile = context.profileOf(facts.request.profile)
  const { request } = facts
  const workFunction = workFunctionOf(first)
  const operations = ordered.map((fact) => operationOf(fact))
  const trace = traceOf(facts, first)
  const guards = guardsOfAll(ordered)
  const confidence = ordered.map((fact) => confidenceOf(fact)).toSorted((a, b) => ORDER[a] - ORDER[b])[0] ?? 'low'
  return {
    rule: group.rule,
    severity: lowered(configured, { rule: group.rule, facts: ordered }, profile, request.file),
    confidence,
    fingerprint: context.fingerprint(group.rule, request.id, workFunction),
    phase: first.phase,
    entryPoint: request.id,
    message: databaseMessage({
      rule: group.rule,
      entryPoint: request.id,
      profile,
      operations,
      trace,
      guards,
      workFunction,
      built: first.built === null ? null : textOf(first.built),
      hook: group.hook === null ? null : textOf(group.hook),
    }),
    advice:
      group.rule === 'hook-called-not-passed'
        ? RULES[group.rule].fix
        : profile === null
          ? RULES[group.rule].fix
          : `${profile.advice.fix} ${profile.advice.not}`,
    operations,
    trace,
    guards,
    location: operations[0] ?? rangeOf(first.site),
    suppression: group.hidden ? { kind: 'inSource', reason: reasonFor(facts) } : null,
    workFunction,
    bodyHash: first.site.module.derive(`body ${first.function}`, (ir) => bodyHash(ir, first.function)),
    causes: causesOf(facts, first),
  }
}

function reasonFor(facts: EntryFacts): string {
  return facts.suppressed.map((s) => s.reason).join('; ')
}

const ORDER: Readonly<Record<Confidence, number>> = { high: 0, medium: 1, low: 2 }

function confidenceOf(fact: OperationFact): Confidence {
  if (fact.resolution === 2) return 'low'
  return fact.resolution === 1 || fact.may ? 'medium' : 'high'
}

/** A flag that is off by default, or work that sends nothing outside of the strict profile, is a warning. */
function lowered(
  configured: Severity,
  { rule, facts }: Pick<Group, 'rule' | 'facts'>,
  profile: Profile | null,
  file: string,
): Severity {
  if (configured !== 'error') return configured
  if (facts.every((fact) => fact.guards.some((guard) => guard.lowers))) return 'warning'
  if (profile?.strictSessions !== true && facts.every((fact) => fact.row.sends === 'nothing')) return 'warning'
  const script = /(?:^|\/)(?:wsgi|asgi|manage)\.py$/.test(file)
  return rule === 'database-at-import' && profile?.id === 'django' && script ? 'warning' : configured
}

function operationOf(fact: OperationFact): Operation {
  return {
    ...rangeOf(fact.site),
    symbol: fact.row.symbol.replace(/^\?\./, ''),
    kind: fact.row.kind as OperationKindName,
    text: textOf(fact.site),
    added: null,
  }
}

function traceOf(facts: EntryFacts, fact: OperationFact): TraceStep[] {
  const steps = fact.trace.map((step): TraceStep => {
    const range = rangeOf(step.site)
    return {
      file: range.file,
      line: range.line,
      column: range.column,
      endLine: range.endLine,
      function: step.function,
      kind: step.kind,
      callee: step.kind === 'import' ? step.calleeModule.name : dottedName(step.calleeModule, step.callee),
      text: step.kind === 'class-body' ? `class ${step.callee}` : textOf(step.site),
    }
  })
  const { link } = facts.request
  if (link === null) return steps
  const range = rangeOf(link)
  return [
    {
      file: range.file,
      line: range.line,
      column: range.column,
      endLine: range.endLine,
      function: '',
      kind: 'decorator',
      callee: linkedName(facts),
      text: textOf(link),
    },
    ...steps,
  ]
}

/** What a decorator names by a string, dotted as every callee. */
function linkedName({ request, definition }: EntryFacts): string {
  const qualname = request.qualname ?? ''
  return definition?.module.file === request.file ? dottedName(definition.module, qualname) : qualname
}

/** The conditions that a reader has to know of: none when some of the work runs without any. */
function guardsOfAll(ordered: readonly OperationFact[]): Guard[] {
  const [first] = ordered
  return first === undefined || ordered.some((fact) => fact.guards.length === 0) ? [] : guardsOf(first)
}

function guardsOf(fact: OperationFact): Guard[] {
  const out = new Map<string, Guard>()
  for (const guard of fact.guards) {
    const range = rangeOf(guard.site)
    out.set(`${range.file}:${range.line}:${range.column}`, {
      file: range.file,
      line: range.line,
      column: range.column,
      text: textOf(guard.site),
      lowers: guard.lowers,
    })
  }
  return [...out.values()]
}

/** Decorators, definitions and bases along the path, nearest to the operation first: where a change can bring old work within reach. */
function causesOf(facts: EntryFacts, fact: OperationFact): RawFinding['causes'] {
  const out = facts.request.causes.map((site) => rangeOf(site))
  const functions = [
    ...fact.trace.map((step) => ({ module: step.calleeModule, name: step.callee })),
    { module: fact.site.module, name: fact.function },
  ]
  for (const { module, name } of functions.toReversed())
    if (name !== '')
      out.push(
        ...module.derive(`causes ${name}`, () => headersOf(module, name)).map(([p, e]) => rangeOf({ module, p, e })),
      )
  return out
}

type Extent = readonly [p: number, e: number]

function extents(nodes: readonly { readonly p: number; readonly e: number }[]): Extent[] {
  return nodes.map(({ p, e }) => [p, e])
}

/** The header, decorators and bases of a definition, and header and decorators of the class around it. */
function headersOf(module: ModuleInfo, name: string): readonly Extent[] {
  const definition = definitionIn(module.ir, name)
  if (definition === null) return []
  const out: Extent[] = [headerOf(module, definition), ...extents(definition.decorators)]
  if ('bases' in definition) out.push(...extents(definition.bases.map(({ x }) => x)))
  const cut = name.lastIndexOf('.')
  const owner = cut < 0 ? null : definitionIn(module.ir, name.slice(0, cut))
  if (owner !== null && 'bases' in owner) out.push(...extents(owner.decorators), headerOf(module, owner))
  return out
}

/** From the name to the end of the line that the body follows: parameters, defaults, bases. */
function headerOf(module: ModuleInfo, definition: FunctionIr | ClassIr): Extent {
  return [definition.np, headerEnd(module.text, definition.np, definition.body[0]?.p)]
}
