// The check run: created once, already completed, when everything is known. Updates append annotations, so a run that says the same is
// left alone and anything else becomes a new run. It repeats the job's result and never decides it.
import { array, nullish, object, string } from 'valibot'
import type { CheckAnnotation, CheckRunDraft, Outcome } from '../publish/model.ts'
import type { GitHubClient, RepositoryName } from './client.ts'
import { Count, NullableText } from './shapes.ts'

/** GitHub: "Create a check run": annotations of one request; characters of an annotation's title and of a summary. */
const ANNOTATIONS_PER_REQUEST = 50
const TITLE_LENGTH = 255
const SUMMARY_LENGTH = 65_535

/** A server that answered with an error, or not at all, gets this long before we look, in milliseconds. */
const SETTLING = 5000

const LIST = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs'
const Runs = object({
  check_runs: array(
    object({
      id: Count,
      external_id: NullableText,
      status: string(),
      conclusion: NullableText,
      html_url: nullish(string(), null),
    }),
  ),
})
const CREATE = 'POST /repos/{owner}/{repo}/check-runs'
const UPDATE = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'
const Run = object({ id: Count, html_url: nullish(string(), null) })

export interface CheckRunPlace {
  readonly id: number
  /** the run's page, '' if the answer does not name it */
  readonly url: string
}

/** Creates the run, or finds a completed one with the same name, result and digest (`externalId`) on the same commit. */
export async function createCheckRun(
  client: GitHubClient,
  repository: RepositoryName,
  draft: CheckRunDraft,
): Promise<Outcome<CheckRunPlace>> {
  const there = await find(client, repository, draft)
  if (!there.ok) return there
  if (there.value !== null) return { ok: true, value: there.value }
  const [first = [], ...rest] = chunks(draft.annotations)
  const created = await post(client, repository, draft, first)
  if (!created.ok) return created
  for (const annotations of rest) {
    const updated = await client.write(
      UPDATE,
      { ...repository, check_run_id: created.value.id, output: output(draft, annotations) },
      Run,
    )
    if (!updated.ok) break
  }
  return created
}

/**
 * A run may exist although the answer was an error: the digest finds it, and a second one of the same name would be ambiguous. Only one that
 * is not there is sent again, once.
 */
async function post(
  client: GitHubClient,
  repository: RepositoryName,
  draft: CheckRunDraft,
  annotations: readonly CheckAnnotation[],
): Promise<Outcome<CheckRunPlace>> {
  for (let isAgain = false; ; isAgain = true) {
    const created = await client.write(
      CREATE,
      {
        ...repository,
        name: draft.name,
        head_sha: draft.headSha,
        status: 'completed',
        conclusion: draft.conclusion,
        external_id: draft.externalId,
        ...(draft.detailsUrl === null ? {} : { details_url: draft.detailsUrl }),
        output: output(draft, annotations),
      },
      Run,
    )
    if (created.ok) return { ok: true, value: { id: created.value.id, url: created.value.html_url ?? '' } }
    if (created.refusal.kind !== 'unavailable') return created
    await client.clock.wait(SETTLING)
    const found = await find(client, repository, draft)
    if (found.ok && found.value !== null) return { ok: true, value: found.value }
    if (isAgain || !found.ok) return created
  }
}

async function find(
  client: GitHubClient,
  repository: RepositoryName,
  draft: CheckRunDraft,
): Promise<Outcome<CheckRunPlace | null>> {
  const outcome = await client.get(
    LIST,
    { ...repository, ref: draft.headSha, check_name: draft.name, per_page: 100 },
    Runs,
  )
  if (!outcome.ok) return outcome
  const same = outcome.value.check_runs.find(
    (run) => run.external_id === draft.externalId && run.status === 'completed' && run.conclusion === draft.conclusion,
  )
  return { ok: true, value: same === undefined ? null : { id: same.id, url: same.html_url ?? '' } }
}

function chunks(annotations: readonly CheckAnnotation[]): CheckAnnotation[][] {
  const parts: CheckAnnotation[][] = []
  for (let at = 0; at < annotations.length; at += ANNOTATIONS_PER_REQUEST)
    parts.push(annotations.slice(at, at + ANNOTATIONS_PER_REQUEST))
  return parts
}

function output(draft: CheckRunDraft, annotations: readonly CheckAnnotation[]): object {
  return {
    title: draft.title.slice(0, TITLE_LENGTH),
    summary: draft.summary.slice(0, SUMMARY_LENGTH),
    annotations: annotations.map((it) => ({
      path: it.path,
      start_line: it.startLine,
      end_line: it.endLine,
      annotation_level: it.level,
      title: it.title.slice(0, TITLE_LENGTH),
      message: it.message,
    })),
  }
}
