// What has to change on a pull request: a pure function from a review and the comments that exist to a plan. Applying it is another
// file's work. The same input a second time gives an empty plan.
// Must stay true: a human's decision stands (deleted, resolved, answered), and nothing is called fixed that was not analysed.
import type { Review } from '../findings/model.ts'
import { renderComment, renderFixed, renderStickySummary, renderSuppressed } from '../report/comment.ts'
import type { ReportContext } from '../report/context.ts'
import { isShort, saysTheSame, withMarker } from './bodies.ts'
import { addsWork } from './digest.ts'
import { factsOf, isSayable, type Fact, type Facts } from './facts.ts'
import { groupFacts, inlinePlacement, meetingKey, sorted, workKey, type Group } from './groups.ts'
import type { MarkedFinding, Marker } from './marker.ts'
import type { DraftComment, ExistingComment, ExistingReview } from './model.ts'
import {
  isListed,
  isLive,
  ownComments,
  ownReviews,
  standingComments,
  wasDeleted,
  type Held,
  type OwnComment,
  type OwnReview,
} from './own.ts'

export interface Desired {
  readonly review: Review
  readonly report: ReportContext
}

export interface PlanContext {
  /** check-run name and shard */
  readonly key: string
  readonly head: string
  readonly base: string | null
  /** inline comments of one run */
  readonly maxComments: number
  /** paths whose anchors the host may refuse */
  readonly unknownPaths: ReadonlySet<string>
  /** fingerprints whose places it refused in earlier runs */
  readonly refused: ReadonlySet<string>
}

export interface PlannedComment {
  readonly comment: DraftComment
  readonly marks: readonly MarkedFinding[]
}

export interface PlannedEdit {
  readonly id: number
  readonly body: string
  readonly form: 'text' | 'fixed' | 'suppressed'
  /** thread to resolve afterwards */
  readonly resolve: string | null
}

export type PlannedReview =
  | { readonly kind: 'create'; readonly marks: readonly MarkedFinding[] }
  | { readonly kind: 'update'; readonly id: number; readonly body: string }
  | { readonly kind: 'none' }

export interface Plan {
  /** anchors that may be refused and whole files: one request each, first */
  readonly alone: readonly PlannedComment[]
  /** anchors known to be good: one review each */
  readonly batches: readonly (readonly PlannedComment[])[]
  /** the body with the summary, last */
  readonly review: PlannedReview
  readonly edits: readonly PlannedEdit[]
  /** duplicates of ours without an answer */
  readonly remove: readonly number[]
  /** earlier reviews of ours whose body becomes a link */
  readonly shrink: readonly { readonly id: number; readonly marker: Marker }[]
}

/** Comments of one review. No maximum is documented; partial successes and refusals were seen above 30. */
const BATCH = 30

const NOTHING: Plan = { alone: [], batches: [], review: { kind: 'none' }, edits: [], remove: [], shrink: [] }

/** Whether a plan writes nothing. */
export function isEmpty({ review, alone, batches, edits, remove, shrink }: Plan): boolean {
  return review.kind === 'none' && [alone, batches, edits, remove, shrink].every((list) => list.length === 0)
}

/** Without a comparison nothing is new and nothing is fixed, so nothing is said. */
export function planReview(
  desired: Desired,
  existing: { comments: readonly ExistingComment[]; reviews: readonly ExistingReview[] },
  context: PlanContext,
): Plan {
  if (!desired.review.compared) return NOTHING
  const facts = factsOf(desired.review)
  const own = ownComments(existing.comments, context.key)
  const reviews = ownReviews(existing.reviews, context.key)
  const live = standingComments(own.filter(isLive))
  const covered = new Map<string, Held>()
  for (const held of live.kept) for (const fact of heldFacts(held, facts)) covered.set(fact.mark.fingerprint, held)
  const quiet = own.filter((it) => it.marker.state === 'open' && !isLive(it))
  const silenced = silencedBy(quiet, facts)
  const open = facts.all.filter(
    (fact) => isSayable(fact) && !covered.has(fact.mark.fingerprint) && !silenced.has(fact.mark.fingerprint),
  )
  const wanted = open.filter((fact) => !wasDeleted(fact.mark, own, reviews))
  const { joined, fresh } = joinHeld(wanted, live.kept, facts)
  const groups = groupFacts(fresh.filter(({ finding }) => inlinePlacement(finding) !== null))
  const posted = groups.slice(0, context.maxComments)
  const unsaid = fresh.filter(({ finding, mark }) => inlinePlacement(finding) === null && !isListed(mark, reviews))
  const said = [...posted, ...groups.slice(context.maxComments)].flatMap((group) => group.facts)
  const comments = posted.map((group) => plannedComment(group, desired, context))
  const isSafe = ({ comment: { placement } }: PlannedComment): boolean =>
    placement.kind !== 'file' && !context.unknownPaths.has(placement.path)
  const marks = [...said, ...unsaid].map((fact) => fact.mark)
  const held = [...covered.keys(), ...silenced].flatMap((fingerprint) => facts.get(fingerprint)?.mark ?? [])
  return {
    alone: comments.filter((it) => !isSafe(it)),
    batches: chunks(comments.filter(isSafe)),
    ...plannedReviews({
      desired,
      context,
      reviews,
      marks,
      held,
      joined: [...joined.values()].flat().map((fact) => fact.mark),
    }),
    edits: [
      ...live.kept.flatMap((it) => liveEdit(it, joined.get(it) ?? [], { facts, desired, context })),
      ...quiet.flatMap((it) =>
        it.comment.resolved ? [] : endEdit({ ...it, own: it.marker.findings }, facts, context),
      ),
      ...live.repeated
        .filter((it) => it.comment.replies > 0)
        .map((it) => suppressedEdit(it, 'this comment repeats another one on this pull request', context)),
    ],
    remove: live.repeated.filter((it) => it.comment.replies === 0).map((it) => it.comment.id),
  }
}

/** New findings that a live comment goes on standing for: those whose work is still the same as that of its first. */
function heldFacts({ own }: Held, facts: Facts): Fact[] {
  const current = own
    .flatMap(({ fingerprint }) => facts.get(fingerprint) ?? [])
    .filter(({ standing }) => standing === 'new')
  // a comment about something unknown is not touched, so it keeps all that it stands for
  if (own.some((mark) => facts.standing(mark) === 'keep')) return current
  const [first] = current
  return first === undefined ? [] : current.filter(({ finding }) => workKey(finding) === workKey(first.finding))
}

/** Fingerprints that an outdated comment, or one that a human resolved, speaks for: no second comment unless work was added. */
function silencedBy(quiet: readonly OwnComment[], facts: Facts): Set<string> {
  const marks = quiet.flatMap(({ marker }) => marker.findings)
  return new Set(
    marks.flatMap(({ fingerprint, digest }) => {
      const fact = facts.get(fingerprint)
      return fact?.standing === 'new' && !addsWork(digest, fact.mark.digest) ? [fingerprint] : []
    }),
  )
}

/** New findings that meet a live comment's on one line go into it instead of standing beside it. */
function joinHeld(
  wanted: readonly Fact[],
  kept: readonly Held[],
  facts: Facts,
): { joined: Map<Held, Fact[]>; fresh: Fact[] } {
  const byMeeting = new Map(
    kept.flatMap((held) => {
      if (held.own.some((mark) => facts.standing(mark) === 'keep')) return []
      const [first] = heldFacts(held, facts)
      return first === undefined ? [] : [[meetingKey(first.finding), held] as const]
    }),
  )
  const joined = new Map<Held, Fact[]>()
  const fresh = wanted.filter((fact) => {
    const held = byMeeting.get(meetingKey(fact.finding))
    if (held !== undefined) joined.set(held, [...(joined.get(held) ?? []), fact])
    return held === undefined
  })
  return { joined, fresh }
}

interface Surroundings {
  readonly facts: Facts
  readonly desired: Desired
  readonly context: PlanContext
}

function liveEdit(held: Held, joined: readonly Fact[], { facts, desired, context }: Surroundings): PlannedEdit[] {
  if (held.own.some((mark) => facts.standing(mark) === 'keep')) return []
  const current = sorted([...heldFacts(held, facts), ...joined])
  if (current.length === 0) return endEdit(held, facts, context)
  const body = openBody(current, desired, context)
  return saysTheSame(held.comment.body, body) ? [] : [{ id: held.comment.id, body, form: 'text', resolve: null }]
}

function openBody(facts: readonly Fact[], { report }: Desired, context: PlanContext): string {
  const text = renderComment(
    facts.map(({ finding }) => finding),
    report,
  )
  return withMarker(
    text,
    markerFor(
      facts.map(({ mark }) => mark),
      context,
    ),
  )
}

function markerFor(
  findings: readonly MarkedFinding[],
  { key, head, base }: PlanContext,
  state: Marker['state'] = 'open',
): Marker {
  return { key, state, findings, head, base }
}

/** The form of a comment whose findings are all over: fixed, or suppressed if one of them still is. */
function endEdit(held: Held, facts: Facts, context: PlanContext): PlannedEdit[] {
  const standings = held.own.map((mark) => facts.standing(mark))
  if (standings.some((standing) => standing === 'keep' || standing === 'new')) return []
  const suppressed = held.own.flatMap(({ fingerprint }) => facts.get(fingerprint)?.finding.suppression?.reason ?? [])
  if (standings.includes('suppressed')) return [suppressedEdit(held, suppressed[0] ?? '', context)]
  const { comment, marker } = held
  const body = withMarker(renderFixed(comment.body, context.head), markerFor(marker.findings, context, 'fixed'))
  const resolve = comment.canResolve && !comment.resolved && comment.replies === 0 ? comment.threadId : null
  return [{ id: comment.id, body, form: 'fixed', resolve }]
}

function suppressedEdit({ comment, marker }: OwnComment, reason: string, context: PlanContext): PlannedEdit {
  const body = withMarker(renderSuppressed(comment.body, reason), markerFor(marker.findings, context, 'suppressed'))
  return { id: comment.id, body, form: 'suppressed', resolve: null }
}

function plannedComment({ placement, facts }: Group, desired: Desired, context: PlanContext): PlannedComment {
  return { comment: { placement, body: openBody(facts, desired, context) }, marks: facts.map(({ mark }) => mark) }
}

function chunks(comments: readonly PlannedComment[]): PlannedComment[][] {
  return Array.from({ length: Math.ceil(comments.length / BATCH) }, (_, at) =>
    comments.slice(at * BATCH, (at + 1) * BATCH),
  )
}

interface ReviewSituation {
  readonly desired: Desired
  readonly context: PlanContext
  readonly reviews: readonly OwnReview[]
  /** said for the first time in this run */
  readonly marks: readonly MarkedFinding[]
  /** said by comments that are there */
  readonly held: readonly MarkedFinding[]
  readonly joined: readonly MarkedFinding[]
}

/** The review with the summary: a new one if something new is said, else the latest one edited in place. */
function plannedReviews({
  desired,
  context,
  reviews,
  marks,
  held,
  joined,
}: ReviewSituation): Pick<Plan, 'review' | 'shrink'> {
  const full = reviews.filter(({ body }) => !isShort(body))
  const latest = full.at(-1)
  // comments without a summary are what an interrupted run leaves behind
  const create = marks.length > 0 || (latest === undefined && held.length > 0)
  const earlier = create ? full : full.slice(0, -1)
  const shrink = earlier.map(({ id, marker }) => ({ id, marker }))
  if (create) return { review: { kind: 'create', marks: marks.length > 0 ? marks : held }, shrink }
  if (latest === undefined) return { review: { kind: 'none' }, shrink }
  const text = renderStickySummary(desired.review, desired.report)
  const now = new Map([...held, ...joined].map((mark) => [mark.fingerprint, mark]))
  const known = latest.marker.findings.map((mark) => now.get(mark.fingerprint) ?? mark)
  const added = joined.filter(({ fingerprint }) => known.every((mark) => mark.fingerprint !== fingerprint))
  const body = withMarker(text, { ...markerFor([...known, ...added], context), refused: [...context.refused] })
  return { review: saysTheSame(latest.body, body) ? { kind: 'none' } : { kind: 'update', id: latest.id, body }, shrink }
}
