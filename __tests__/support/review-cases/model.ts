// The form of a pull request as data: the tree before, what the pull request changes in it, and what a review has to say about that.
// Run through the pipeline (scenarios/reviews.test.ts) and through the built Action (end-to-end/reviews.test.ts).
import type { Files } from '../review-files.ts'
import type { PullRequestCase } from '../pull-requests.ts'

export interface ReviewCase {
  readonly id: string
  readonly title: string
  /** the reason of what is expected */
  readonly why: string
  readonly base: Files
  /** path → text of the head; null: deleted */
  readonly change: Readonly<Record<string, string | null>>
  /** places: `file:line`, a `file` for a comment on the whole file, `summary` */
  readonly expect: PullRequestCase['expect']
  /** comments on the page; default: one for each new finding that has a place */
  readonly comments?: number
}

export function asPullRequest({ id, title, base, change, expect }: ReviewCase): PullRequestCase {
  const head = Object.entries({ ...base, ...change }).filter((entry): entry is [string, string] => entry[1] !== null)
  return { id, title, base, head: Object.fromEntries(head), expect }
}

/** A module of the modular framework: its folder's files below one prefix. */
export function moduleFiles(name: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`modules/standard/${name}/${path}`, text]))
}

/** Two functions that connect or do nothing; the first operation stands in line 2. */
export const STORE = `def load(app_context):
    return app_context.db_sync_engine.connect()


def skip(app_context):
    return None
`
