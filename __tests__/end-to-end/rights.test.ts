// What the Action does when it may do less: every missing right costs one feature, says so once, and never changes the verdict.
// The faithful part is the embedded server's: it refuses what GitHub refuses.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Rights } from '../../src/demo/state.ts'
import { NOTHING_SEEN } from './page.ts'
import { CONNECTS, PATH, SHOP, VIOLATION } from './shop.ts'
import { BUILT, openStage, type Acted, type Stage } from './stage.ts'
import { CHECK, REVIEW, notices, open, seen, tell } from './told.ts'

const READ_ONLY: Rights = { contents: 'read', 'pull-requests': 'read' }

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
})
afterAll(() => stage.close())

/** The annotation of the one finding is there and the job summary tells all of it, whatever could not be written elsewhere. */
function tellsEverything({ stdout, summary }: Acted): boolean {
  return (
    stdout.includes(`,file=${PATH},line=7,endLine=7::`) && summary.includes('\n1. [`modules/standard/shop/api.py:5`]')
  )
}

describe('a token that only reads', () => {
  test.concurrent('gives the same verdict with annotations and summary, and one notice that names the permission', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const told = await tell(stage, pull, { ...BUILT, rights: READ_ONLY })
    expect(seen(told)).toEqual({
      ...NOTHING_SEEN,
      exit: 1,
      verdict: 'fail',
      writes: ['POST /pulls/1/reviews 403'],
    })
    expect(tellsEverything(told.run)).toBe(true)
    expect(notices(told.run)).toEqual([
      expect.stringMatching(/`pull-requests: write`.*`checks: write`.*read-only token/),
    ])
  })

  test.concurrent('leaves nothing that a later run with more rights would not repair', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull, { rights: READ_ONLY })
    const repaired = await tell(stage, pull, { attempt: 2 })
    const last = await tell(stage, pull, { attempt: 3 })
    expect([repaired.writes, last.writes, last.comments]).toEqual([[REVIEW, CHECK], [], [open(`${PATH}:7`, CONNECTS)]])
  })

  test.concurrent('of Dependabot is treated the same although the head is no fork', async () => {
    const { fullName } = stage.repository(SHOP)
    stage.github.commit(fullName, 'dependabot/pip', VIOLATION)
    const pull = stage.github.openPullRequest({
      repository: fullName,
      head: 'dependabot/pip',
      title: 'Bump',
      author: 'dependabot[bot]',
    })
    const told = await tell(stage, pull, { rights: READ_ONLY })
    expect([told.exit, told.comments, tellsEverything(told.run), notices(told.run).length]).toEqual([1, [], true, 1])
  })

  test.concurrent('says nothing on a clean pull request', async () => {
    const pull = stage.pull(SHOP, { 'README.md': '# Clean\n' })
    const told = await tell(stage, pull, { rights: READ_ONLY, inputs: { 'check-run': '' } })
    expect([told.exit, told.writes, notices(told.run)]).toEqual([0, [], []])
  })
})

describe('a token', () => {
  test.concurrent('that may not write checks reviews all the same', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const told = await tell(stage, pull, { rights: { contents: 'read', 'pull-requests': 'write' } })
    expect(seen(told)).toEqual({
      exit: 1,
      verdict: 'fail',
      writes: [REVIEW],
      comments: [open(`${PATH}:7`, CONNECTS)],
      reviews: ['**PhaseGate: 1 new finding** at `sha`, compared with `sha`'],
      checks: [],
    })
    expect(notices(told.run)).toEqual([expect.stringMatching(/^Check run: .*`checks: write`/)])
  })

  test.concurrent('that may not write reviews makes the check run', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const told = await tell(stage, pull, { rights: { contents: 'read', 'pull-requests': 'read', checks: 'write' } })
    expect([told.exit, told.comments, told.checks, told.writes]).toEqual([
      1,
      [],
      ['failure: 1 new finding'],
      ['POST /pulls/1/reviews 403', CHECK],
    ])
    expect(notices(told.run)).toEqual([expect.stringMatching(/^Review comments: .*`pull-requests: write`/)])
  })

  test.concurrent('that may not even read ends incomplete and says what to check', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const run = await stage.review(pull, { ...BUILT, rights: { metadata: 'read' } })
    expect([run.exitCode, run.outputs['verdict'], run.writes]).toEqual([3, 'incomplete', []])
    expect(run.stdout).toMatch(/^::error title=PhaseGate::Incomplete: /m)
    expect(run.summary).toContain('`permissions: contents: read`')
  })

  test.concurrent('that is wrong is said once, after one request', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const run = await stage.review(pull, { ...BUILT, inputs: { 'github-token': 'ghs_wrong' } })
    expect([run.exitCode, run.outputs['verdict']]).toEqual([3, 'incomplete'])
    expect(stage.github.requests.filter(({ status }) => status === 401)).toHaveLength(1)
    expect(run.stdout.match(/token rejected/g)).toHaveLength(1)
  })
})

describe('a pull request', () => {
  test.concurrent('whose conversation is locked is not written to, and the check run is made', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    stage.github.changePullRequest(pull, { locked: true })
    const told = await tell(stage, pull)
    expect([told.exit, told.comments, told.writes]).toEqual([1, [], [CHECK]])
    expect(notices(told.run)).toEqual([expect.stringContaining('locked')])
  })

  test.concurrent('that nobody wants commented gets none', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const told = await tell(stage, pull, { inputs: { comments: 'false' } })
    expect([told.exit, told.comments, told.writes, notices(told.run)]).toEqual([1, [], [CHECK], []])
  })

  test.concurrent('of a fork that was deleted meanwhile is read through the base repository', async () => {
    const { fullName } = stage.repository(SHOP)
    const fork = stage.github.forkRepository(fullName, 'mona')
    stage.github.commit(fork.fullName, 'topic', VIOLATION)
    const pull = stage.github.openPullRequest({
      repository: fullName,
      head: 'topic',
      fork: 'mona',
      title: 'From a fork',
    })
    stage.github.deleteRepository(fork.fullName)
    const event = stage.github.eventPayload({ kind: 'pull_request', pull })
    expect((event.payload as { pull_request: { head: { repo: unknown } } }).pull_request.head.repo).toBeNull()
    const told = await tell(stage, pull)
    expect([told.exit, told.comments]).toEqual([1, [open(`${PATH}:7`, CONNECTS)]])
  })
})
