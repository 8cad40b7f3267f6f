// A pull request as it is now, and the commit that it has to be compared with. The tip of the base branch is never the base of a
// comparison: files that only the base branch changed would be blamed on the author.
import { boolean, nullish, object } from 'valibot'
import type { Outcome } from '../publish/model.ts'
import type { GitHubClient, RepositoryName } from './client.ts'
import { Count, Sha } from './shapes.ts'

export interface PullRequestFacts {
  readonly headSha: string
  /** tip of the base branch */
  readonly baseSha: string
  readonly changedFiles: number
  readonly locked: boolean
}

const PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const Pull = object({
  head: object({ sha: Sha }),
  base: object({ sha: Sha }),
  changed_files: Count,
  locked: nullish(boolean(), false),
})

export async function readPullRequest(
  client: GitHubClient,
  repository: RepositoryName,
  number: number,
): Promise<Outcome<PullRequestFacts>> {
  const outcome = await client.get(PULL, { ...repository, pull_number: number }, Pull)
  if (!outcome.ok) return outcome
  const { head, base, changed_files: changedFiles, locked } = outcome.value
  return { ok: true, value: { headSha: head.sha, baseSha: base.sha, changedFiles, locked: locked ?? false } }
}

const COMPARE = 'GET /repos/{owner}/{repo}/compare/{basehead}'
const Comparison = object({ merge_base_commit: object({ sha: Sha }) })

/** The merge base of two commits. Only this field of the comparison is used: its list of files ends at 300. */
export async function readMergeBase(
  client: GitHubClient,
  repository: RepositoryName,
  base: string,
  head: string,
): Promise<Outcome<string>> {
  if (base === head) return { ok: true, value: base }
  const outcome = await client.get(COMPARE, { ...repository, basehead: `${base}...${head}`, per_page: 1 }, Comparison)
  return outcome.ok ? { ok: true, value: outcome.value.merge_base_commit.sha } : outcome
}
