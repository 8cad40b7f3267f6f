// Routes for check runs. As on the service: an update appends annotations, a run lands in a suite that nobody chose, and only
// installation tokens may write.
import { listReply, pageOf } from './pages.ts'
import { renderAnnotation, renderCheckRun } from './render-reviews.ts'
import {
  integer,
  invalidRequest,
  json,
  notFound,
  refusal,
  type Reply,
  type Route,
  type RouteContext,
} from './replies.ts'
import { shapeProblems, type Shape } from './shapes.ts'
import { commitNamed, newId, type Annotation, type CheckRun } from './state.ts'
import type { Limits } from './options.ts'

const READ = { name: 'checks', level: 'read' } as const
const WRITE = { name: 'checks', level: 'write' } as const

export const checkRoutes = (): readonly Route[] => [
  { method: 'POST', path: '/repos/:owner/:repo/check-runs', right: WRITE, answer: create },
  { method: 'PATCH', path: '/repos/:owner/:repo/check-runs/:run', right: WRITE, answer: withRun(update) },
  { method: 'GET', path: '/repos/:owner/:repo/check-runs/:run', right: READ, answer: withRun(one) },
  { method: 'GET', path: '/repos/:owner/:repo/check-runs/:run/annotations', right: READ, answer: withRun(annotations) },
  { method: 'GET', path: '/repos/:owner/:repo/commits/:ref/check-runs', right: READ, answer: list },
]

function withRun(answer: (context: RouteContext, run: CheckRun) => Reply): (context: RouteContext) => Reply {
  return (context) => {
    const id = integer(context.params['run'])
    const run = context.host.state.checkRuns.find((it) => it.id === id && it.repository === context.repository)
    return run === undefined ? notFound() : answer(context, run)
  }
}

const one = ({ host }: RouteContext, run: CheckRun): Reply => json(renderCheckRun(host, run))

const annotations = (context: RouteContext, run: CheckRun): Reply =>
  listReply(context, run.annotations, (annotation) => renderAnnotation(context.host, run, annotation))

const CONCLUSIONS = ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out']

function checkShape(limits: Limits, required: boolean): Shape {
  const needed = required ? { required: true as const } : {}
  return {
    name: { kind: 'string', ...needed },
    ...(required ? { head_sha: { kind: 'string', required: true } } : {}),
    details_url: { kind: 'string' },
    external_id: { kind: 'string' },
    status: { kind: 'string', values: ['queued', 'in_progress', 'completed'] },
    started_at: { kind: 'string' },
    conclusion: { kind: 'string', values: CONCLUSIONS },
    completed_at: { kind: 'string' },
    output: {
      kind: 'object',
      fields: {
        title: { kind: 'string', ...needed },
        summary: { kind: 'string', required: true, maxLength: limits.checkText },
        text: { kind: 'string', maxLength: limits.checkText },
        annotations: { kind: 'array', maxItems: limits.annotations, fields: ANNOTATION_SHAPE },
      },
    },
  }
}

/** Title and message of an annotation: 255 characters and 64 KB (documented: create a check run). */
const ANNOTATION_SHAPE: Shape = {
  path: { kind: 'string', required: true },
  start_line: { kind: 'integer', required: true },
  end_line: { kind: 'integer', required: true },
  start_column: { kind: 'integer' },
  end_column: { kind: 'integer' },
  annotation_level: { kind: 'string', required: true, values: ['notice', 'warning', 'failure'] },
  message: { kind: 'string', required: true, maxLength: 65_536 },
  title: { kind: 'string', maxLength: 255 },
  raw_details: { kind: 'string', maxLength: 65_536 },
}

interface CheckBody {
  readonly name?: string
  readonly head_sha?: string
  readonly details_url?: string
  readonly external_id?: string
  readonly status?: string
  readonly started_at?: string
  readonly conclusion?: string
  readonly completed_at?: string
  readonly output?: { title?: string; summary: string; text?: string; annotations?: readonly Partial<Annotation>[] }
}

/** The number of suites a commit has: runs are spread over them. */
const SUITES = 3

function create(context: RouteContext): Reply {
  const { host, request, repository } = context
  const problem = bodyProblem(context, true)
  if (problem !== null) return problem
  const wanted = request.body as CheckBody
  const headSha = wanted.head_sha ?? ''
  if (repository.network.history.commit(headSha) === null) return refusal(422, `No commit found for SHA: ${headSha}`)
  const id = newId(host.state)
  const run: CheckRun = {
    id,
    repository,
    headSha,
    suite: 1_000_000_000 + ((id * 7) % SUITES),
    annotations: [],
    name: wanted.name ?? '',
    status: 'queued',
    conclusion: null,
    externalId: null,
    detailsUrl: null,
    startedAt: host.timestamp(),
    completedAt: null,
    title: null,
    summary: null,
    text: null,
  }
  apply(context, run, wanted)
  host.state.checkRuns.push(run)
  return json(renderCheckRun(host, run), 201)
}

function update(context: RouteContext, run: CheckRun): Reply {
  const problem = bodyProblem(context, false)
  if (problem !== null) return problem
  apply(context, run, context.request.body as CheckBody)
  return json(renderCheckRun(context.host, run))
}

function bodyProblem({ host, request }: RouteContext, required: boolean): Reply | null {
  if (request.token.kind === 'user') return refusal(403, 'You must authenticate via a GitHub App.')
  const problems = shapeProblems(request.body, checkShape(host.limits, required))
  if (problems.length > 0) return invalidRequest(...problems)
  const { status, conclusion, output } = request.body as CheckBody
  if (status === 'completed' && conclusion === undefined) return invalidRequest('"conclusion" wasn\'t supplied.')
  const columns = output?.annotations?.some(
    (it) => (it.start_column ?? it.end_column) !== undefined && it.start_line !== it.end_line,
  )
  return columns === true
    ? invalidRequest('start_column and end_column need start_line and end_line to be equal.')
    : null
}

function apply({ host }: RouteContext, run: CheckRun, wanted: CheckBody): void {
  run.name = wanted.name ?? run.name
  run.detailsUrl = wanted.details_url ?? run.detailsUrl
  run.externalId = wanted.external_id ?? run.externalId
  run.startedAt = wanted.started_at ?? run.startedAt
  run.status = wanted.conclusion === undefined ? (wanted.status ?? run.status) : 'completed'
  run.conclusion = wanted.conclusion ?? run.conclusion
  run.completedAt = run.status === 'completed' ? (wanted.completed_at ?? run.completedAt ?? host.timestamp()) : null
  const { output } = wanted
  if (output === undefined) return
  run.title = output.title ?? run.title
  run.summary = output.summary
  run.text = output.text ?? run.text
  for (const given of output.annotations ?? [])
    run.annotations.push({
      path: given.path ?? '',
      start_line: given.start_line ?? 1,
      end_line: given.end_line ?? 1,
      start_column: given.start_column ?? null,
      end_column: given.end_column ?? null,
      annotation_level: given.annotation_level ?? 'notice',
      title: given.title ?? null,
      message: given.message ?? '',
      raw_details: given.raw_details ?? null,
    })
}

/** `filter=latest` (the default) keeps the newest run of each name **per suite**, so several of one name can remain. */
function list(context: RouteContext): Reply {
  const { host, request, repository, params } = context
  const sha = commitNamed(host.state, repository, params['ref'] ?? '')
  if (sha === null) return refusal(422, `No commit found for SHA: ${params['ref'] ?? ''}`)
  const [name, status] = [request.query.get('check_name'), request.query.get('status')]
  const found = host.state.checkRuns.filter(
    (run) =>
      run.repository === repository &&
      run.headSha === sha &&
      (name === undefined || run.name === name) &&
      (status === undefined || run.status === status),
  )
  const latest = new Map(found.map((run) => [`${run.suite} ${run.name}`, run]))
  const kept = request.query.get('filter') === 'all' ? found : [...latest.values()]
  const page = pageOf(context, kept.toReversed())
  return json(
    { total_count: kept.length, check_runs: page.items.map((run) => renderCheckRun(host, run)) },
    200,
    page.headers,
  )
}
