// The list of a pull request's files. It only places comments; what changed is decided by the trees. A list that cannot be completed
// is a value with the reason, never a shorter list that looks whole.
import { array, nullish, object, string } from 'valibot'
import type { GitHubClient, RepositoryName } from './client.ts'
import { NullableText } from './shapes.ts'

export interface ListedFile {
  readonly path: string
  readonly status: string
  readonly previousPath: string | null
  /** hunks without file header; absent for binary and for large files */
  readonly patch: string | null
}

export interface FileList {
  readonly files: readonly ListedFile[]
  /** why files are missing, or null if the list is whole */
  readonly problem: string | null
}

const ROUTE = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/files'
const Page = array(
  object({ filename: string(), status: string(), previous_filename: NullableText, patch: nullish(string(), null) }),
)
/** GitHub: "List pull requests files", at most 100 a page and 3,000 in all. */
const PER_PAGE = 100
const MAX_FILES = 3000

/**
 * Reads pages by number until `expected` files (`pull_request.changed_files`) are there; headers with links are not trusted, and a
 * page that repeats a file ends the reading.
 */
export async function readFiles(
  client: GitHubClient,
  repository: RepositoryName,
  number: number,
  expected: number,
): Promise<FileList> {
  const files = new Map<string, ListedFile>()
  const wanted = Math.min(expected, MAX_FILES)
  for (let page = 1; files.size < wanted; page += 1) {
    const outcome = await client.get(ROUTE, { ...repository, pull_number: number, per_page: PER_PAGE, page }, Page)
    if (!outcome.ok) return { files: [...files.values()], problem: outcome.refusal.message }
    if (outcome.value.length === 0) return { files: [...files.values()], problem: missing(files.size, expected) }
    for (const file of outcome.value) {
      if (files.has(file.filename))
        return { files: [...files.values()], problem: `a page repeats ${JSON.stringify(file.filename)}` }
      const { filename: path, status, previous_filename: previousPath, patch } = file
      files.set(path, { path, status, previousPath: previousPath ?? null, patch: patch ?? null })
    }
  }
  return { files: [...files.values()], problem: expected > wanted ? missing(files.size, expected) : null }
}

function missing(listed: number, expected: number): string {
  return `only ${listed} of ${expected} changed files are listed`
}
