// The events besides a pull request's own: what is compared, where something may be written, and what ends at once.
// A merge group must carry the check run's name, a push to a branch has no page to comment on, a schedule only looks.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { branchTip, type Repository } from '../../src/demo/state.ts'
import { problemsAfter } from './aftermath.ts'
import { checksOf, pageOf } from './page.ts'
import {
  API,
  API_PATH,
  CONNECTS,
  LOADS_IN_INITIALIZE,
  PATH,
  QUERIES_IN_CONSTRUCTOR,
  SERVICES,
  SHOP,
  VIOLATION,
} from './shop.ts'
import { BUILT, openStage, type Stage } from './stage.ts'
import { CHECK, open } from './told.ts'

const NO_PULL = '0'.repeat(40)

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
})
afterAll(() => stage.close())

describe('pull_request_target', () => {
  test.concurrent('reviews the head of a fork although the job runs on the default branch', async () => {
    const { fullName } = stage.repository(SHOP)
    const fork = stage.github.forkRepository(fullName, 'mona')
    stage.github.commit(fork.fullName, 'topic', VIOLATION)
    const pull = stage.github.openPullRequest({
      repository: fullName,
      head: 'topic',
      fork: 'mona',
      title: 'From a fork',
    })
    const run = await stage.act(stage.github.eventPayload({ kind: 'pull_request_target', pull }), BUILT)
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
    expect(pageOf(stage.github, pull)).toEqual({
      comments: [open(`${PATH}:7`, CONNECTS)],
      reviews: ['**PhaseGate: 1 new finding** at `sha`, compared with `sha`'],
      checks: ['failure: 1 new finding'],
    })
  })
})

describe('merge_group', () => {
  test.concurrent('fails when two green pull requests violate together, and writes nothing but the check run', async () => {
    const repository = stage.repository({
      ...SHOP,
      [API_PATH]: API.replace('    service = ', '    service = None and '),
    })
    const { fullName } = repository
    const one = stage.github.commit(fullName, 'one', { [API_PATH]: API })
    const two = stage.github.commit(fullName, 'two', VIOLATION)
    const pulls = ['one', 'two'].map((head) =>
      stage.github.openPullRequest({ repository: fullName, head, title: head }),
    )
    const headSha = stage.github.queueMerge(fullName, [one, two]) ?? ''
    const baseSha = tip(repository)
    const run = await stage.act(stage.github.eventPayload({ kind: 'merge_group', repository, headSha, baseSha }), BUILT)
    expect([run.exitCode, run.writes, problemsAfter(stage, run, null)]).toEqual([1, [CHECK], []])
    expect(checksOf(stage.github, repository, headSha)).toEqual(['failure: 1 new finding'])
    expect(pulls.map((pull) => pageOf(stage.github, pull).comments)).toEqual([[], []])
  })

  test.concurrent('passes when there is nothing to object to', async () => {
    const repository = stage.repository(SHOP)
    const { fullName } = repository
    const baseSha = tip(repository)
    const head = stage.github.commit(fullName, 'topic', { 'README.md': '# Queue\n' })
    const headSha = stage.github.queueMerge(fullName, [head]) ?? ''
    const run = await stage.act(stage.github.eventPayload({ kind: 'merge_group', repository, headSha, baseSha }))
    expect([run.exitCode, checksOf(stage.github, repository, headSha), problemsAfter(stage, run, null)]).toEqual([
      0,
      ['success: No Python changed'],
      [],
    ])
  })
})

describe('push', () => {
  test.concurrent('is compared with the commit before it and has its check run', async () => {
    const repository = stage.repository(SHOP)
    const before = tip(repository)
    const after = stage.github.commit(repository.fullName, 'main', { [API_PATH]: LOADS_IN_INITIALIZE })
    const run = await stage.act(
      stage.github.eventPayload({ kind: 'push', repository, branch: 'main', before, after }),
      BUILT,
    )
    expect([run.exitCode, run.writes, problemsAfter(stage, run, null)]).toEqual([1, [CHECK], []])
    expect(run.report?.findings.map((it) => it.baselineState)).toEqual(['new'])
  })

  test.concurrent('of a new branch looks at the whole tree', async () => {
    const repository = stage.repository({ ...SHOP, [PATH]: QUERIES_IN_CONSTRUCTOR })
    const after = tip(repository)
    const run = await stage.act(
      stage.github.eventPayload({ kind: 'push', repository, branch: 'main', before: NO_PULL, after }),
    )
    expect([run.exitCode, run.report?.base, run.report?.findings.map((it) => it.baselineState)]).toEqual([
      1,
      null,
      [null],
    ])
    expect(problemsAfter(stage, run, null)).toEqual([])
  })

  test.concurrent('that deletes a branch is a usage error in one line', async () => {
    const repository = stage.repository(SHOP)
    const before = tip(repository)
    const run = await stage.act(
      stage.github.eventPayload({ kind: 'push', repository, branch: 'old', before, after: NO_PULL }),
    )
    expect([run.exitCode, run.requests]).toEqual([2, []])
    expect(run.stdout).toMatch(/^::error title=PhaseGate::GITHUB_EVENT_PATH: after is all zeros/m)
  })
})

describe.each(['workflow_dispatch', 'schedule'] as const)('%s', (kind) => {
  test.concurrent('reports the whole tree and writes nothing', async () => {
    const repository = stage.repository({ ...SHOP, [PATH]: QUERIES_IN_CONSTRUCTOR })
    const run = await stage.act(stage.github.eventPayload({ kind, repository }), {
      ...BUILT,
      rights: { contents: 'read' },
    })
    expect([run.exitCode, run.writes, run.outputs['new-findings'], problemsAfter(stage, run, null)]).toEqual([
      1,
      [],
      '1',
      [],
    ])
    expect(run.summary).toContain('## 1 finding\n')
  })

  test.concurrent('of a clean tree passes', async () => {
    const repository = stage.repository({ ...SHOP, [PATH]: SERVICES })
    const run = await stage.act(stage.github.eventPayload({ kind, repository }), { rights: { contents: 'read' } })
    expect([run.exitCode, run.writes, problemsAfter(stage, run, null)]).toEqual([0, [], []])
  })
})

function tip(repository: Repository): string {
  return branchTip(repository, 'main') ?? ''
}
