// The listing of one commit: every path with its mode and object id. Trees decide what changed, so a listing is complete or refused;
// a truncated answer is never used as one.
// Must stay true: symlinks and submodules are listed as what they are and never followed.
import { array, boolean, nullish, object, string } from 'valibot'
import type { Outcome } from '../publish/model.ts'
import { refused, unexpected, type GitHubClient, type RepositoryName } from './client.ts'
import { Count, Sha } from './shapes.ts'

export interface TreeEntry {
  readonly path: string
  readonly kind: 'file' | 'symlink' | 'submodule' | 'directory'
  readonly id: string
  /** bytes; 0 for what has no content of its own */
  readonly size: number
}

const ROUTE = 'GET /repos/{owner}/{repo}/git/trees/{tree_sha}'
const Tree = object({
  truncated: boolean(),
  tree: array(object({ path: string(), mode: string(), type: string(), sha: Sha, size: nullish(Count, 0) })),
})

/** Trees read one by one when the recursive answer was cut; each is a request. */
const MAX_TREES = 150

interface Walk {
  readonly client: GitHubClient
  readonly repository: RepositoryName
  readonly entries: TreeEntry[]
  trees: number
}

/**
 * All entries of a commit or tree, directories included. `recursive=1` gives at most 100,000 entries or 7 MB (GitHub: "Get a
 * tree"); beyond that the directories are read level by level.
 */
export async function readTree(
  client: GitHubClient,
  repository: RepositoryName,
  sha: string,
): Promise<Outcome<readonly TreeEntry[]>> {
  const walk: Walk = { client, repository, entries: [], trees: 0 }
  const done = await readInto(walk, sha, '')
  return done.ok ? { ok: true, value: walk.entries } : done
}

async function readInto(walk: Walk, sha: string, directory: string): Promise<Outcome<null>> {
  const whole = await ask(walk, sha, true)
  if (!whole.ok) return whole
  if (!whole.value.truncated) return add(walk, whole.value.tree, directory)
  const level = await ask(walk, sha, false)
  if (!level.ok) return level
  if (level.value.truncated) return refused(unexpected(ROUTE, 'a directory with more entries than the API lists'))
  const added = add(walk, level.value.tree, directory)
  if (!added.ok) return added
  for (const entry of level.value.tree) {
    if (entry.type !== 'tree') continue
    const below = await readInto(walk, entry.sha, `${directory}${entry.path}/`)
    if (!below.ok) return below
  }
  return added
}

type Listed = {
  readonly path: string
  readonly mode: string
  readonly type: string
  readonly sha: string
  readonly size: number | null
}

async function ask(
  walk: Walk,
  sha: string,
  recursive: boolean,
): Promise<Outcome<{ truncated: boolean; tree: readonly Listed[] }>> {
  walk.trees += 1
  if (walk.trees > MAX_TREES) return refused(unexpected(ROUTE, `more than ${MAX_TREES} directories to read one by one`))
  // any value of `recursive`, even false, switches it on
  const parameters = { ...walk.repository, tree_sha: sha, ...(recursive ? { recursive: '1' } : {}) }
  return walk.client.get(ROUTE, parameters, Tree)
}

function add(walk: Walk, tree: readonly Listed[], directory: string): Outcome<null> {
  for (const { path, mode, type, sha, size } of tree) {
    const kind = kindOf(mode, type)
    if (kind === null) return refused(unexpected(ROUTE, `an entry of mode ${mode.slice(0, 10)}`))
    walk.entries.push({ path: directory + path, kind, id: sha, size: size ?? 0 })
  }
  return { ok: true, value: null }
}

/** Modes of git's tree objects; 100664 stands in old histories. */
function kindOf(mode: string, type: string): TreeEntry['kind'] | null {
  if (mode === '120000') return 'symlink'
  if (mode === '160000' || type === 'commit') return 'submodule'
  if (type === 'tree') return 'directory'
  return type === 'blob' && /^1006[0-7]{2}$|^100755$/.test(mode) ? 'file' : null
}
