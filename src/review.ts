// The pipeline: event → change set → sources → program (base, head) → facts → findings → placement. Read it as the table of contents.
// Everything here is a value; nothing is posted, printed or decided about a platform. Base and head share one store of parsed contents.
import { createContentSearch } from './analysis/entries/content-search.ts'
import type { IrCache } from './cache/store.ts'
import { createCatalogue } from './catalogue/lookup.ts'
import { ConfigurationError, type BaselineEntry, type Config, type FailOn, type OnIncomplete } from './config/model.ts'
import type { ChangeSet } from './diff/model.ts'
import { compareFindings } from './findings/compare.ts'
import type {
  AddedSuppression,
  Finding,
  Incomplete,
  PlacedFinding,
  RawFinding,
  Review,
  Suggestion,
} from './findings/model.ts'
import { suppressExternally } from './findings/suppress.ts'
import { exitCodeOf, verdictOf } from './findings/verdict.ts'
import { placeOnEdit } from './placement/edit.ts'
import { placerOn } from './placement/place.ts'
import { profileNamed } from './profiles/index.ts'
import type { Profile } from './profiles/model.ts'
import type { SourceReader } from './program/model.ts'
import { openProgram } from './program/program.ts'
import { createRuleContext } from './rules/database.ts'
import { applicableProfiles } from './review/applicable.ts'
import { createJudgedTrees, type JudgedTrees } from './review/kept.ts'
import { createTreeNotes } from './review/notes.ts'
import { withLinks, worthNaming } from './review/links.ts'
import { catalogueRows } from './review/options.ts'
import { placeContext } from './review/placing.ts'
import { MOST_TRIALS, suggestionsFor } from './review/suggestions.ts'
import type { Team } from './review/team.ts'
import { analyseEdited, triedOf, type Tools, type Tree } from './review/tree.ts'
import { touchesMarks, touchesPython, untouched } from './review/untouched.ts'
import { createIrStore } from './cache/ir-store.ts'

export interface ReviewInput {
  readonly head: SourceReader
  readonly base: SourceReader | null
  /** the policy that holds: base tightened by head */
  readonly config: Config
  readonly configurationChanged: boolean
  readonly notices: readonly string[]
  readonly baseline: readonly BaselineEntry[]
  /** null without a base */
  readonly changes: ChangeSet | null
  readonly failOn: FailOn
  readonly onIncomplete: OnIncomplete
  readonly maxSeconds: number | null
  readonly cache: IrCache | null
  /** threads that help; null: this one does it all */
  readonly team: Team | null
  readonly progress: (message: string) => void
  /** most edits that are tried for suggestions */
  readonly trials?: number
}

/** Reviews a tree, or the difference between two. Throws ConfigurationError when no profile applies or nothing is in scope; never for the user's Python. */
export async function review(input: ReviewInput): Promise<Review> {
  const started = Date.now()
  const { changes, config } = input
  const hasPython = changes === null || touchesPython(changes)
  if (!hasPython && !(await touchesMarks(input.base, input.head))) return untouched(input, started)
  const until = input.maxSeconds === null ? Number.POSITIVE_INFINITY : started + input.maxSeconds * 1000
  const store = createIrStore(input.cache)
  const head = await openProgram(input.head, store)
  const base = input.base === null ? null : await openProgram(input.base, store)
  // what is found out of contents outlives the run only under names that do
  if (input.cache !== null) for (const program of [head, base]) await program?.treeKey()
  const programs = base === null ? [head] : [head, base]
  const search = createContentSearch(store.texts)
  const expired = (): boolean => Date.now() > until
  const notes = createTreeNotes({ texts: store.texts, isKept: input.cache !== null, expired })
  const profiles = await applicableProfiles(programs, config, { search, notes })
  if (profiles.length === 0 && !hasPython) return untouched(input, started)
  if (profiles.length === 0 && head.files.size > 0)
    throw new ConfigurationError('no profile applies: configure entry-points (or profiles) in phasegate.yml')
  const tools: Tools = {
    profiles,
    catalogue: createCatalogue(catalogueRows(profiles, config), config.services),
    config,
    rules: createRuleContext({ profileOf: profileNamed, severities: config.rules }),
    team: input.team,
    texts: store.texts,
    adopt: store.adopt,
    search,
    progress: input.progress,
    until,
    expired,
  }
  const trees = createJudgedTrees(tools, { notes, reused: store.reused })
  const judged = await trees.head(head, base)
  input.progress(`entry points of the head analysed: ${judged.evaluation.entryPoints.length}`)
  const baseTree = base === null ? null : await trees.base(base, head)
  const links = (await input.head.links?.()) ?? []
  const headTree = baseTree === null ? judged : withLinks(judged, baseTree, links)
  const told = compared(input, headTree, baseTree)
  const suggestions = await suggested(input, headTree, told, trees)
  search.keep()
  store.flush()
  const unseen = worthNaming(links, baseTree)
  return conclude(input, headTree, baseTree, {
    profiles,
    started,
    taken: store.taken,
    adopted: store.adopted,
    suggestions,
    links: unseen,
    ...told,
  })
}

/** Edits for the findings that a reader is asked to act on, as they were found before or by trying them on the head. */
async function suggested(
  { head: reader, base, trials = MOST_TRIALS }: ReviewInput,
  { program, evaluation }: Tree,
  { findings }: Told,
  trees: JudgedTrees,
): Promise<ReadonlyMap<string, Suggestion>> {
  const shown = findings.filter((f) => isShown(f, base !== null))
  if (shown.length === 0 || trials === 0) return new Map()
  const asked = [trials, evaluation.incomplete.length, shown.map((f) => f.fingerprint)]
  return trees.suggestions(program, asked, async (tools) => {
    const head = await trees.analysed(program)
    return suggestionsFor(shown, {
      ...triedOf({ ...head, evaluation }, tools),
      program,
      reader,
      profileOf: (id) => profileNamed(evaluation.entryPoints.find((e) => e.id === id)?.profile ?? ''),
      again: async (edited, path) =>
        triedOf(await analyseEdited(head, await program.revised(edited, path), path, tools), tools),
      trials,
      expired: tools.expired,
    })
  })
}

/** Findings that a reader is asked to act on: with a base only those that bring new work. */
function isShown({ baselineState, newWork, suppression }: Finding, hasBase: boolean): boolean {
  return suppression === null && (!hasBase || baselineState === 'new' || newWork)
}

/** Nothing behind a link is analysed, which a reader of a clean report has to know. */
function linksLeftOut(links: readonly string[]): string[] {
  if (links.length === 0) return []
  const shown = links.slice(0, LISTED_LINKS).join(', ')
  const more = links.length > LISTED_LINKS ? ` and ${links.length - LISTED_LINKS} more` : ''
  return [`Links are never followed, so nothing behind them was analysed: ${shown}${more}.`]
}

const LISTED_LINKS = 10

/** The exit code of `check` and of the job. */
export function exitCode(result: Review, onIncomplete: OnIncomplete): 0 | 1 | 3 {
  return exitCodeOf(result.verdict, onIncomplete)
}

interface Told {
  readonly findings: readonly Finding[]
  readonly stale: readonly BaselineEntry[]
  readonly unusedAllowances: Config['allow']
}

/** The findings of the head against those of the base, the baseline and what is allowed. */
function compared({ changes, config, baseline }: ReviewInput, head: Tree, base: Tree | null): Told {
  const entries = head.evaluation.entryPoints
  const isCut = (tree: Tree | null): ((finding: RawFinding) => boolean) => {
    const incomplete = tree?.evaluation.incomplete ?? []
    const broken = new Set(incomplete.flatMap((i) => i.entryPoints))
    // damage to an entry point's own file may take the entry point away
    const files = new Set(incomplete.map((i) => i.file))
    return ({ entryPoint }) =>
      (broken.has(entryPoint) || files.has(entryPoint.split('::')[0] ?? '')) && !sameBreakage(head, base, entryPoint)
  }
  const states = compareFindings(head.evaluation.findings, base?.evaluation.findings ?? null, {
    renames: renamesOf(changes),
    remains: (id) => head.program.files.has(id) || entries.some((entry) => entry.id === id),
    incomparable: isCut(base),
    unseen: isCut(head),
  })
  return suppressExternally(
    states,
    { baseline, allow: config.allow },
    entries.map((e) => e.id),
  )
}

interface Conclusion extends Told {
  readonly profiles: readonly Profile[]
  readonly started: number
  /** contents from the cache of earlier runs */
  readonly taken: number
  /** contents that other threads lowered */
  readonly adopted: number
  readonly suggestions: ReadonlyMap<string, Suggestion>
  /** of the head, not followed */
  readonly links: readonly string[]
}

/** Places, and gives the verdict. */
function conclude(input: ReviewInput, head: Tree, base: Tree | null, c: Conclusion): Review {
  const { changes } = input
  const entries = head.evaluation.entryPoints
  const { findings, stale, unusedAllowances } = c
  const place = changes === null ? null : placerOn(changes, placeContext(head.program, changes))
  const placed = findings.map((finding): PlacedFinding => {
    if (finding.baselineState === 'absent') return { ...finding, placement: null, suggestion: null }
    const suggestion = c.suggestions.get(finding.fingerprint) ?? null
    const placement = place?.(finding) ?? null
    const onEdit = placement !== null && suggestion !== null && changes !== null
    return {
      ...finding,
      suggestion,
      placement: onEdit ? placeOnEdit(finding, placement, suggestion, changes) : placement,
    }
  })
  const incomplete = base === null ? head.evaluation.incomplete : weighed(head, base, findings)
  const notices = [
    ...input.notices,
    ...(entries.length === 0
      ? [`0 entry points found (profiles: ${c.profiles.map((p) => p.id).join(', ') || 'none'}).`]
      : []),
    ...linksLeftOut(c.links),
    ...unusedAllowances.map((a) => `allow: \`${a.entryPoint}\` matches no entry point.`),
    ...(stale.length > 0
      ? [
          `${stale.length} entries of the baseline match no finding any more: ${stale
            .map((e) => e.fingerprint)
            .slice(0, 10)
            .join(', ')}.`,
        ]
      : []),
  ]
  return {
    verdict: verdictOf(findings, { incomplete, failOn: input.failOn, compared: base !== null }),
    base: input.base?.commit ?? null,
    head: input.head.commit,
    compared: base !== null,
    profiles: c.profiles.map((p) => p.id),
    entryPoints: entries,
    findings: placed,
    notFollowed: head.evaluation.notFollowed,
    incomplete,
    suppressionsAdded: base === null ? [] : addedSuppressions(head, base),
    configurationChanged: input.configurationChanged,
    notices,
    failOn: input.failOn,
    stats: {
      files: head.program.files.size,
      parsed: head.program.parsed + (base?.program.parsed ?? 0) + c.adopted,
      fromCache: c.taken,
      milliseconds: Date.now() - c.started,
    },
  }
}

function renamesOf(changes: ChangeSet | null): ReadonlyMap<string, string> {
  return new Map(
    (changes?.files ?? []).flatMap((f) =>
      f.status === 'renamed' && f.previousPath !== null ? [[f.path, f.previousPath] as const] : [],
    ),
  )
}

const breakage = (tree: Tree | null, entry: string): string =>
  (tree?.evaluation.incomplete ?? [])
    .filter((i) => i.entryPoints.includes(entry))
    .map((i) => `${i.file}:${i.reason}:${tree?.program.files.get(i.file)?.id ?? ''}`)
    .join('|')

/** The entry point is incomplete at both commits for the same reason in the same content. What the host did not deliver always decides. */
function sameBreakage(head: Tree, base: Tree | null, entry: string): boolean {
  const undelivered = head.evaluation.incomplete.some(
    (i) =>
      i.entryPoints.includes(entry) &&
      (i.reason === 'missing-file' || (i.reason === 'unreadable' && head.program.unreadable.has(i.file))),
  )
  return !undelivered && breakage(head, entry) === breakage(base, entry) && breakage(head, entry) !== ''
}

/**
 * What is incomplete in the same way at base and head is listed and does not decide; a broken base counts only when the head has a finding that
 * cannot be compared because of it.
 */
function weighed(head: Tree, base: Tree, findings: readonly Finding[]): Incomplete[] {
  const out: Incomplete[] = head.evaluation.incomplete.map((i) => ({
    ...i,
    decides: !i.entryPoints.every((entry) => sameBreakage(head, base, entry)),
  }))
  const open = new Set(
    findings.filter((f) => f.baselineState === null && f.suppression === null).map((f) => f.entryPoint),
  )
  for (const i of base.evaluation.incomplete) {
    const affected = i.entryPoints.filter((entry) => open.has(entry))
    if (affected.length > 0 && !out.some((o) => o.file === i.file && o.decides))
      out.push({ ...i, message: `at the base: ${i.message}`, entryPoints: affected, decides: true })
  }
  return out
}

function commentKey(file: string, rules: readonly string[], reason: string): string {
  return `${file}|${rules.join(',')}|${reason}`
}

/** Suppression comments of the head that the base does not have, by file, rules and reason. */
function addedSuppressions(head: Tree, base: Tree): AddedSuppression[] {
  const before = new Set(base.suppressions.map((s) => commentKey(s.file, s.rules, s.reason)))
  return head.suppressions
    .filter((s) => !before.has(commentKey(s.file, s.rules, s.reason)))
    .toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
}
