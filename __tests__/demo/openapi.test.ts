// Every route of the embedded GitHub server, driven through the guard: no answer may differ from GitHub's API description.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { clientOf } from '../support/http-client.ts'
import { createGuard, loadDescription, type ApiDescription } from '../support/openapi-guard.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'

const FILE = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json')
const LINES = 'line\n'.repeat(40)
let description: ApiDescription
let github: EmbeddedGitHub

beforeAll(async () => {
  description = loadDescription(FILE)
  github = await startGitHub()
})
afterAll(() => github.close())

const REVIEW = { event: 'COMMENT', body: 'Found something.', comments: [{ path: 'a.py', line: 22, body: 'Here.' }] }

describe('the API description', () => {
  test('fits every answer of every route', async () => {
    github.createRepository('octo/app', { 'a.py': LINES, 'b.py': 'x = 1\n', 'old.py': LINES.replace('line', 'first') })
    github.forkRepository('octo/app', 'mona')
    github.commit('mona/app', 'topic', {
      'a.py': `${'line\n'.repeat(20)}new\nnewer\n${'line\n'.repeat(20)}`,
      'b.py': null,
      'old.py': null,
      'new.py': LINES.replace('line', 'first'),
      bin: new Uint8Array([0, 1]),
      link: { mode: '120000', content: 'a.py' },
    })
    github.commit('octo/app', 'main', { 'c.py': 'late = 1\n' })
    const pull = github.openPullRequest({ repository: 'octo/app', head: 'topic', fork: 'mona', title: 'A change' })
    const token = github.createToken({ contents: 'write', 'pull-requests': 'write', checks: 'write' })
    const guard = createGuard(description, github.url)
    const send = clientOf(github, token, guard.fetch)
    const repository = '/repos/octo/app'
    const head = pull.headSha

    await send('GET', repository)
    await send('GET', '/repos/mona/app')
    await send('GET', `${repository}/pulls?state=all&head=mona:topic`)
    await send('GET', `${repository}/pulls/1`)
    await send('GET', `${repository}/pulls/9`)
    await send('GET', `${repository}/pulls/1/files?per_page=2&page=2`)
    const comparison = await send('GET', `${repository}/compare/main...${head}?per_page=5`)
    await send('GET', `${repository}/git/commits/${head}`)
    const tree = await send('GET', `${repository}/git/trees/${head}?recursive=1`)
    await send('GET', `${repository}/git/blobs/${tree.body.tree[0].sha}`)
    await send('GET', `${repository}/git/blobs/abc`)

    const review = await send('POST', `${repository}/pulls/1/reviews`, { ...REVIEW, commit_id: head })
    await send('GET', `${repository}/pulls/1/reviews`)
    await send('GET', `${repository}/pulls/1/reviews/${review.body.id}`)
    await send('GET', `${repository}/pulls/1/reviews/${review.body.id}/comments`)
    await send('PUT', `${repository}/pulls/1/reviews/${review.body.id}`, { body: 'Found one thing.' })
    await send('POST', `${repository}/pulls/1/reviews`, {
      ...REVIEW,
      comments: [{ path: 'a.py', line: 1, body: 'No.' }],
    })
    const draft = await send('POST', `${repository}/pulls/1/reviews`, { body: 'Draft.' })
    await send('DELETE', `${repository}/pulls/1/reviews/${draft.body.id}`)
    await send('DELETE', `${repository}/pulls/1/reviews/${review.body.id}`)

    const range = { commit_id: head, path: 'a.py', start_line: 21, line: 22, side: 'RIGHT', start_side: 'RIGHT' }
    const comment = await send('POST', `${repository}/pulls/1/comments`, { ...range, body: 'Both.' })
    await send('POST', `${repository}/pulls/1/comments`, {
      commit_id: head,
      path: 'a.py',
      subject_type: 'file',
      body: 'All.',
    })
    await send('POST', `${repository}/pulls/1/comments`, { commit_id: head, path: 'a.py', line: 1, body: 'No.' })
    await send('GET', `${repository}/pulls/comments/${comment.body.id}`)
    await send('PATCH', `${repository}/pulls/comments/${comment.body.id}`, { body: 'Both lines.' })

    const run = await send('POST', `${repository}/check-runs`, {
      name: 'PhaseGate',
      head_sha: head,
      status: 'completed',
      conclusion: 'failure',
      external_id: 'digest',
      output: {
        title: '1 finding',
        summary: 'One.',
        annotations: [{ path: 'a.py', start_line: 21, end_line: 21, annotation_level: 'failure', message: 'Here.' }],
      },
    })
    await send('PATCH', `${repository}/check-runs/${run.body.id}`, {
      output: { title: 'x', summary: 'y' },
      status: 'completed',
      conclusion: 'failure',
    })
    await send('GET', `${repository}/check-runs/${run.body.id}`)
    await send('GET', `${repository}/check-runs/${run.body.id}/annotations`)
    await send('GET', `${repository}/commits/${head}/check-runs?check_name=PhaseGate&filter=all`)
    await send('GET', '/user')
    await send('GET', '/meta')

    github.pushToPullRequest(pull, { 'a.py': 'all new\n' })
    const outdated = await send('GET', `${repository}/pulls/1/comments`)
    await send('DELETE', `${repository}/pulls/comments/${comment.body.id}`)

    expect(guard.violations).toEqual([])
    expect(github.violations()).toEqual([])
    expect(comparison.body.status).toBe('diverged')
    expect(outdated.body.map((it: { line: number | null }) => it.line)).toEqual([null, null, null])
    expect([...guard.seen.keys()].toSorted()).toEqual([
      'checks/create',
      'checks/get',
      'checks/list-annotations',
      'checks/list-for-ref',
      'checks/update',
      'git/get-blob',
      'git/get-commit',
      'git/get-tree',
      'meta/get',
      'pulls/create-review',
      'pulls/create-review-comment',
      'pulls/delete-pending-review',
      'pulls/delete-review-comment',
      'pulls/get',
      'pulls/get-review',
      'pulls/get-review-comment',
      'pulls/list',
      'pulls/list-comments-for-review',
      'pulls/list-files',
      'pulls/list-review-comments',
      'pulls/list-reviews',
      'pulls/update-review',
      'pulls/update-review-comment',
      'repos/compare-commits-with-basehead',
      'repos/get',
      'users/get-authenticated',
    ])
  })

  test('is what the guard holds both sides to', async () => {
    const guard = createGuard(description, github.url)
    const send = clientOf(github, github.createToken({ contents: 'read' }), guard.fetch)
    github.script('GET /repos/octo/app', [
      { reply: (real) => ({ ...real, body: { ...(real.body as object), id: 'one' } }) },
    ])
    await send('GET', '/repos/octo/app')
    await send('GET', '/repos/octo/app/nothing/here')
    await send('POST', '/repos/octo/app/check-runs', { head_sha: 'abc', colour: 'red' })
    expect(guard.violations).toEqual([
      { operation: 'repos/get', where: 'answer 200', problems: ['/id must be integer'] },
      {
        operation: 'get /repos/octo/app/nothing/here',
        where: 'request',
        problems: ['no such operation in the API description'],
      },
      {
        operation: 'checks/create',
        where: 'request',
        problems: expect.arrayContaining([" must have required property 'name'", 'unknown property colour']),
      },
    ])
  })
})
