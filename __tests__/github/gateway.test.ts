// The way to GitHub against the embedded one: commits read without a checkout, the change in our terms, and the port of publishing with
// everything that the host refuses.
import { afterEach, describe, expect, test } from '@jest/globals'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { FileChanges } from '../../src/demo/git.ts'
import type { PullRequest } from '../../src/demo/state.ts'
import { createBlobStore } from '../../src/github/blobs.ts'
import { readChangeSet } from '../../src/github/changes.ts'
import type { GitHubClient } from '../../src/github/client.ts'
import { openCommit, type CommitReader } from '../../src/github/commit.ts'
import { readFiles } from '../../src/github/files.ts'
import { createReviewGateway } from '../../src/github/gateway.ts'
import { readMergeBase, readPullRequest } from '../../src/github/pull-request.ts'
import { markerLine } from '../../src/publish/marker.ts'
import type { DraftComment, Outcome } from '../../src/publish/model.ts'
import { clientOf } from './server.ts'

const REPOSITORY = { owner: 'acme', repo: 'shop' }
const MARKER = markerLine({ key: 'k', state: 'open', findings: [], head: 'a'.repeat(40), base: null })
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, at) => `x${from + at} = 1\n`).join('')

interface World {
  readonly host: EmbeddedGitHub
  readonly client: GitHubClient
  readonly pull: PullRequest
  readonly base: string
}

let open: EmbeddedGitHub | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function world(
  before: FileChanges,
  after: FileChanges,
  options: Parameters<typeof startGitHub>[0] = {},
): Promise<World> {
  const host = await startGitHub(options)
  open = host
  host.createRepository('acme/shop', before)
  host.commit('acme/shop', 'work', after)
  const pull = host.openPullRequest({ repository: 'acme/shop', head: 'work', title: 'Change' })
  const token = host.createToken({ contents: 'read', 'pull-requests': 'write', checks: 'write' })
  const client = clientOf({ apiUrl: host.url, graphqlUrl: host.graphqlUrl }, token)
  const facts = await readPullRequest(client, REPOSITORY, pull.number)
  if (!facts.ok) throw new Error(facts.refusal.message)
  return { host, client, pull, base: facts.value.baseSha }
}

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.refusal.message)
  return outcome.value
}

async function commits({ client, pull, base }: World): Promise<{ head: CommitReader; base: CommitReader }> {
  const store = createBlobStore(client, REPOSITORY)
  return {
    head: value(await openCommit(client, REPOSITORY, store, pull.headSha)),
    base: value(await openCommit(client, REPOSITORY, store, base)),
  }
}

describe('reading', () => {
  test('a pull request, and the commit that it is compared with', async () => {
    const it = await world({ 'a.py': 'a\n' }, { 'a.py': 'b\n' })
    const moved = it.host.commit('acme/shop', 'main', { 'other.py': 'x\n' })
    expect(value(await readPullRequest(it.client, REPOSITORY, 1))).toEqual({
      headSha: it.pull.headSha,
      baseSha: moved,
      changedFiles: 1,
      locked: false,
    })
    expect(value(await readMergeBase(it.client, REPOSITORY, moved, it.pull.headSha))).toBe(it.base)
    expect(value(await readMergeBase(it.client, REPOSITORY, moved, moved))).toBe(moved)
  })

  test('a commit without a checkout', async () => {
    const it = await world(
      { 'a.py': 'a\n', 'pkg/b.py': 'b\n', 'README.md': 'x', 'link.py': { mode: '120000', content: 'a.py' } },
      { 'a.py': new Uint8Array([0x23, 0xe9, 0x0a]) },
    )
    const { head } = await commits(it)
    expect([
      (await head.list()).map(({ path }) => path),
      head.skipped.map(({ path }) => path),
      head.entry('pkg')?.kind,
    ]).toEqual([['a.py', 'pkg/b.py'], ['link.py'], 'directory'])
    const contents = await head.read(head.python)
    expect(
      [...contents].map(([path, content]) => [
        path,
        content instanceof Uint8Array && Buffer.from(content).toString('latin1'),
      ]),
    ).toEqual([
      ['a.py', '#\u00e9\n'],
      ['pkg/b.py', 'b\n'],
    ])
  })

  test('neighbours come with the first request', async () => {
    const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`pkg${at % 6}/m${at}.py`, `x = ${at}\n`]))
    const it = await world(files, { 'pkg3/new.py': 'import pkg3.m3\n' })
    const { head } = await commits(it)
    const before = it.client.requests()
    await head.read(head.python.filter(({ path }) => path === 'pkg3/new.py' || path === 'pkg0/m0.py'))
    await head.read(head.python.filter(({ path }) => path.startsWith('pkg3/')))
    expect(it.client.requests() - before).toBe(1)
  })
})

const shape = async (it: World, listed = true): Promise<unknown[]> => {
  const sides = await commits(it)
  const list = listed
    ? await readFiles(it.client, REPOSITORY, 1, value(await readPullRequest(it.client, REPOSITORY, 1)).changedFiles)
    : null
  const { files } = await readChangeSet({ ...sides, listed: list })
  return files.map(({ path, previousPath, status, anchoring, hunks }) => [
    path,
    previousPath,
    status,
    anchoring,
    hunks.map(({ added }) => added.length),
  ])
}

describe('the change', () => {
  const before = {
    'same.py': 'x\n',
    'edit.py': lines(0, 30),
    'gone.py': 'g\n',
    'old.py': lines(50, 80),
    'moved.py': lines(80, 110),
    'big.py': lines(0, 10),
    'text.md': 'a',
  }
  const after = {
    'edit.py': lines(0, 10) + 'new\n' + lines(10, 30),
    'gone.py': null,
    'old.py': null,
    'new.py': lines(50, 80),
    'moved.py': null,
    'there.py': `${lines(80, 110)}more\n`,
    'added.py': 'a\nb\n',
    'big.py': lines(100, 120),
    'text.md': 'b',
  }

  test('as the host lists it', async () => {
    expect(await shape(await world(before, after, { limits: { patchLines: 25 } }))).toEqual([
      ['added.py', null, 'added', 'valid', [2]],
      ['big.py', 'big.py', 'modified', 'unknown', [20]],
      ['edit.py', 'edit.py', 'modified', 'valid', [1]],
      ['gone.py', 'gone.py', 'removed', 'valid', []],
      ['new.py', 'old.py', 'renamed', 'valid', []],
      ['there.py', 'moved.py', 'renamed', 'valid', [1]],
    ])
  })

  test('as the trees say it', async () => {
    expect(await shape(await world(before, after), false)).toEqual([
      ['added.py', null, 'added', 'unknown', [2]],
      ['big.py', 'big.py', 'modified', 'unknown', [20]],
      ['edit.py', 'edit.py', 'modified', 'unknown', [1]],
      ['gone.py', 'gone.py', 'removed', 'unknown', []],
      ['moved.py', 'moved.py', 'removed', 'unknown', []],
      ['new.py', 'old.py', 'renamed', 'unknown', []],
      ['there.py', null, 'added', 'unknown', [31]],
    ])
  })

  test('beyond the end of the list the trees go on', async () => {
    const many = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`f${at}.py`, `x = ${at}\n`]))
    const files = await shape(await world({ 'a.md': '' }, many, { limits: { pullFiles: 4 } }))
    expect(files.map((it) => (it as unknown[])[3])).toEqual(['valid', 'valid', 'valid', 'valid', 'unknown', 'unknown'])
  })

  test('a mode, a symlink and a directory in the place of a file are no lines', async () => {
    const it = await world(
      { 'mode.py': 'x\n', 'link.py': 'y\n', 'dir.py': 'z\n' },
      {
        'mode.py': { mode: '100755', content: 'x\n' },
        'link.py': { mode: '120000', content: 'mode.py' },
        'dir.py': null,
        'dir.py/in.py': 'z\n',
      },
    )
    const rows = (await shape(it)) as [string, string | null, string, string, number[]][]
    expect(rows.filter(([path]) => path === 'mode.py')).toEqual([['mode.py', 'mode.py', 'changed', 'valid', []]])
  })
})

const onLine = (line: number): DraftComment => ({
  placement: { kind: 'line', path: 'a.py', side: 'RIGHT', line },
  body: `on ${line}\n\n${MARKER}`,
})

const setUp = async (): Promise<World & { gateway: ReturnType<typeof createReviewGateway> }> => {
  const it = await world(
    { 'a.py': lines(0, 40), 'b.py': 'b\n' },
    { 'a.py': lines(0, 10) + 'n1\nn2\n' + lines(10, 40), 'b.py': 'c\n' },
  )
  return { ...it, gateway: createReviewGateway(it.client, { ...REPOSITORY, number: 1 }, it.pull.headSha) }
}

const place = (path: string, line: number, startLine = line): DraftComment['placement'] => ({
  kind: 'range',
  path,
  side: 'RIGHT',
  startLine,
  line,
})

describe('the port of publishing', () => {
  test('a review, a comment on a file, and what is there afterwards', async () => {
    const { gateway, host, pull } = await setUp()
    const range: DraftComment = {
      placement: { kind: 'range', path: 'a.py', side: 'RIGHT', startLine: 11, line: 12 },
      body: `range\n\n${MARKER}`,
    }
    const equal: DraftComment = {
      ...range,
      placement: { kind: 'range', path: 'a.py', side: 'RIGHT', startLine: 12, line: 12 },
    }
    const review = value(await gateway.createReview(`body\n\n${MARKER}`, [onLine(11), range, equal]))
    const file = value(
      await gateway.createComment({ placement: { kind: 'file', path: 'b.py' }, body: `file\n\n${MARKER}` }),
    )
    const existing = value(await gateway.existing())
    expect(existing.reviews.map(({ id }) => id)).toEqual([review.id])
    expect(
      existing.comments.map(({ path, line, outdated, resolved, replies }) => [path, line, outdated, resolved, replies]),
    ).toEqual([
      ['a.py', 11, false, false, 0],
      ['a.py', 12, false, false, 0],
      ['a.py', 12, false, false, 0],
      ['b.py', null, false, false, 0],
    ])
    expect(existing.comments.at(-1)?.id).toBe(file.id)
    expect([host.reviews(pull).map(({ state }) => state), host.violations()]).toEqual([['COMMENTED', 'COMMENTED'], []])
  })

  test('which places the list of files shows now', async () => {
    const { gateway, host, pull } = await setUp()
    const places = [place('a.py', 12), place('a.py', 12, 1), place('a.py', 99), place('nowhere.py', 1)]
    const asked = [...places, { kind: 'file', path: 'a.py' } as const]
    expect(value(await gateway.stillShown(asked))).toEqual([true, false, false, false, true])
    host.script(`GET /repos/acme/shop/pulls/${pull.number}/files`, [
      { reply: { status: 409, body: { message: 'no' } } },
    ])
    expect(value(await gateway.stillShown(asked))).toEqual([true, true, true, true, true])
  })

  test('edits, deletions, and threads that may not be resolved', async () => {
    const { gateway, host, pull } = await setUp()
    const review = value(await gateway.createReview(`body\n\n${MARKER}`, [onLine(11), onLine(12)]))
    const [first, second] = value(await gateway.existing()).comments
    await gateway.updateComment(first?.id ?? 0, `edited\n\n${MARKER}`)
    await gateway.updateReview(review.id, `new\n\n${MARKER}`)
    await gateway.deleteComment(second?.id ?? 0)
    expect([host.comments(pull).map(({ body }) => body), host.reviews(pull).map(({ body }) => body)]).toEqual([
      [`edited\n\n${MARKER}`],
      [`new\n\n${MARKER}`],
    ])
    expect(await gateway.resolveThread(first?.threadId ?? '')).toMatchObject({
      ok: false,
      refusal: { kind: 'forbidden' },
    })
    expect(host.violations()).toEqual([])
  })

  test('what the host refuses is a value with its words', async () => {
    const { gateway, host, pull } = await setUp()
    expect(await gateway.createReview('body', [onLine(11), onLine(35)])).toMatchObject({
      ok: false,
      refusal: { kind: 'unprocessable', status: 422, message: expect.stringContaining('must be part of the diff') },
    })
    host.changePullRequest(pull, { locked: true })
    expect(await gateway.createReview('body', [])).toMatchObject({
      ok: false,
      refusal: { kind: 'forbidden', message: expect.stringContaining('locked') },
    })
  })

  test('an own draft is found and discarded, another one is not', async () => {
    const { gateway, host, pull } = await setUp()
    host.addHumanReview(pull, { login: 'eve', body: 'draft', state: 'PENDING' })
    expect(value(await gateway.existing()).pendingReviewId).toBeNull()
    const own = host.addHumanReview(pull, { login: 'github-actions[bot]', body: 'draft', state: 'PENDING' })
    expect(value(await gateway.existing()).pendingReviewId).toBe(own.id)
    expect(await gateway.deletePendingReview(own.id)).toEqual({ ok: true, value: null })
    expect(host.reviews(pull).map(({ author }) => author.login)).toEqual(['eve'])
  })

  test('the head that came with the list is asked for only once more', async () => {
    const { gateway, host, pull, client } = await setUp()
    await gateway.existing()
    const before = client.requests()
    const head = pull.headSha
    expect(value(await gateway.headSha())).toBe(head)
    expect(client.requests()).toBe(before)
    const moved = host.pushToPullRequest(pull, { 'a.py': 'x\n' })
    expect(value(await gateway.headSha())).toBe(moved)
  })

  test('a check run', async () => {
    const { gateway, host, pull } = await setUp()
    const draft = {
      name: 'PhaseGate',
      headSha: pull.headSha,
      conclusion: 'failure',
      title: 't',
      summary: 's',
      externalId: 'x',
      detailsUrl: null,
      annotations: [],
    } as const
    const first = value(await gateway.createCheckRun(draft))
    expect(value(await gateway.createCheckRun(draft))).toEqual(first)
    expect(host.checkRuns(pull.headSha).length).toBe(1)
  })
})
