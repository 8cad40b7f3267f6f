// Reviews commits of other people's repositories as they lie on the disk: one commit alone, or a commit against another one.
// What is read is a git directory; nothing of it is run, and nothing is fetched.
import { reviewOf } from '../__tests__/support/review-files.ts'
import type { Review } from '../src/findings/model.ts'
import { openGitRepository } from '../src/sources/git.ts'

/** The review of `head`, against `base` when there is one: commit ids of the repository in `directory`. */
export async function reviewed(directory: string, head: string, base: string | null): Promise<Review> {
  const repository = await openGitRepository(directory)
  try {
    const commit = await repository.resolve(head)
    const alone = { head: repository.commitReader(commit), trials: 0 }
    if (base === null) return await reviewOf(alone)
    const against = await repository.resolve(base)
    const changes = await repository.changeSet(against, commit)
    return await reviewOf({ ...alone, base: repository.commitReader(against), changes })
  } finally {
    repository.close()
  }
}
