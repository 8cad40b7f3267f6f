// The open pull requests whose head is one branch at one commit: how a workflow that was started by another one's end finds out what that one
// was about. The run's own list of pull requests is empty for forks, so it is not used.
import { array, nullish, object, string } from 'valibot'
import type { Outcome } from '../publish/model.ts'
import type { GitHubClient, RepositoryName } from './client.ts'
import { Count, Sha } from './shapes.ts'

export interface BranchHead {
  /** `owner/name` of the repository that holds the branch */
  readonly repository: string
  readonly branch: string
}

export interface PullOfBranch {
  readonly number: number
  readonly headSha: string
}

const LIST = 'GET /repos/{owner}/{repo}/pulls'
const Pulls = array(
  object({
    number: Count,
    head: object({ sha: Sha, ref: string(), repo: nullish(object({ full_name: string() }), null) }),
  }),
)

/** Ascending by number. The filter of the request is checked again, because a host ignores one that it does not understand. */
export async function pullsOfBranch(
  client: GitHubClient,
  repository: RepositoryName,
  { repository: fullName, branch }: BranchHead,
): Promise<Outcome<readonly PullOfBranch[]>> {
  const [owner = ''] = fullName.split('/')
  const parameters = { ...repository, state: 'open', head: `${owner}:${branch}`, per_page: 100 }
  const outcome = await client.get(LIST, parameters, Pulls)
  if (!outcome.ok) return outcome
  const same = outcome.value.filter(
    ({ head }) => head.ref === branch && head.repo?.full_name.toLowerCase() === fullName.toLowerCase(),
  )
  const pulls = same.map(({ number, head }): PullOfBranch => ({ number, headSha: head.sha }))
  return { ok: true, value: pulls.toSorted((a, b) => a.number - b.number) }
}
