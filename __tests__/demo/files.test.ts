// What the embedded server says about a change: files with git's own patches, pages, comparisons, trees, blobs.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { clientOf, type Answer, type Send } from '../support/http-client.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { FileChanges } from '../../src/demo/git.ts'

const body = (count: number, mark = 'x'): string => Array.from({ length: count }, (_, at) => `${mark}${at}\n`).join('')
const NAMES = { limits: { patchLines: 10, pullFiles: 60, compareFiles: 20, treeEntries: 5 } }

let github: EmbeddedGitHub
let send: Send

beforeAll(async () => {
  github = await startGitHub(NAMES)
  send = clientOf(github, github.createToken({ contents: 'read', 'pull-requests': 'read' }))
})
afterAll(() => github.close())

/** Opens a pull request that makes `before` into `after` and returns the answer of its files list. */
async function filesOf(name: string, before: FileChanges, after: FileChanges): Promise<Answer> {
  github.createRepository(`octo/${name}`, before)
  github.commit(`octo/${name}`, 'topic', after)
  github.openPullRequest({ repository: `octo/${name}`, head: 'topic', title: name })
  return send('GET', `/repos/octo/${name}/pulls/1/files?per_page=100`)
}

const short = (answer: Answer): unknown[] =>
  answer.body.map((file: Record<string, unknown>) => [
    file['filename'],
    file['status'],
    file['previous_filename'] ?? null,
    file['additions'],
    file['deletions'],
    file['patch'] ?? null,
  ])

describe('the files of a pull request', () => {
  test('carry the hunks of git with three lines of context', async () => {
    const changed = body(20).replace('x9\n', 'y9\nz9\n')
    expect(short(await filesOf('hunks', { 'a.py': body(20) }, { 'a.py': changed }))).toEqual([
      ['a.py', 'modified', null, 2, 1, '@@ -7,7 +7,8 @@ x5\n x6\n x7\n x8\n-x9\n+y9\n+z9\n x10\n x11\n x12'],
    ])
  })

  test('show added, removed, and files without a final newline', async () => {
    expect(
      short(
        await filesOf(
          'ends',
          { 'gone.py': 'x\n', 'end.py': 'x\n' },
          { 'gone.py': null, 'end.py': 'x', 'new.py': 'y\n' },
        ),
      ),
    ).toEqual([
      ['end.py', 'modified', null, 1, 1, '@@ -1 +1 @@\n-x\n+x\n\\ No newline at end of file'],
      ['gone.py', 'removed', null, 0, 1, '@@ -1 +0,0 @@\n-x'],
      ['new.py', 'added', null, 1, 0, '@@ -0,0 +1 @@\n+y'],
    ])
  })

  test('know renames, with a patch only if lines changed', async () => {
    const before = { 'one.py': body(20), 'two.py': body(20, 'y') }
    const after = { 'one.py': null, 'two.py': null, 'uno.py': body(20), 'dos.py': `${body(20, 'y')}z\n` }
    expect(short(await filesOf('renames', before, after))).toEqual([
      ['dos.py', 'renamed', 'two.py', 1, 0, '@@ -18,3 +18,4 @@ y16\n y17\n y18\n y19\n+z'],
      ['uno.py', 'renamed', 'one.py', 0, 0, null],
    ])
  })

  test('leave the patch out for binary files, large changes and changes without lines', async () => {
    const before = { 'bin.py': new Uint8Array([0, 1]), 'mode.py': 'x\n', 'type.py': 'x\n' }
    const after: FileChanges = {
      'bin.py': new Uint8Array([0, 2]),
      'mode.py': { mode: '100755', content: 'x\n' },
      'type.py': { mode: '120000', content: 'bin.py' },
      'large.py': body(11),
      'small.py': body(10),
    }
    const listed = await filesOf('omitted', before, after)
    expect(
      listed.body.map((file: Record<string, unknown>) => [file['filename'], file['status'], 'patch' in file]),
    ).toEqual([
      ['bin.py', 'modified', false],
      ['large.py', 'added', false],
      ['mode.py', 'changed', false],
      ['small.py', 'added', true],
      ['type.py', 'changed', false],
    ])
  })

  test('come from the merge base, not from the tip of the base branch', async () => {
    github.createRepository('octo/bases', { 'a.py': 'x\n', 'b.py': 'x\n' })
    const start = github.commit('octo/bases', 'main', { 'b.py': 'y\n' })
    const head = github.commit('octo/bases', 'topic', { 'a.py': 'z\n' })
    const tip = github.commit('octo/bases', 'main', { 'b.py': 'moved\n' })
    github.openPullRequest({ repository: 'octo/bases', head: 'topic', title: 'Bases' })
    const { body: pull } = await send('GET', '/repos/octo/bases/pulls/1')
    const listed = await send('GET', '/repos/octo/bases/pulls/1/files')
    const { body: compared } = await send('GET', `/repos/octo/bases/compare/${tip}...${head}`)
    expect([pull.base.sha, pull.head.sha, pull.changed_files, pull.mergeable]).toEqual([tip, head, 1, true])
    expect(listed.body.map((file: { filename: string }) => file.filename)).toEqual(['a.py'])
    expect([compared.merge_base_commit.sha, compared.status, compared.ahead_by, compared.behind_by]).toEqual([
      start,
      'diverged',
      1,
      1,
    ])
    expect([pull.head.sha, pull.base.sha]).not.toContain(pull.merge_commit_sha)
  })

  test('come in pages that the Link header names, and end at the limit although more have changed', async () => {
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`f${`${at}`.padStart(2, '0')}.py`, 'x\n']))
    await filesOf('pages', { 'a.py': 'x\n' }, many)
    const route = '/repos/octo/pages/pulls/1/files'
    const [first, second, third] = [
      await send('GET', route),
      await send('GET', `${route}?page=2`),
      await send('GET', `${route}?page=3`),
    ]
    const { body: pull } = await send('GET', '/repos/octo/pages/pulls/1')
    expect([first.body.length, second.body.length, third.body.length, pull.changed_files]).toEqual([30, 30, 0, 70])
    const id = pull.base.repo.id
    const link = (page: number, rel: string): string =>
      `<${github.url}/repositories/${id}/pulls/1/files?page=${page}>; rel="${rel}"`
    expect(first.headers.get('link')).toBe([link(2, 'next'), link(2, 'last')].join(', '))
    expect(second.headers.get('link')).toBe([link(1, 'prev'), link(1, 'first')].join(', '))
    const followed = await send('GET', `/repositories/${id}/pulls/1/files?page=2`)
    expect(followed.body).toEqual(second.body)
    expect((await send('GET', `${route}?per_page=1000`)).body).toHaveLength(60)
  })
})

const entries = (answer: Answer): unknown[] =>
  answer.body.tree.map((it: { path: string; mode: string }) => [it.path, it.mode])

describe('trees', () => {
  test('list modes, and everything below when recursive has any value', async () => {
    const sha = 'a'.repeat(40)
    github.createRepository('octo/trees', {
      'd/x.py': 'x\n',
      'l.py': { mode: '120000', content: 'd/x.py' },
      sub: { mode: '160000', content: sha },
    })
    expect(entries(await send('GET', '/repos/octo/trees/git/trees/main'))).toEqual([
      ['d', '040000'],
      ['l.py', '120000'],
      ['sub', '160000'],
    ])
    const deep = await send('GET', '/repos/octo/trees/git/trees/main?recursive=false')
    expect([entries(deep).length, deep.body.truncated]).toEqual([4, false])
    expect(deep.body.tree.find((it: { path: string }) => it.path === 'sub')).toEqual({
      path: 'sub',
      mode: '160000',
      type: 'commit',
      sha,
    })
  })

  test('are truncated at the limit', async () => {
    github.createRepository('octo/big', Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`f${at}.py`, 'x\n'])))
    const { body: tree } = await send('GET', '/repos/octo/big/git/trees/main?recursive=1')
    expect([tree.tree.length, tree.truncated]).toEqual([5, true])
  })

  test('do not exist in an empty repository, nor for an unknown name', async () => {
    github.createRepository('octo/empty', {})
    const answers = [
      await send('GET', '/repos/octo/empty/git/trees/main'),
      await send('GET', '/repos/octo/big/git/trees/nothing'),
    ]
    expect(answers.map(({ status, body: { message } }) => [status, message])).toEqual([
      [409, 'Git Repository is empty.'],
      [404, 'Not Found'],
    ])
  })
})

describe('blobs', () => {
  test('come as Base64 in lines of 60, or as the bytes with a charset that means nothing', async () => {
    const bytes = new Uint8Array(Array.from({ length: 100 }, (_, at) => (at * 7) % 256))
    github.createRepository('octo/blobs', { 'a.bin': bytes })
    const tree = await send('GET', '/repos/octo/blobs/git/trees/main')
    const route = `/repos/octo/blobs/git/blobs/${tree.body.tree[0].sha}`
    const { body: blob } = await send('GET', route)
    expect(blob.content.split('\n').map((line: string) => line.length)).toEqual([60, 60, 16, 0])
    expect([...Buffer.from(blob.content, 'base64')]).toEqual([...bytes])
    const token = github.createToken({ contents: 'read' })
    const raw = await fetch(github.url + route, {
      headers: { authorization: `token ${token}`, accept: 'application/vnd.github.raw+json' },
    })
    expect(raw.headers.get('content-type')).toBe('application/vnd.github.v3.raw; charset=utf-8')
    expect([...new Uint8Array(await raw.arrayBuffer())]).toEqual([...bytes])
  })

  test('are named by full ids only', async () => {
    const answers = [
      await send('GET', '/repos/octo/blobs/git/blobs/abc'),
      await send('GET', `/repos/octo/blobs/git/blobs/${'0'.repeat(40)}`),
    ]
    expect(answers.map(({ status }) => status)).toEqual([422, 404])
  })
})

describe('comparisons', () => {
  test('list 300 files at most and know when there is no common ancestor', async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`f${at}.py`, 'x\n']))
    const { store } = github.createRepository('octo/compare', { 'a.py': 'x\n' }).network
    github.commit('octo/compare', 'topic', many)
    const orphan = store.commit({ ref: 'refs/orphan', parents: [], message: 'Orphan', changes: { 'z.py': 'z\n' } })
    const { body: compared } = await send('GET', '/repos/octo/compare/compare/main...topic')
    const unrelated = await send('GET', `/repos/octo/compare/compare/main...${orphan}`)
    expect([compared.files.length, compared.status, unrelated.status]).toEqual([20, 'ahead', 404])
    expect(unrelated.body.message).toMatch(/^No common ancestor between /)
  })
})

describe('forks', () => {
  test('share their objects with the parent, and stay readable after they are deleted', async () => {
    github.createRepository('octo/forked', { 'a.py': 'x\n' })
    github.forkRepository('octo/forked', 'mona')
    const head = github.commit('mona/forked', 'topic', { 'a.py': 'y\n' })
    const pull = github.openPullRequest({ repository: 'octo/forked', head: 'topic', fork: 'mona', title: 'Fork' })
    github.deleteRepository('mona/forked')
    const { body: shown } = await send('GET', '/repos/octo/forked/pulls/1')
    const commit = await send('GET', `/repos/octo/forked/git/commits/${head}`)
    expect([shown.head.repo, shown.head.sha, shown.head.label, commit.status]).toEqual([null, head, 'mona:topic', 200])
    expect((await send('GET', '/repos/mona/forked')).status).toBe(404)
    expect((await send('GET', '/repos/octo/forked/pulls?head=mona:topic')).body).toHaveLength(1)
    expect(pull.author.login).toBe('mona')
  })
})

test('the diff media type refuses', async () => {
  const { status, body: refused } = await send('GET', '/repos/octo/hunks/pulls/1', undefined, {
    accept: 'application/vnd.github.diff',
  })
  expect([status, refused.errors[0].code]).toEqual([406, 'too_large'])
})
