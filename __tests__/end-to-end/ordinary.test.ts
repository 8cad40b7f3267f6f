// Ordinary days of a pull request, through the built Action: the first violation, moved lines, the repair, and what people do in between.
// Every run is also checked for what has to hold whatever happens (aftermath.ts).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { NOTHING_SEEN } from './page.ts'
import {
  API,
  API_PATH,
  CONNECTS,
  LOADS_IN_CONSTRUCTOR,
  LOADS_IN_INITIALIZE,
  PATH,
  QUERIES_IN_CONSTRUCTOR,
  SERVICES,
  SHOP,
  VIOLATION,
  withDocstring,
} from './shop.ts'
import { openStage, type Stage } from './stage.ts'
import { CHECK, EDIT, REVIEW, SUMMARY, fixed, open, seen, tell } from './told.ts'

const LOADS = '**`self.app_context.db_sync_session()` uses a database session in Phase 1**'
const ONE_NEW = '**PhaseGate: 1 new finding** at `sha`, compared with `sha`'
const CLEAN = '**PhaseGate: No database work in Phase 1** at `sha`, compared with `sha`'
let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const FIRST = {
  exit: 1,
  verdict: 'fail',
  writes: [REVIEW, CHECK],
  comments: [open(`${PATH}:7`, CONNECTS)],
  reviews: [ONE_NEW],
  checks: ['failure: 1 new finding'],
}

describe('a violation', () => {
  test.concurrent('is commented on its line, in one review, and fails job and check run', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const told = await tell(stage, pull)
    expect(seen(told)).toEqual(FIRST)
    const check = stage.github.checkRuns(pull.headSha).find((it) => it.repository === pull.repository)
    expect(told.run.outputs).toEqual({
      verdict: 'fail',
      'new-findings': '1',
      'fixed-findings': '0',
      summary: '1 new finding (1 error)',
      'report-file': 'report.json',
      'sarif-file': 'report.sarif',
      'check-run-url': `${stage.github.serverUrl}/${pull.repository.fullName}/runs/${check?.id}`,
    })
    expect(told.run.summary).toContain('## 1 new finding\n')
    expect(told.run.stdout).toMatch(
      new RegExp(
        `^::error title=Database work in Phase 1 \\(database-in-phase-1\\),file=${PATH},line=7,endLine=7::`,
        'm',
      ),
    )
    expect(told.run.requests.length).toBeLessThanOrEqual(12)
  })

  test.concurrent('in a file that did not change is commented on the call that reaches it', async () => {
    const pull = stage.pull(SHOP, { [API_PATH]: LOADS_IN_INITIALIZE })
    const told = await tell(stage, pull)
    expect(seen(told)).toEqual({ ...FIRST, comments: [open(`${API_PATH}:6`, LOADS)] })
    expect(told.run.report?.findings.map((it) => [it.operations[0]?.file, it.operations[0]?.line])).toEqual([
      [PATH, 13],
    ])
  })

  test.concurrent('in a helper below an untouched initialize is commented in the helper, with the whole path', async () => {
    const pull = stage.pull(SHOP, { [PATH]: LOADS_IN_CONSTRUCTOR })
    const told = await tell(stage, pull)
    expect(seen(told)).toEqual({ ...FIRST, comments: [open(`${PATH}:7`, LOADS)] })
    const [comment] = stage.github.comments(pull)
    expect(comment?.body).toMatch(
      /Clean at base `[0-9a-f]{7}`: this work did not run there\. This change writes step 2/,
    )
    expect(comment?.body).toMatch(/^1\. .*initialize.*\n2\. .*__init__.*\n3\. .*ItemService\.load/m)
  })

  test.concurrent('whose statement spans two hunks is commented on its last line', async () => {
    const tables = Array.from({ length: 12 }, (_, at) => `            ${at},\n`).join('')
    const statement = (first: string, last: string): string =>
      SERVICES.replace('self.names = []\n', `${first}(\n${tables}            ${last},\n        )\n`)
    const pull = stage.pull(
      { ...SHOP, [PATH]: statement('self.names = print', '"names"') },
      { [PATH]: statement('Base.metadata.create_all', 'bind=app_context.db_sync_engine') },
    )
    const { comments, exit } = await tell(stage, pull)
    expect([exit, comments.map(({ at }) => at)]).toEqual([1, [`${PATH}:21`]])
  })
})

describe('a clean pull request', () => {
  test.concurrent('gets nothing but a green check run', async () => {
    const pull = stage.pull(SHOP, { [PATH]: withDocstring(SERVICES) })
    const told = await tell(stage, pull)
    expect(seen(told)).toEqual({
      ...NOTHING_SEEN,
      exit: 0,
      verdict: 'pass',
      writes: [CHECK],
      checks: ['success: No database work in Phase 1'],
    })
    expect([told.run.outputs['summary'], told.run.stdout.includes('\n::')]).toEqual([
      'No database work in Phase 1',
      false,
    ])
  })

  test.concurrent('of documents alone passes without a look at the code', async () => {
    const pull = stage.pull(SHOP, { 'README.md': '# The shop\n' })
    const told = await tell(stage, pull)
    expect(seen(told)).toEqual({
      ...NOTHING_SEEN,
      exit: 0,
      verdict: 'pass',
      writes: [CHECK],
      checks: ['success: No Python changed'],
    })
    expect(told.run.summary).toContain('## No Python changed\n')
  })

  test.concurrent('without a single file passes', async () => {
    const { fullName } = stage.repository(SHOP)
    stage.github.commit(fullName, 'topic', {})
    const pull = stage.github.openPullRequest({ repository: fullName, head: 'topic', title: 'Nothing' })
    const { exit, verdict, comments, reviews } = await tell(stage, pull)
    expect([exit, verdict, comments, reviews]).toEqual([0, 'pass', [], []])
  })

  test.concurrent('that renames a file with an old violation blames nobody', async () => {
    const base = { ...SHOP, [PATH]: QUERIES_IN_CONSTRUCTOR }
    const renamed = {
      [PATH]: null,
      'modules/standard/shop/items.py': QUERIES_IN_CONSTRUCTOR,
      [API_PATH]: API.replace('.services', '.items'),
    }
    const told = await tell(stage, stage.pull(base, renamed))
    expect(seen(told)).toEqual({
      ...NOTHING_SEEN,
      exit: 0,
      verdict: 'pass',
      writes: [CHECK],
      checks: ['success: No new database work in Phase 1'],
    })
    expect(told.run.report?.findings.map((it) => it.baselineState)).toEqual(['updated'])
  })

  test.concurrent('that deletes a module, violation included, passes and says what is gone', async () => {
    const base = { ...SHOP, [PATH]: QUERIES_IN_CONSTRUCTOR }
    const told = await tell(stage, stage.pull(base, { [PATH]: null, [API_PATH]: null }))
    expect([told.exit, told.comments, told.reviews, told.run.outputs['fixed-findings']]).toEqual([0, [], [], '1'])
  })
})

describe('the next push', () => {
  test.concurrent('that only moves lines adds no comment and notifies nobody', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull, { runs: 'inside' })
    stage.github.pushToPullRequest(pull, { [PATH]: withDocstring(QUERIES_IN_CONSTRUCTOR) })
    const told = await tell(stage, pull, { runId: 2 })
    // the comment's own text names lines: it is edited, and so is the summary that links to them
    expect(seen(told)).toEqual({
      ...FIRST,
      writes: [EDIT, SUMMARY, CHECK],
      comments: [open(`${PATH}:11`, CONNECTS)],
    })
    expect(told.run.requests.length).toBeLessThanOrEqual(12)
  })

  test.concurrent('that repairs it puts comment and summary into their final form and turns green', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull, { runs: 'inside' })
    stage.github.pushToPullRequest(pull, { [PATH]: withDocstring(SERVICES) })
    const told = await tell(stage, pull, { runId: 2 })
    expect(seen(told)).toEqual({
      exit: 0,
      verdict: 'pass',
      writes: [EDIT, SUMMARY, CHECK],
      comments: [fixed(PATH, CONNECTS)],
      reviews: [CLEAN],
      checks: ['success: No database work in Phase 1'],
    })
  })

  test.concurrent('that brings a repaired violation back gets a new comment', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull, { runs: 'inside' })
    stage.github.pushToPullRequest(pull, { [PATH]: withDocstring(SERVICES) })
    await tell(stage, pull, { runId: 2, runs: 'inside' })
    stage.github.pushToPullRequest(pull, { [PATH]: withDocstring(QUERIES_IN_CONSTRUCTOR) })
    const { comments, exit, reviews } = await tell(stage, pull, { runId: 3 })
    // its line is back as well, so the host shows the old comment on it again
    expect([exit, comments]).toEqual([1, [fixed(`${PATH}:11`, CONNECTS), open(`${PATH}:11`, CONNECTS)]])
    expect(reviews[1]).toBe(ONE_NEW)
  })

  test.concurrent('that rewrites history with equal content changes nothing', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull, { runs: 'inside' })
    const { fullName } = pull.repository
    stage.github.commit(fullName, 'main', { 'NEWS.md': 'late\n' })
    const parent = stage.github.commit(fullName, 'main', { 'NEWS.md': 'later\n' })
    stage.github.pushToPullRequest(pull, VIOLATION, { parent, message: 'Rebased' })
    const { comments, exit, writes } = await tell(stage, pull, { runId: 2 })
    expect([exit, comments.map(({ form }) => form), writes.filter((it) => it.startsWith('POST /pulls'))]).toEqual([
      1,
      ['open'],
      [],
    ])
  })

  test.concurrent('of the same commit writes nothing', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const first = await tell(stage, pull)
    const told = await tell(stage, pull, { attempt: 2 })
    expect(seen(told)).toEqual({ ...FIRST, writes: [] })
    expect(told.run.outputs).toEqual(first.run.outputs)
  })
})
