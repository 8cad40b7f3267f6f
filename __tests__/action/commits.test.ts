// The commits that an event means, opened against the embedded GitHub: which trees are read, and with how few requests.
import { afterEach, describe, expect, test } from '@jest/globals'
import { openCommits, readChanges, type Commits } from '../../src/action/commits.ts'
import type { ReviewRequest } from '../../src/action/event.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { GitHubClient } from '../../src/github/client.ts'
import { clientOf } from '../github/server.ts'

const FILES = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`pkg/m${at}.py`, `x = ${at}\n`]))
const CONFIG = 'phasegate.yml'

interface World {
  readonly host: EmbeddedGitHub
  readonly client: GitHubClient
  readonly base: string
  readonly head: string
  /** tip of the base branch, one commit after `base` */
  readonly tip: string
}

let open: EmbeddedGitHub | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function world(): Promise<World> {
  const host = await startGitHub()
  open = host
  host.createRepository('acme/shop', { ...FILES, [CONFIG]: 'fail-on: warning\n' })
  const first = host.commit('acme/shop', 'main', { 'README.md': 'a' })
  const head = host.commit('acme/shop', 'work', { 'pkg/m1.py': 'x = 2\n', 'pkg/new.py': 'y = 1\n' })
  const tip = host.commit('acme/shop', 'main', { 'pkg/m9.py': 'z = 1\n', [CONFIG]: 'fail-on: note\n' })
  host.openPullRequest({ repository: 'acme/shop', head: 'work', title: 'Change' })
  const token = host.createToken({ contents: 'read', 'pull-requests': 'read' })
  return { host, client: clientOf({ apiUrl: host.url, graphqlUrl: host.graphqlUrl }, token), base: first, head, tip }
}

const request = (more: Partial<ReviewRequest>): ReviewRequest => ({
  kind: 'push',
  owner: 'acme',
  repo: 'shop',
  head: '',
  base: null,
  pull: null,
  ...more,
})

async function opened({ client }: World, asked: ReviewRequest): Promise<Commits> {
  const outcome = await openCommits(client, asked, [CONFIG])
  if (!outcome.ok) throw new Error(outcome.refusal.message)
  return outcome.value
}

const shas = ({ head, base, policy }: Commits): unknown => [head.commit, base?.commit, policy?.commit]

describe('openCommits', () => {
  test('a pull request: merge base, and the policy at the tip', async () => {
    const it = await world()
    const pull = { number: 1, changedFiles: 2, locked: false }
    const commits = await opened(it, request({ kind: 'pull-request', head: it.head, base: it.tip, pull }))
    expect(shas(commits)).toEqual([it.head, it.base, it.tip])
    expect(commits.listed).toMatchObject({ problem: null, files: { length: 2 } })
    const changes = await readChanges(commits)
    expect(changes?.files.map(({ path, status }) => [path, status])).toEqual([
      ['pkg/m1.py', 'modified'],
      ['pkg/new.py', 'added'],
    ])
    await commits.head.read(commits.head.python)
    await commits.base?.read(commits.base.python)
    // comparison, three trees, list of files, and one request for all contents
    expect(it.client.requests()).toBe(6)
  })

  test('a payload without the number of files costs one request more', async () => {
    const it = await world()
    const pull = { number: 1, changedFiles: null, locked: false }
    const commits = await opened(it, request({ kind: 'pull-request', head: it.head, base: it.tip, pull }))
    expect([commits.listed?.files.length, it.client.requests()]).toEqual([2, 7])
  })

  test('a merge group is compared with what it was built on', async () => {
    const it = await world()
    expect(shas(await opened(it, request({ kind: 'merge-group', head: it.head, base: it.base })))).toEqual([
      it.head,
      it.base,
      it.base,
    ])
  })

  test('a push', async () => {
    const it = await world()
    expect(shas(await opened(it, request({ head: it.head, base: it.tip })))).toEqual([it.head, it.base, it.tip])
    expect(shas(await opened(it, request({ head: it.head, base: 'f'.repeat(40) })))).toEqual([
      it.head,
      undefined,
      undefined,
    ])
    const alone = await opened(it, request({ head: it.head }))
    expect([shas(alone), await readChanges(alone)]).toEqual([[it.head, undefined, undefined], null])
  })

  test('a pull request without a merge base is refused', async () => {
    const it = await world()
    const asked = request({
      kind: 'pull-request',
      head: it.head,
      base: 'f'.repeat(40),
      pull: { number: 1, changedFiles: 1, locked: false },
    })
    expect(await openCommits(it.client, asked, [])).toMatchObject({
      ok: false,
      refusal: { kind: 'not-found', message: expect.stringMatching(/^no merge base of/) },
    })
  })

  test('a commit that is not there is refused', async () => {
    const it = await world()
    expect(await openCommits(it.client, request({ kind: 'tree', head: 'f'.repeat(40) }), [])).toMatchObject({
      ok: false,
      refusal: { kind: 'not-found' },
    })
  })
})
