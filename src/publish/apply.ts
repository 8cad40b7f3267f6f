// Carries out a plan: posts, removes what was posted twice, then edits. The head is read before posting and again before editing; once it
// has moved nothing is written. Refusals become notices; the verdict never depends on any of it.
import type { Outcome, ReviewGateway } from './model.ts'
import { halved, movedText, withMarker } from './bodies.ts'
import { createAlone, createReviews } from './create.ts'
import type { Plan, PlannedEdit } from './plan.ts'
import { causeOf } from './refusals.ts'
import {
  createRun,
  degrade,
  headIsOurs,
  list,
  mayGoOn,
  removeRepeated,
  repeatedIds,
  resultOf,
  type Applied,
  type ApplyOptions,
  type Run,
} from './run.ts'

export async function applyPlan(plan: Plan, gateway: ReviewGateway, options: ApplyOptions): Promise<Applied> {
  const run = createRun(gateway, options)
  if (plan.review.kind === 'create') {
    if (await headIsOurs(run)) await create(run, plan)
    const listed = run.counts.posted > 0 && mayGoOn(run) ? await list(run) : null
    const repeated = listed === null ? [] : repeatedIds(listed, options)
    await removeRepeated(run, [...new Set([...plan.remove, ...repeated])])
  }
  const edits =
    plan.edits.length > 0 || plan.shrink.length > 0 || plan.review.kind === 'update' || plan.remove.length > 0
  if (edits && (await headIsOurs(run))) await edit(run, plan)
  return resultOf(run)
}

async function create(run: Run, { alone, batches, review }: Plan): Promise<void> {
  for (const comment of alone) {
    if (!mayGoOn(run)) return
    await createAlone(run, comment)
  }
  if (review.kind === 'create') await createReviews(run, batches, review.marks)
}

async function edit(run: Run, plan: Plan): Promise<void> {
  const { gateway, options } = run
  if (plan.review.kind !== 'create') await removeRepeated(run, plan.remove)
  for (const planned of plan.edits) await editComment(run, planned)
  if (plan.review.kind === 'update' && mayGoOn(run)) {
    const { id } = plan.review
    const updated = await atItsLength(plan.review.body, (body) => gateway.updateReview(id, body))
    if (updated.ok) run.reviewId = id
    else degrade(run, updated.refusal, 'Updating the summary of our review')
  }
  // without a new review the earlier summary is still the one that counts
  if (plan.review.kind === 'create' && run.reviewId === null) return
  const url = run.reviewId === null ? null : options.reviewUrl(run.reviewId)
  for (const { id, marker } of plan.shrink) {
    if (!mayGoOn(run)) return
    const shrunk = await gateway.updateReview(id, withMarker(movedText(url), marker))
    if (!shrunk.ok && shrunk.refusal.kind !== 'not-found')
      return degrade(run, shrunk.refusal, 'Shortening an earlier review of ours')
  }
}

/** Once more at half the length for a host that accepts less than it says. */
async function atItsLength(body: string, send: (body: string) => Promise<Outcome<null>>): Promise<Outcome<null>> {
  const sent = await send(body)
  return sent.ok || causeOf(sent.refusal) !== 'length' ? sent : send(halved(body))
}

async function editComment(run: Run, { id, body, form, resolve }: PlannedEdit): Promise<void> {
  if (!mayGoOn(run)) return
  const edited = await atItsLength(body, (text) => run.gateway.updateComment(id, text))
  // deleted by a human since the list was read: their decision
  if (!edited.ok && edited.refusal.kind === 'not-found') return
  if (!edited.ok) return degrade(run, edited.refusal, 'Updating our comments')
  run.counts[form === 'text' ? 'updated' : form] += 1
  if (resolve !== null && mayGoOn(run)) await resolveThread(run, resolve)
}

const RESOLVING =
  'Threads of fixed findings were not resolved: this needs `contents: write`; the comments say that they are fixed.'

async function resolveThread(run: Run, threadId: string): Promise<void> {
  if (run.notices.includes(RESOLVING)) return
  const resolved = await run.gateway.resolveThread(threadId)
  if (resolved.ok) run.counts.resolved += 1
  else if (!run.notices.includes(RESOLVING)) run.notices.push(RESOLVING)
}
