// A pull request in memory behind the port of publishing. It keeps comments and reviews as a host does, and refuses when a test says so:
// per method a queue of refusals, and any line in `badLines` as an anchor outside the diff. Every write is noted.
import type {
  DraftComment,
  ExistingComment,
  ExistingReview,
  Outcome,
  Refusal,
  ReviewGateway,
} from '../../src/publish/model.ts'
import { HEAD } from './samples.ts'

export type Method = keyof ReviewGateway

/** Answers instead of the host. `applied`: the write happened all the same (for reviews: with its first n comments). */
export interface Fault {
  readonly refusal: Refusal
  readonly applied?: boolean | number
}

export interface MemoryPull {
  readonly gateway: ReviewGateway
  readonly writes: string[]
  readonly comments: ExistingComment[]
  readonly reviews: ExistingReview[]
  /** null: this call goes through */
  readonly faults: Map<Method, (Fault | null)[]>
  readonly badLines: Set<number>
  /** lines that the list of files no longer shows */
  readonly goneLines: Set<number>
  head: string
  pendingReviewId: number | null
  /** runs before every call */
  onCall: (method: Method) => void
}

export const refusal = (kind: Refusal['kind'], message: string, status: number): Refusal => ({ kind, message, status })
export const FORBIDDEN = refusal('forbidden', 'POST /x: 403 Resource not accessible by integration', 403)
export const BAD_GATEWAY = refusal('unavailable', 'POST /x: 502 Bad Gateway', 502)
export const BAD_ANCHOR = refusal(
  'unprocessable',
  'POST /x: 422 Pull request review thread line must be part of the diff',
  422,
)

export function memoryPull(): MemoryPull {
  const pull: MemoryPull = {
    gateway: null as unknown as ReviewGateway,
    writes: [],
    comments: [],
    reviews: [],
    faults: new Map(),
    badLines: new Set(),
    goneLines: new Set(),
    head: HEAD,
    pendingReviewId: null,
    onCall: () => undefined,
  }
  return Object.assign(pull, { gateway: gatewayOf(pull) })
}

const ok = <T>(value: T): Outcome<T> => ({ ok: true, value })
const refused = <T>(value: Refusal): Outcome<T> => ({ ok: false, refusal: value })

function gatewayOf(pull: MemoryPull): ReviewGateway {
  let nextId = 100
  const store = ({ placement, body }: DraftComment): void => {
    const line = placement.kind === 'file' ? null : placement.line
    const id = nextId++
    pull.comments.push({
      id,
      threadId: `T${id}`,
      body,
      path: placement.path,
      line,
      outdated: false,
      resolved: false,
      canResolve: false,
      replies: 0,
    })
  }
  const isBad = ({ placement }: DraftComment): boolean => placement.kind !== 'file' && pull.badLines.has(placement.line)
  const step = <T>(
    method: Method,
    note: string | null,
    act: (part: boolean | number) => Outcome<T>,
  ): Promise<Outcome<T>> => {
    pull.onCall(method)
    if (note !== null) pull.writes.push(note)
    const fault = pull.faults.get(method)?.shift()
    if (fault === undefined || fault === null) return Promise.resolve(act(true))
    if (fault.applied !== undefined && fault.applied !== false) act(fault.applied)
    return Promise.resolve(refused(fault.refusal))
  }
  return {
    headSha: () => step('headSha', null, () => ok(pull.head)),
    existing: () =>
      step('existing', null, () =>
        ok({ comments: [...pull.comments], reviews: [...pull.reviews], pendingReviewId: pull.pendingReviewId }),
      ),
    stillShown: (placements) =>
      step('stillShown', null, () => ok(placements.map((it) => it.kind === 'file' || !pull.goneLines.has(it.line)))),
    createReview: (body, comments) =>
      step('createReview', `review with ${comments.length}`, (part) => {
        if (pull.pendingReviewId !== null)
          return refused(refusal('unprocessable', '422 User can only have one pending review per pull request', 422))
        if (comments.some(isBad)) return refused(BAD_ANCHOR)
        const id = nextId++
        pull.reviews.push({ id, body, submittedAt: `2026-01-01T00:00:${String(id % 60).padStart(2, '0')}Z` })
        for (const comment of typeof part === 'number' ? comments.slice(0, part) : comments) store(comment)
        return ok({ id })
      }),
    createComment: (comment) =>
      step('createComment', `comment on ${comment.placement.kind}`, () => {
        if (isBad(comment)) return refused(BAD_ANCHOR)
        store(comment)
        return ok({ id: nextId })
      }),
    updateComment: (id, body) =>
      step('updateComment', `edit ${id}`, () => {
        const at = pull.comments.findIndex((it) => it.id === id)
        const old = pull.comments[at]
        if (old === undefined) return refused(refusal('not-found', '404', 404))
        pull.comments[at] = { ...old, body }
        return ok(null)
      }),
    updateReview: (id, body) =>
      step('updateReview', `edit review ${id}`, () => {
        const at = pull.reviews.findIndex((it) => it.id === id)
        const old = pull.reviews[at]
        if (old !== undefined) pull.reviews[at] = { ...old, body }
        return ok(null)
      }),
    deleteComment: (id) =>
      step('deleteComment', `delete ${id}`, () => {
        pull.comments.splice(0, pull.comments.length, ...pull.comments.filter((it) => it.id !== id))
        return ok(null)
      }),
    deletePendingReview: (id) =>
      step('deletePendingReview', `discard draft ${id}`, () => {
        pull.pendingReviewId = null
        return ok(null)
      }),
    resolveThread: (threadId) => step('resolveThread', `resolve ${threadId}`, () => ok(null)),
    createCheckRun: () => step('createCheckRun', 'check run', () => ok({ id: 1, url: '' })),
  }
}
