// Posting: single comments first, one refusal each costing only itself, then reviews. A request is repeated only after a look at what is
// there; a batch that is refused for a place is halved until the culprit is known, which then stands in the summary.
import { halved, PART_TEXT, withMarker } from './bodies.ts'
import type { MarkedFinding } from './marker.ts'
import type { DraftComment, Refusal } from './model.ts'
import type { PlannedComment } from './plan.ts'
import { causeOf, type Cause } from './refusals.ts'
import { degrade, headIsOurs, list, mayGoOn, writtenNow, type Run } from './run.ts'

const FEATURE = 'Review comments'
/** A server that answered with an error, or not at all, gets this long before we look, in milliseconds. */
const SETTLING = 5000

/** One review to send. `marks`: what its body remembers; null: a part whose summary follows. */
interface Part {
  readonly comments: readonly PlannedComment[]
  readonly marks: readonly MarkedFinding[] | null
  /** causes that were already answered once; a second time is the last */
  readonly tried: readonly Cause[]
  readonly short: boolean
}

/** Sends batches of placed comments; the last one carries the summary, which lists `marks` and what was posted before. */
export async function createReviews(
  run: Run,
  batches: readonly (readonly PlannedComment[])[],
  marks: readonly MarkedFinding[],
): Promise<void> {
  const parts = batches.length === 0 ? [[]] : batches
  for (const [at, comments] of parts.entries()) {
    // a head that moves between two batches ends the posting
    if (at > 0 && !(await headIsOurs(run))) return
    if (!mayGoOn(run)) return
    await sendPart(run, { comments, marks: at === parts.length - 1 ? marks : null, tried: [], short: false })
  }
}

async function sendPart(run: Run, part: Part): Promise<void> {
  if (!mayGoOn(run)) return
  const comments = part.comments.map(({ comment }) =>
    part.short ? { ...comment, body: halved(comment.body) } : comment,
  )
  const outcome = await run.gateway.createReview(bodyOf(run, part), comments)
  if (outcome.ok) return accept(run, part, outcome.value.id)
  const cause = causeOf(outcome.refusal)
  const retry = { ...part, tried: [...part.tried, cause] }
  if (cause === 'anchor' && part.comments.length > 0) return halve(run, part)
  // the second time nothing is sent again, but what is there is still counted
  if (cause === 'unanswered') return reconcile(run, part, outcome.refusal)
  if (part.tried.includes(cause) || cause === 'denied' || cause === 'other' || cause === 'anchor')
    return degrade(run, outcome.refusal, FEATURE)
  switch (cause) {
    case 'pending':
      return (await dropDraft(run)) ? sendPart(run, retry) : degrade(run, outcome.refusal, FEATURE)
    case 'stale':
      return (await headIsOurs(run)) ? degrade(run, outcome.refusal, FEATURE) : undefined
    case 'length':
      return sendPart(run, { ...retry, short: true })
    case 'again':
      await run.options.wait(SETTLING)
      return sendPart(run, retry)
    default:
      return cause satisfies never
  }
}

function bodyOf(run: Run, { marks, short }: Part): string {
  const { key, head, base, summary } = run.options
  const marker = { key, state: 'open', head, base } as const
  if (marks === null) return withMarker(PART_TEXT, { ...marker, findings: [] })
  const refused = [...run.refused]
  const body = withMarker(summary(run.refused), { ...marker, findings: unique([...run.said, ...marks]), refused })
  return short ? halved(body) : body
}

function unique(marks: readonly MarkedFinding[]): MarkedFinding[] {
  return [...new Map(marks.map((mark) => [mark.fingerprint, mark])).values()]
}

function accept(run: Run, part: Part, id: number): void {
  run.counts.posted += part.comments.length
  run.said.push(...part.comments.flatMap(({ marks }) => marks))
  if (part.marks !== null) run.reviewId = id
}

/**
 * All or nothing, and the answer does not name the culprit. The list of files is read again once, because it may have changed since it was
 * read first; if it shows every place, the halves are sent on their own, the summary with the last.
 */
async function halve(run: Run, part: Part): Promise<void> {
  if (!(await headIsOurs(run))) return
  const tried = [...part.tried, 'anchor' as const]
  const shown = part.tried.includes('anchor') ? part.comments : await stillShown(run, part)
  if (shown.length < part.comments.length) return sendPart(run, { ...part, comments: shown, tried })
  const [only] = part.comments
  if (part.comments.length === 1 && only !== undefined) {
    refuse(run, only)
    if (part.marks !== null) await sendPart(run, { ...part, comments: [], tried: [] })
    return
  }
  const middle = Math.ceil(part.comments.length / 2)
  await sendPart(run, { ...part, comments: part.comments.slice(0, middle), marks: null, tried })
  await sendPart(run, { ...part, comments: part.comments.slice(middle), tried })
}

/** The comments whose places are still there; the others stand in the summary. */
async function stillShown(run: Run, { comments }: Part): Promise<readonly PlannedComment[]> {
  const shown = await run.gateway.stillShown(comments.map(({ comment }) => comment.placement))
  if (!shown.ok) return comments
  const isShown = new Map(comments.map((it, at) => [it, shown.value[at] !== false]))
  for (const it of comments) if (isShown.get(it) === false) refuse(run, it)
  return comments.filter((it) => isShown.get(it) !== false)
}

function refuse(run: Run, { marks, comment }: PlannedComment): void {
  for (const { fingerprint } of marks) run.refused.add(fingerprint)
  run.said.push(...marks)
  run.log.push(`no comment was accepted on ${comment.placement.path}: it stands in the summary`)
}

/** A draft of ours blocks even reviews that are sent at once. A draft of somebody else cannot be seen and is never touched. */
async function dropDraft(run: Run): Promise<boolean> {
  const listed = await list(run)
  if (listed === null || listed.pendingReviewId === null) return false
  return (await run.gateway.deletePendingReview(listed.pendingReviewId)).ok
}

/** After an error the review may be there, whole or in part. Only what is missing is sent, once. */
async function reconcile(run: Run, part: Part, refusal: Refusal): Promise<void> {
  await run.options.wait(SETTLING)
  const listed = await list(run)
  if (listed === null) return
  const there = writtenNow(listed, run.options)
  const isThere = ({ marks }: PlannedComment): boolean => marks.every(({ fingerprint }) => there.has(fingerprint))
  const found = part.comments.filter(isThere)
  const missing = part.comments.filter((comment) => !isThere(comment))
  const body = bodyOf(run, part)
  const review = listed.reviews.find((it) => sameBody(it.body, body))
  run.counts.posted += found.length
  run.said.push(...found.flatMap(({ marks }) => marks))
  if (review !== undefined || found.length > 0)
    run.log.push(`found after an error: ${found.length} of ${part.comments.length} comments`)
  if (review !== undefined && part.marks !== null) run.reviewId = review.id
  if (missing.length === 0 && (review !== undefined || part.marks === null)) return
  if (part.tried.includes('unanswered')) return degrade(run, refusal, FEATURE)
  const tried: Cause[] = [...part.tried, 'unanswered']
  await sendPart(run, { ...part, tried, comments: missing, marks: review === undefined ? part.marks : null })
}

function sameBody(stored: string, sent: string): boolean {
  return stored.replaceAll('\r\n', '\n').trimEnd() === sent.trimEnd()
}

/** One comment on its own: on its line, else on its file, else it stands in the summary. */
export async function createAlone(run: Run, planned: PlannedComment): Promise<void> {
  const { placement } = planned.comment
  if (await postAlone(run, planned, planned.comment)) return
  if (!mayGoOn(run)) return
  const onFile: DraftComment = { ...planned.comment, placement: { kind: 'file', path: placement.path } }
  if (placement.kind !== 'file' && (await postAlone(run, planned, onFile))) return
  if (mayGoOn(run)) refuse(run, planned)
}

/** Whether the comment is there afterwards. False with nothing halted: its place was refused. */
async function postAlone(run: Run, planned: PlannedComment, first: DraftComment): Promise<boolean> {
  let { body } = first
  const tried: Cause[] = []
  while (mayGoOn(run)) {
    const outcome = await run.gateway.createComment({ placement: first.placement, body })
    if (outcome.ok) return posted(run, planned)
    const cause = causeOf(outcome.refusal)
    if (cause === 'anchor') return false
    const next = tried.includes(cause) ? 'give-up' : await answerTo(run, planned, cause)
    if (next === 'posted') return posted(run, planned)
    if (next === 'give-up' && mayGoOn(run)) degrade(run, outcome.refusal, FEATURE)
    if (cause === 'length') body = halved(body)
    tried.push(cause)
  }
  return false
}

function posted(run: Run, { marks }: PlannedComment): true {
  run.counts.posted += 1
  run.said.push(...marks)
  return true
}

/** After an unanswered request the comment may be there: then it counts as posted. */
async function answerTo(run: Run, planned: PlannedComment, cause: Cause): Promise<'again' | 'posted' | 'give-up'> {
  switch (cause) {
    case 'pending':
      return (await dropDraft(run)) ? 'again' : 'give-up'
    case 'length':
      return 'again'
    case 'again':
      await run.options.wait(SETTLING)
      return 'again'
    case 'unanswered': {
      await run.options.wait(SETTLING)
      const listed = await list(run)
      if (listed === null) return 'give-up'
      const there = writtenNow(listed, run.options)
      return planned.marks.every(({ fingerprint }) => there.has(fingerprint)) ? 'posted' : 'again'
    }
    case 'stale':
      await headIsOurs(run)
      return 'give-up'
    case 'anchor':
    case 'denied':
    case 'other':
      return 'give-up'
    default:
      return cause satisfies never
  }
}
