// Which configuration judges a change: the one at the tip of the base branch, tightened by what the head changes. What loosens is listed
// and applies after the merge, so nobody can switch off the gate in the change that it judges.
// Must stay true: for every key the result is at least as strict as the base, whatever the head says.
import { RULES } from '../rules/metadata.ts'
import type { RuleId, Severity } from '../findings/model.ts'
import { defaultConfig } from './load.ts'
import type { Config, FailOn, RuleSeverity } from './model.ts'

export interface Policy {
  readonly config: Config
  /** the head's configuration says something else than the base's */
  readonly changed: boolean
  /** one sentence for each key that changed: what applies at once, what only after the merge */
  readonly notices: readonly string[]
}

/** Null means that there is no file: then the defaults stand for it. */
export function resolvePolicy(base: Config | null, head: Config | null): Policy {
  const before = base ?? defaultConfig()
  const after = head ?? defaultConfig()
  const notices: string[] = []
  const merge: Merge = { before, after, note: (notice) => void notices.push(notice) }
  const config: Config = {
    file: head?.file ?? base?.file ?? null,
    profiles: more(merge, 'profiles', (it) => it.profiles, String),
    detect: detection(merge),
    include: more(merge, 'include', (it) => it.include, String),
    exclude: fewer(merge, 'exclude', (it) => it.exclude, String),
    entryPoints: more(
      merge,
      'entry-points',
      (it) => it.entryPoints,
      (item) => item.files,
    ),
    operations: more(
      merge,
      'operations',
      (it) => it.operations,
      (item) => item.symbol,
    ),
    deferrals: fewer(
      merge,
      'deferrals',
      (it) => it.deferrals,
      (item) => item.symbol,
    ),
    invokers: more(
      merge,
      'invokers',
      (it) => it.invokers,
      (item) => item.symbol,
    ),
    services: services(merge),
    rules: severities(merge),
    allow: allowances(merge),
    events: more(
      merge,
      'events',
      (it) => it.events,
      (item) => item.emit,
    ),
    baseline: baselinePath(merge),
    failOn: strictest(merge),
  }
  const changed = JSON.stringify({ ...before, file: null }) !== JSON.stringify({ ...after, file: null })
  return { config, changed, notices }
}

interface Merge {
  readonly before: Config
  readonly after: Config
  readonly note: (notice: string) => void
}

const NOW = 'applies at once'
const LATER = 'is looser, so it applies after the merge'

/** Lists in which more is stricter: everything of both. */
function more<T>(
  merge: Merge,
  key: string,
  of: (config: Config) => readonly T[],
  name: (item: T) => string,
): readonly T[] {
  const { gained, lost } = difference(of(merge.before), of(merge.after))
  if (gained.length > 0) merge.note(`Configuration: ${key} gains ${named(gained, name)}; this ${NOW}.`)
  if (lost.length > 0) merge.note(`Configuration: ${key} loses ${named(lost, name)}; this ${LATER}.`)
  return [...of(merge.before), ...gained]
}

/** Lists in which fewer is stricter: what both have. */
function fewer<T>(
  merge: Merge,
  key: string,
  of: (config: Config) => readonly T[],
  name: (item: T) => string,
): readonly T[] {
  const { gained, lost } = difference(of(merge.before), of(merge.after))
  if (gained.length > 0) merge.note(`Configuration: ${key} gains ${named(gained, name)}; this ${LATER}.`)
  if (lost.length > 0) merge.note(`Configuration: ${key} loses ${named(lost, name)}; this ${NOW}.`)
  return of(merge.before).filter((item) => !lost.includes(item))
}

function difference<T>(before: readonly T[], after: readonly T[]): { gained: readonly T[]; lost: readonly T[] } {
  const [old, now] = [new Set(before.map((it) => JSON.stringify(it))), new Set(after.map((it) => JSON.stringify(it)))]
  return {
    gained: after.filter((item) => !old.has(JSON.stringify(item))),
    lost: before.filter((item) => !now.has(JSON.stringify(item))),
  }
}

const SHOWN = 5

function named<T>(items: readonly T[], name: (item: T) => string): string {
  const names = items.slice(0, SHOWN).map((item) => name(item))
  return items.length > SHOWN ? `${names.join(', ')} and ${items.length - SHOWN} more` : names.join(', ')
}

/** Profiles named by hand switch detection off, which is looser; switching it on again is stricter. */
function detection({ before, after, note }: Merge): boolean {
  if (before.detect && !after.detect)
    note(`Configuration: profiles are named instead of detected; switching detection off ${LATER}.`)
  if (!before.detect && after.detect) note(`Configuration: profiles are detected again; this ${NOW}.`)
  return before.detect || after.detect
}

/** An allowance is its entry point; another reason for the same one is the head's to give. */
function allowances({ before, after, note }: Merge): Config['allow'] {
  const [old, now] = [allowed(before), allowed(after)]
  const gained = [...now].filter((id) => !old.has(id))
  const lost = [...old].filter((id) => !now.has(id))
  if (gained.length > 0) note(`Configuration: allow gains ${named(gained, String)}; this ${LATER}.`)
  if (lost.length > 0) note(`Configuration: allow loses ${named(lost, String)}; this ${NOW}.`)
  return after.allow.filter((item) => old.has(item.entryPoint))
}

function allowed(config: Config): ReadonlySet<string> {
  return new Set(config.allow.map((item) => item.entryPoint))
}

/** Which class stands behind a name is a fact about the tree, neither looser nor stricter. */
function services({ before, after, note }: Merge): Config['services'] {
  const names = [...new Set([...Object.keys(before.services), ...Object.keys(after.services)])]
  const changed = names.filter((name) => before.services[name] !== after.services[name])
  if (changed.length > 0) note(`Configuration: services changes ${named(changed.toSorted(), String)}; this ${NOW}.`)
  return after.services
}

const RANK: Readonly<Record<RuleSeverity, number>> = { off: 0, note: 1, warning: 2, error: 3 }

/** For each rule the higher severity; a rule that is not named has its own. */
function severities({ before, after, note }: Merge): Config['rules'] {
  const rules: Partial<Record<RuleId, RuleSeverity>> = {}
  for (const { id, defaultSeverity } of Object.values(RULES)) {
    const old = before.rules[id] ?? defaultSeverity
    const now = after.rules[id] ?? defaultSeverity
    if (old !== now)
      note(`Configuration: rule ${id} goes from ${old} to ${now}; this ${RANK[now] > RANK[old] ? NOW : LATER}.`)
    if (before.rules[id] !== undefined || after.rules[id] !== undefined) rules[id] = RANK[now] > RANK[old] ? now : old
  }
  return rules
}

/** Adding or moving a baseline file is looser, dropping it is stricter. */
function baselinePath({ before, after, note }: Merge): string | null {
  if (before.baseline === after.baseline) return before.baseline
  if (after.baseline === null) note(`Configuration: baseline loses ${String(before.baseline)}; this ${NOW}.`)
  else note(`Configuration: baseline becomes ${after.baseline}; this ${LATER}.`)
  return after.baseline === null ? null : before.baseline
}

const DEFAULT_FAIL_ON: Severity = 'error'
/** How much fails: the higher, the stricter. */
const STRICTNESS: Readonly<Record<FailOn, number>> = { never: 0, error: 1, warning: 2, note: 3 }

function strictest({ before, after, note }: Merge): FailOn | null {
  const old = before.failOn ?? DEFAULT_FAIL_ON
  const now = after.failOn ?? DEFAULT_FAIL_ON
  if (old !== now)
    note(`Configuration: fail-on goes from ${old} to ${now}; this ${STRICTNESS[now] > STRICTNESS[old] ? NOW : LATER}.`)
  if (before.failOn === null && after.failOn === null) return null
  return STRICTNESS[now] > STRICTNESS[old] ? now : old
}
