// Several runs, and runs that do not come to their end: at the same time on one pull request, ended by a signal, overtaken between two
// batches, without the right to resolve. Whatever happened in between, one set of comments is there at the end.
import { expect, test } from '@jest/globals'
import type { EmbeddedGitHub } from '../../src/demo/github.ts'
import type { PullRequest } from '../../src/demo/state.ts'
import { problemsAfter } from '../end-to-end/aftermath.ts'
import { pageOf } from '../end-to-end/page.ts'
import { PATH, QUERIES_IN_CONSTRUCTOR, SERVICES, SHOP, VIOLATION, modules } from '../end-to-end/shop.ts'
import { BUILT, REVIEWER, withStage, type Acted, type Stage, type StageOptions } from '../end-to-end/stage.ts'
import { afterwards } from './afterwards.ts'
import { notices } from '../end-to-end/told.ts'

/** Without the guard, which no fault needs. */
const PLAIN: StageOptions = { guarded: false, runs: 'inside' }

const openComments = (github: EmbeddedGitHub, pull: PullRequest): string[] =>
  pageOf(github, pull).comments.flatMap(({ at, form }) => (form === 'open' ? [at] : []))

/** What must hold when everything is over: one comment, and nothing left to write. */
async function expectSettled(stage: Stage, pull: PullRequest): Promise<void> {
  await afterwards(stage, pull, async () => {
    const repair = await stage.review(pull, { runId: 8 })
    expect([repair.exitCode, problemsAfter(stage, repair, pull)]).toEqual([1, []])
    const last = await stage.review(pull, { runId: 9 })
    expect([last.exitCode, last.writes, openComments(stage.github, pull)]).toEqual([1, [], [`${PATH}:7`]])
  })
}

const REQUESTS = Array.from({ length: 10 }, (_, at) => at)

test.concurrent.each(REQUESTS)('F34 a second run that comes in before request %i of the first', async (at) => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    let seen = 0
    let second: Acted | null = null
    stage.github.script('* /**', [
      {
        when: () => seen++ === at,
        before: async () => {
          second = await stage.review(pull, { runId: 2 })
        },
      },
    ])
    const first = await stage.review(pull, at === 0 ? BUILT : {})
    const other = second as Acted | null
    expect([first.exitCode, other?.exitCode]).toEqual([1, 1])
    expect([openComments(stage.github, pull), problemsAfter(stage, first, pull)]).toEqual([[`${PATH}:7`], []])
    await expectSettled(stage, pull)
  })
})

test.concurrent('F33 a force-push between two batches: the second one is not sent', async () => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(modules(35, 'pass'), modules(35, 'app_context.db_sync_engine.connect()'))
    const event = stage.github.eventPayload({ kind: 'pull_request', pull })
    stage.github.script('GET /repos/*/*/pulls/1', [
      { before: () => stage.github.pushToPullRequest(pull, { 'README.md': '# Moved\n' }) },
    ])
    const run = await stage.act(event, { ...BUILT, inputs: { 'max-comments': '40', 'check-run': '' } })
    expect([run.exitCode, run.writes, stage.github.unusedScripts()]).toEqual([1, ['POST /pulls/1/reviews 200'], []])
    expect(run.stdout).toMatch(/superseded by [0-9a-f]{40}/)
    const next = await stage.review(pull, { runId: 2, inputs: { 'max-comments': '40', 'check-run': '' } })
    expect([next.exitCode, openComments(stage.github, pull).length, problemsAfter(stage, next, pull)]).toEqual([
      1,
      35,
      [],
    ])
  })
})

test.concurrent.each(['SIGINT', 'SIGTERM'] as const)('F59 %s before anything was posted', async (signal) => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    let child = 0
    stage.github.script('GET /repos/*/*/compare/**', [{ before: () => process.kill(child, signal) }])
    const run = await stage.review(pull, { ...BUILT, onStart: (pid) => (child = pid) })
    expect([run.exitCode, run.writes, openComments(stage.github, pull)]).toEqual([1, [], []])
    expect(run.stdout).toMatch(/interrupted by a signal/)
    await expectSettled(stage, pull)
  })
})

test.concurrent.each(['POST /repos/*/*/pulls/*/reviews', 'POST /repos/*/*/check-runs'])(
  'F59 SIGTERM while %s is on its way: what was sent counts, the next run does the rest',
  async (route) => {
    await withStage(PLAIN, async (stage) => {
      const pull = stage.pull(SHOP, VIOLATION)
      let child = 0
      stage.github.script(route, [{ before: () => process.kill(child, 'SIGTERM') }])
      const run = await stage.review(pull, { ...BUILT, onStart: (pid) => (child = pid) })
      expect([run.exitCode, openComments(stage.github, pull)]).toEqual([1, [`${PATH}:7`]])
      expect(stage.github.checkRuns(pull.headSha).filter(({ status }) => status !== 'completed')).toEqual([])
      await expectSettled(stage, pull)
    })
  },
)

test.concurrent('F59 a second signal ends the process at once', async () => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    let child = 0
    stage.github.script('GET /repos/*/*/compare/**', [
      {
        before: async () => {
          process.kill(child, 'SIGINT')
          await new Promise((resolve) => setTimeout(resolve, 200))
          process.kill(child, 'SIGTERM')
        },
        wire: { kind: 'hang' },
      },
    ])
    const run = await stage.review(pull, { ...BUILT, onStart: (pid) => (child = pid) })
    // neither the end of the request's time nor one repetition was waited for, and nothing was said any more
    const compared = run.requests.filter((it) => it.startsWith('GET /compare/'))
    expect([run.exitCode, run.outputs, run.writes, compared.length]).toEqual([3, {}, [], 1])
    await expectSettled(stage, pull)
  })
})

const RESOLVER = { ...REVIEWER, contents: 'write' } as const

test.concurrent('a thread of a fixed finding is resolved where the token may', async () => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    await stage.review(pull)
    stage.github.pushToPullRequest(pull, { [PATH]: SERVICES.replace('[]', '[1]') })
    const run = await stage.review(pull, { ...BUILT, runId: 2, rights: RESOLVER })
    expect([run.exitCode, notices(run), problemsAfter(stage, run, pull)]).toEqual([0, [], []])
    expect(run.stdout).toContain('1 fixed, 1 resolved')
    expect(stage.github.threads(pull).map(({ resolvedBy }) => resolvedBy?.login)).toEqual(['github-actions[bot]'])
    const body = stage.github.comments(pull)[0]?.body ?? ''
    expect(body).toContain(`Fixed in \`${pull.headSha.slice(0, 7)}\``)
  })
})

test.concurrent('F25 resolving is FORBIDDEN: the comment in its fixed form, one notice, nothing counted', async () => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    await stage.review(pull)
    stage.github.pushToPullRequest(pull, { [PATH]: SERVICES.replace('[]', '[1]') })
    stage.github.script('POST /graphql', [
      {
        when: ({ body }) => String((body as { query?: unknown }).query).startsWith('mutation'),
        reply: {
          status: 200,
          body: {
            data: { resolveReviewThread: null },
            errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
          },
        },
      },
    ])
    const run = await stage.review(pull, { ...BUILT, runId: 2, rights: RESOLVER })
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([0, []])
    expect(notices(run)).toEqual([expect.stringContaining('`contents: write`')])
    expect([run.stdout.includes('1 fixed'), run.stdout.includes('resolved,')]).toEqual([true, false])
    expect(pageOf(stage.github, pull).comments.map(({ form }) => form)).toEqual(['fixed'])
  })
})

test.concurrent('F28 a person answered, then it was fixed, then it came back: answers and comments are kept', async () => {
  await withStage(PLAIN, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    await stage.review(pull)
    stage.github.addHumanReply(stage.github.comments(pull)[0]!, 'Why?', 'grace')
    stage.github.pushToPullRequest(pull, { [PATH]: SERVICES.replace('[]', '[1]') })
    const fixed = await stage.review(pull, { ...BUILT, runId: 2, rights: RESOLVER })
    expect([fixed.exitCode, problemsAfter(stage, fixed, pull)]).toEqual([0, []])
    // a conversation in which somebody spoke is theirs to resolve
    expect(stage.github.threads(pull).map(({ resolvedBy }) => resolvedBy)).toEqual([null])
    stage.github.pushToPullRequest(pull, { [PATH]: QUERIES_IN_CONSTRUCTOR })
    const back = await stage.review(pull, { runId: 3 })
    expect([back.exitCode, problemsAfter(stage, back, pull)]).toEqual([1, []])
    expect(pageOf(stage.github, pull).comments.map(({ form, title }) => [form, title.includes('Why?')])).toEqual([
      ['fixed', false],
      ['open', true],
      ['open', false],
    ])
  })
})
