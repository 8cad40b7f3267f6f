// What the next run of the Action does is decided by what GitHub holds: it keeps nothing of its own between two runs. So where two faults
// leave the same, whole and byte for byte, one next run stands for both.
// Must stay true: whatever the Action reads of a pull request is part of the state that is compared.
import type { CheckRun, PullRequest } from '../../src/demo/state.ts'
import type { Stage } from '../end-to-end/stage.ts'

/** By what GitHub holds; each test file has its own. */
const seen = new Map<string, Promise<unknown>>()

/**
 * What `runs` gives, which is asked only once for each state of GitHub and each `kind` of asking: with the same two it must do the same.
 * The server's dialect and its scripts must have nothing left that a state does not show.
 */
export async function afterwards<T>(
  stage: Stage,
  pull: PullRequest,
  runs: () => Promise<T>,
  kind: readonly unknown[] = [],
): Promise<T> {
  const state = JSON.stringify([kind, heldBy(stage, pull)])
  const known = seen.get(state)
  if (known !== undefined) return known as Promise<T>
  const result = runs()
  seen.set(state, result)
  return result
}

/** Refs, the pull request, its reviews, threads and comments as they were written, and what identifies check runs; no times, no port. */
function heldBy({ github }: Stage, pull: PullRequest): string {
  const { number, headRef, headSha, baseRef, title, body, state, draft, locked } = pull
  const commits = [...pull.repository.network.store.refs.values()]
  const held = [
    [number, headRef, headSha, baseRef, title, body, state, draft, locked],
    [...pull.repository.network.store.refs],
    github.reviews(pull).map((it) => [it.id, it.author.login, it.commitId, it.state, it.body]),
    github
      .threads(pull)
      .map((it) => [it.id, it.path, it.subject, it.side, it.line, it.startLine, it.commitId, it.resolvedBy?.login]),
    github
      .comments(pull)
      .map((it) => [it.id, it.thread.id, it.review.id, it.author.login, it.inReplyTo, it.body, it.editedBy]),
    [...new Set(commits)].map((sha) =>
      github.checkRuns(sha).map((it) => [it.id, sha, it.name, it.status, it.conclusion, digestOf(it)]),
    ),
  ]
  return JSON.stringify(held).replaceAll(github.serverUrl, '')
}

/** A check run is found again by its digest, and an incomplete review never has that of a complete one: any of them is passed over alike. */
const digestOf = ({ title, externalId }: CheckRun): string | null =>
  title?.startsWith('Incomplete: ') === true ? 'incomplete' : externalId
