// A pull request from a fork in two stages: the first can only read, decides and leaves a report; the second writes the review and decides
// nothing. The report is the author's word, so whatever is written into it changes nothing on the page.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { EventRequest } from '../../src/demo/events.ts'
import type { PullRequest } from '../../src/demo/state.ts'
import { pageOf } from './page.ts'
import { CONNECTS, PATH, SERVICES, SHOP, VIOLATION } from './shop.ts'
import { BUILT, openStage, type Acted, type Acting, type Stage } from './stage.ts'
import { open } from './told.ts'

const FILE = 'phasegate-report.json'
const FORK = { contents: 'read', 'pull-requests': 'read' } as const
const WRITER = { actions: 'read', contents: 'read', 'pull-requests': 'write' } as const

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
})
afterAll(() => stage.close())

function fromFork(change: Record<string, string> = VIOLATION): PullRequest {
  const { fullName } = stage.repository(SHOP)
  const fork = stage.github.forkRepository(fullName, 'mona')
  stage.github.commit(fork.fullName, 'topic', change)
  return stage.github.openPullRequest({ repository: fullName, head: 'topic', fork: 'mona', title: 'From a fork' })
}

const collect = (pull: PullRequest, how: Pick<Acting, 'runs'> = {}): Promise<Acted> =>
  stage.review(pull, { ...how, rights: FORK, inputs: { stage: 'collect', 'report-file': 'report.json' } })

type Event = Partial<Extract<EventRequest, { kind: 'workflow_run' }>> & Pick<Acting, 'runs'>

/** `report`: the text of the artifact; null: nothing was downloaded. */
async function publish(pull: PullRequest, report: string | null, { runs, ...event }: Event = {}): Promise<Acted> {
  const started = stage.github.eventPayload({ kind: 'workflow_run', pull, ...event })
  return stage.act(started, {
    ...(runs === undefined ? {} : { runs }),
    rights: WRITER,
    inputs: { stage: 'publish', 'report-file': FILE },
    files: report === null ? {} : { [FILE]: report },
  })
}

async function stops(pull: PullRequest, report: Acted['report'], event: Event = {}): Promise<string> {
  const run = await publish(pull, JSON.stringify(report), event)
  expect([run.exitCode, run.writes, run.stderr]).toEqual([0, [], ''])
  return /^::notice title=PhaseGate::(.*)$/m.exec(run.stdout)?.[1] ?? ''
}

describe('a fork', () => {
  test.concurrent('is gated at once and reviewed afterwards, once', async () => {
    const pull = fromFork()
    const first = await collect(pull, BUILT)
    expect([first.exitCode, first.outputs['verdict'], first.writes, pageOf(stage.github, pull).comments]).toEqual([
      1,
      'fail',
      [],
      [],
    ])
    const text = JSON.stringify(first.report)
    const second = await publish(pull, text, BUILT)
    expect([second.exitCode, second.outputs['verdict'], second.stderr]).toEqual([0, undefined, ''])
    expect(pageOf(stage.github, pull)).toEqual({
      comments: [open(`${PATH}:7`, CONNECTS)],
      reviews: ['**PhaseGate: 1 new finding** at `sha`, compared with `sha`'],
      checks: [],
    })
    expect(second.summary).toMatch(/^Published the review of pull request #1 at `[0-9a-f]{7}`: 1 posted\.$/m)
    const again = await publish(pull, text)
    expect([again.exitCode, again.writes]).toEqual([0, []])
    // the repair is told in the same way
    stage.github.commit(pull.headRepository.fullName, 'topic', { [PATH]: SERVICES.replace('[]', '[1]') })
    const repaired = await collect(pull)
    const last = await publish(pull, JSON.stringify(repaired.report))
    expect([repaired.exitCode, last.exitCode, pageOf(stage.github, pull).comments.map(({ form }) => form)]).toEqual([
      0,
      0,
      ['fixed'],
    ])
  })

  test.concurrent('that is clean gets no comment in either stage', async () => {
    const pull = fromFork({ 'README.md': '# Mine\n' })
    const first = await collect(pull)
    const second = await publish(pull, JSON.stringify(first.report))
    expect([first.exitCode, second.exitCode, [...first.writes, ...second.writes]]).toEqual([0, 0, []])
  })
})

describe('a report that cannot be trusted', () => {
  const forgeries: readonly (readonly [string, (report: Record<string, unknown>) => unknown])[] = [
    ['says that all is clean', (report) => ({ ...report, verdict: 'pass', findings: [] })],
    [
      'speaks in our name',
      (report) => ({
        ...report,
        findings: (report['findings'] as object[]).map((it) =>
          Object.assign(it, {
            message: '## Approved by @org/team <img src=https://evil.example>',
            fingerprint: 'f'.repeat(32),
            entryPoint: '`](https://evil.example) @org/team',
          }),
        ),
      }),
    ],
  ]
  test.concurrent.each(forgeries)('%s: the truth is posted, and none of its words', async (_what, change) => {
    const pull = fromFork()
    const { report } = await collect(pull)
    const run = await publish(pull, JSON.stringify(change(report as unknown as Record<string, unknown>)))
    expect([run.exitCode, pageOf(stage.github, pull).comments]).toEqual([0, [open(`${PATH}:7`, CONNECTS)]])
    const bodies = [...stage.github.comments(pull), ...stage.github.reviews(pull)].map(({ body }) => body).join('\n')
    expect(bodies).not.toMatch(/@org|evil|Approved/)
    expect(run.stdout).toContain('what is posted comes from this analysis')
  })

  const refused: readonly (readonly [string, (report: Record<string, unknown>) => string | null, RegExp])[] = [
    ['is not there', () => null, /report-file cannot be read; was the artifact/],
    ['is not JSON', () => '<html>', /report-file is not JSON/],
    ['is something else', () => '{"schemaVersion": 1}', /report-file is not a report of schema version 1/],
    ['has keys of its own', (it) => JSON.stringify({ ...it, pull: 7 }), /is not a report of schema version 1/],
    ['is about another commit', (it) => JSON.stringify({ ...it, head: 'f'.repeat(40) }), /is about another commit/],
    ['has 9 MB', (it) => JSON.stringify({ ...it, base: 'x'.repeat(9_000_000) }), /is larger than 8 MB/],
  ]
  test.concurrent.each(refused)('%s: nothing is posted, in one line', async (_what, text, message) => {
    const pull = fromFork()
    const { report } = await collect(pull)
    const run = await publish(pull, text(report as unknown as Record<string, unknown>))
    expect([run.exitCode, run.writes, run.stderr]).toEqual([3, [], ''])
    expect(run.stdout.match(/^::error title=PhaseGate::.*$/gm)).toEqual([expect.stringMatching(message)])
  })
})

describe('a run that leads to no pull request', () => {
  test.concurrent('because two have the same head', async () => {
    const pull = fromFork()
    const { report } = await collect(pull)
    stage.github.commit(pull.repository.fullName, 'next', { 'NEWS.md': 'next\n' })
    const { fullName } = pull.repository
    stage.github.openPullRequest({ repository: fullName, base: 'next', head: 'topic', fork: 'mona', title: 'Again' })
    expect(await stops(pull, report)).toBe(
      'Nothing was published: several open pull requests have this branch as their head: #1, #2.',
    )
  })

  test.concurrent('because it is closed', async () => {
    const pull = fromFork()
    const { report } = await collect(pull)
    stage.github.changePullRequest(pull, { state: 'closed' })
    expect(await stops(pull, report)).toBe('Nothing was published: no open pull request has this branch as its head.')
  })

  test.concurrent('because its head moved on', async () => {
    const pull = fromFork()
    const { report } = await collect(pull)
    const started = stage.github.eventPayload({ kind: 'workflow_run', pull })
    stage.github.commit(pull.headRepository.fullName, 'topic', { 'README.md': '# Moved\n' })
    const run = await stage.act(started, {
      rights: WRITER,
      inputs: { stage: 'publish', 'report-file': FILE },
      files: { [FILE]: JSON.stringify(report) },
    })
    expect([run.exitCode, run.writes]).toEqual([0, []])
    expect(run.stdout).toMatch(/Nothing was published: superseded by [0-9a-f]{40}/)
  })

  test.concurrent('because the fork was deleted', async () => {
    const pull = fromFork()
    const { report } = await collect(pull)
    stage.github.deleteRepository(pull.headRepository.fullName)
    expect(await stops(pull, report)).toBe('Nothing was published: the repository of the head was deleted.')
  })

  test.concurrent('because it ran for pull_request_target, whose head is the default branch', async () => {
    const pull = fromFork()
    const { report } = await collect(pull)
    expect(await stops(pull, report, { event: 'pull_request_target' })).toContain('was for pull_request_target')
  })
})

test.concurrent('a token without the right to write says so, and nothing is posted', async () => {
  const pull = fromFork()
  const { report } = await collect(pull)
  const started = stage.github.eventPayload({ kind: 'workflow_run', pull })
  const run = await stage.act(started, {
    rights: FORK,
    inputs: { stage: 'publish', 'report-file': FILE },
    files: { [FILE]: JSON.stringify(report) },
  })
  expect([run.exitCode, pageOf(stage.github, pull).comments]).toEqual([0, []])
  expect(run.stdout).toMatch(/^::notice title=PhaseGate::Review comments: .*`pull-requests: write`/m)
})
