// The state of one application of a plan: what was done so far, and whether anything more may be written. Everything that writes asks
// here first, so that a moved head, a signal or a refusal stops all of it at once.
import { repeatedComments } from './own.ts'
import { readMarker, type MarkedFinding } from './marker.ts'
import type { ExistingComment, ExistingReview, Refusal, ReviewGateway } from './model.ts'
import { isMissingRight, noticeOf } from './refusals.ts'

export interface ApplyOptions {
  readonly key: string
  /** analysed commits */
  readonly head: string
  readonly base: string | null
  readonly wait: (milliseconds: number) => Promise<void>
  /** body of the summary when these fingerprints could not be placed */
  readonly summary: (refused: ReadonlySet<string>) => string
  readonly reviewUrl: (id: number) => string | null
  /** fingerprints that earlier runs found no place for */
  readonly refused: ReadonlySet<string>
  /** true once the process was asked to end */
  readonly stopped: () => boolean
}

export interface Applied {
  /** comments posted */
  readonly posted: number
  readonly updated: number
  readonly fixed: number
  readonly suppressed: number
  readonly removed: number
  readonly resolved: number
  /** fingerprints that no anchor was accepted for: they stand in the summary */
  readonly refused: readonly string[]
  readonly reviewId: number | null
  /** the commit that replaced the analysed one */
  readonly supersededBy: string | null
  /** a right is missing */
  readonly denied: boolean
  /** what a person has to know; not empty means degraded */
  readonly notices: readonly string[]
  /** for the log alone */
  readonly log: readonly string[]
}

export interface Run {
  readonly gateway: ReviewGateway
  readonly options: ApplyOptions
  readonly counts: {
    posted: number
    updated: number
    fixed: number
    suppressed: number
    removed: number
    resolved: number
  }
  readonly refused: Set<string>
  readonly notices: string[]
  readonly log: string[]
  /** marks of what is on the pull request because of this run */
  readonly said: MarkedFinding[]
  reviewId: number | null
  supersededBy: string | null
  halted: boolean
  denied: boolean
}

export function createRun(gateway: ReviewGateway, options: ApplyOptions): Run {
  const counts = { posted: 0, updated: 0, fixed: 0, suppressed: 0, removed: 0, resolved: 0 }
  return {
    gateway,
    options,
    counts,
    refused: new Set(options.refused),
    notices: [],
    log: [],
    said: [],
    reviewId: null,
    supersededBy: null,
    halted: false,
    denied: false,
  }
}

export function resultOf(run: Run): Applied {
  const { counts, refused, reviewId, supersededBy, denied, notices, log } = run
  return { ...counts, refused: [...refused], reviewId, supersededBy, denied, notices, log }
}

export function mayGoOn(run: Run): boolean {
  if (!run.halted && run.options.stopped()) {
    run.halted = true
    run.notices.push('Publishing was interrupted by a signal; the next run completes it.')
  }
  return !run.halted
}

/** Ends all writing, with one notice. */
export function degrade(run: Run, refusal: Refusal, feature: string): void {
  run.halted = true
  run.denied = isMissingRight(refusal)
  run.notices.push(noticeOf(refusal, feature))
}

/** Reads the head and ends all writing if it is no longer the analysed commit. */
export async function headIsOurs(run: Run): Promise<boolean> {
  if (!mayGoOn(run)) return false
  const head = await run.gateway.headSha()
  if (!head.ok) {
    degrade(run, head.refusal, 'Review comments')
    return false
  }
  if (head.value === run.options.head) return true
  run.halted = true
  run.supersededBy = head.value
  run.log.push(`superseded by ${head.value}: nothing more is written on the pull request`)
  return false
}

export interface Listed {
  readonly comments: readonly ExistingComment[]
  readonly reviews: readonly ExistingReview[]
  readonly pendingReviewId: number | null
}

export async function list(run: Run): Promise<Listed | null> {
  const listed = await run.gateway.existing()
  if (listed.ok) return listed.value
  degrade(run, listed.refusal, 'Review comments')
  return null
}

/** Comments of this very analysis: our key and the analysed head. */
export function writtenNow({ comments }: Pick<Listed, 'comments'>, { key, head }: ApplyOptions): Set<string> {
  const markers = comments.map(({ body }) => readMarker(body))
  return new Set(
    markers.flatMap((marker) =>
      marker?.key === key && marker.head === head && marker.state === 'open'
        ? marker.findings.map((it) => it.fingerprint)
        : [],
    ),
  )
}

/** Removes what two runs at once, or a repeated request, posted twice. The lowest id stays; an answered comment always does. */
export async function removeRepeated(run: Run, ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    if (!mayGoOn(run)) return
    const removed = await run.gateway.deleteComment(id)
    if (removed.ok) run.counts.removed += 1
    else if (removed.refusal.kind !== 'not-found') return degrade(run, removed.refusal, 'Removing our own duplicates')
  }
}

export function repeatedIds({ comments }: Pick<Listed, 'comments'>, { key }: ApplyOptions): number[] {
  return repeatedComments(comments, key)
    .filter(({ replies }) => replies === 0)
    .map(({ id }) => id)
}
