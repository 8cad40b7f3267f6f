// What people, and other runs, do to a pull request between two runs of the Action: they resolve, delete, answer, retarget, suppress,
// configure. Their decisions stand, and none of them changes the verdict.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PullRequest } from '../../src/demo/state.ts'
import { checksOf, pageOf } from './page.ts'
import { CONNECTS, PATH, QUERIES_IN_CONSTRUCTOR, SERVICES, SHOP, VIOLATION, withDocstring } from './shop.ts'
import { openStage, type Stage } from './stage.ts'
import { CHECK, REVIEW, SUMMARY, fixed, open, seen, tell } from './told.ts'

const MORE_WORK = QUERIES_IN_CONSTRUCTOR.replace(
  '\n    def setup',
  '        self.prices = app_context.db_session().execute(text("select price from items"))\n\n    def setup',
)

let stage: Stage
beforeAll(async () => {
  stage = await openStage({ runs: 'inside' })
})
afterAll(() => stage.close())

function ours(pull: PullRequest): ReturnType<Stage['github']['comments']> {
  return stage.github.comments(pull).filter(({ author }) => author.type === 'Bot')
}

describe('a comment of ours', () => {
  test.concurrent('whose thread a person resolved gets no second one, and the check still fails', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    stage.github.resolveThread(stage.github.threads(pull)[0]!)
    stage.github.pushToPullRequest(pull, { 'README.md': '# Resolved\n' })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, told.comments, told.writes]).toEqual([1, [open(`${PATH}:7`, CONNECTS)], [SUMMARY, CHECK]])
  })

  test.concurrent('that a person deleted is not posted again, until work is added', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    stage.github.deleteComment(stage.github.comments(pull)[0]!)
    stage.github.pushToPullRequest(pull, { 'README.md': '# Deleted\n' })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, told.comments, told.reviews]).toEqual([
      1,
      [],
      ['**PhaseGate: 1 new finding** at `sha`, compared with `sha`'],
    ])
    stage.github.pushToPullRequest(pull, { [PATH]: MORE_WORK })
    const again = await tell(stage, pull, { runId: 3 })
    expect([again.exit, again.comments.map(({ at }) => at)]).toEqual([1, [`${PATH}:7`]])
  })

  test.concurrent('that a person answered is kept and put into its fixed form, the answer untouched', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    stage.github.addHumanReply(ours(pull)[0]!, 'It has to be so.', 'grace')
    stage.github.pushToPullRequest(pull, { [PATH]: SERVICES })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, told.comments]).toEqual([
      0,
      [fixed(PATH, CONNECTS), { at: PATH, title: 'It has to be so.', form: 'open' }],
    ])
  })

  test.concurrent('that somebody else copied is not taken for ours', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    const { body } = ours(pull)[0]!
    stage.github.deleteComment(ours(pull)[0]!)
    const forged = stage.github.addHumanComment(pull, { login: 'mallory', path: PATH, line: 7, body })
    stage.github.pushToPullRequest(pull, { [PATH]: withDocstring(SERVICES) })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, forged.editedBy, forged.body]).toEqual([0, [], body])
  })
})

describe('the pull request', () => {
  test.concurrent('that is only renamed is left alone', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    stage.github.changePullRequest(pull, { title: 'Another title' })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, told.writes]).toEqual([1, []])
  })

  test.concurrent('that gets another base is compared with that one', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    stage.github.commit(pull.repository.fullName, 'next', VIOLATION)
    const tip = stage.github.commit(pull.repository.fullName, 'next', { 'README.md': '# Next\n' })
    stage.github.pushToPullRequest(pull, { 'README.md': '# Mine\n' }, { parent: tip })
    stage.github.changePullRequest(pull, { baseRef: 'next' })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, told.comments.map(({ form }) => form), told.run.outputs['new-findings']]).toEqual([
      0,
      ['fixed'],
      '0',
    ])
  })

  test.concurrent('whose base branch moves on is not blamed for what came from there', async () => {
    const pull = stage.pull(SHOP, { [PATH]: withDocstring(SERVICES) })
    await tell(stage, pull)
    const { fullName } = pull.repository
    stage.github.commit(fullName, 'main', {
      'modules/standard/late/api.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
    })
    const told = await tell(stage, pull, { runId: 2 })
    expect([told.exit, told.comments, told.reviews, told.run.report?.findings]).toEqual([0, [], [], []])
  })

  test.concurrent('that violates, suppresses and loosens says all three, and only tightening applies', async () => {
    const { fullName } = stage.repository({ ...SHOP, 'phasegate.yml': 'fail-on: error\n' })
    stage.github.commit(fullName, 'topic', {
      [PATH]: QUERIES_IN_CONSTRUCTOR.replace(
        '.connect()',
        '.connect()  # phasegate: ignore[database-in-phase-1] -- it is only one',
      ),
      'modules/standard/shop/api.py': `${SHOP['modules/standard/shop/api.py']}\n\nGONE = 1  # phasegate: ignore[database-at-import] -- no longer\n`,
      'phasegate.yml': 'fail-on: never\nrules:\n  unused-suppression: error\n',
    })
    const pull = stage.github.openPullRequest({ repository: fullName, head: 'topic', title: 'Quiet' })
    const told = await tell(stage, pull)
    expect([
      told.exit,
      told.run.report?.findings.map((it) => [it.rule, it.severity, it.suppression?.kind ?? null]),
    ]).toEqual([
      1,
      [
        ['database-in-phase-1', 'error', 'inSource'],
        ['unused-suppression', 'error', null],
      ],
    ])
    expect(told.run.summary).toContain('Suppression added at `modules/standard/shop/services.py:7`')
    expect(told.run.summary).toMatch(/fail-on.*after the merge|after the merge.*fail-on/)
  })

  test.concurrent('that two jobs review gets a review of each, and neither closes the other', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull, { inputs: { 'check-run': 'One' } })
    await tell(stage, pull, { inputs: { 'check-run': 'Two' } })
    stage.github.pushToPullRequest(pull, { [PATH]: SERVICES })
    const told = await tell(stage, pull, { runId: 2, inputs: { 'check-run': 'One' } })
    expect(told.comments.map(({ form }) => form)).toEqual(['fixed', 'open'])
  })
})

describe('a run', () => {
  test.concurrent('whose commit is replaced while it runs writes nothing on the pull request', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const analysed = pull.headSha
    const event = stage.github.eventPayload({ kind: 'pull_request', pull })
    // the push arrives before the run looks at the pull request for the first time
    const pushed = stage.github.pushToPullRequest(pull, { 'README.md': '# Moved on\n' })
    const run = await stage.act(event)
    expect([run.exitCode, run.writes, pageOf(stage.github, pull)]).toEqual([
      1,
      [CHECK],
      { comments: [], reviews: [], checks: [] },
    ])
    expect(run.stdout).toContain(`superseded by ${pushed}`)
    expect(checksOf(stage.github, pull.repository, analysed)).toEqual(['failure: 1 new finding'])
    // the run of the new commit does what is to be done
    const told = await tell(stage, pull, { runId: 2 })
    expect(seen(told)).toMatchObject({ exit: 1, writes: [REVIEW, CHECK], comments: [open(`${PATH}:7`, CONNECTS)] })
  })

  test.concurrent('of an older commit that ends after a newer one changes nothing', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    const older = stage.github.eventPayload({ kind: 'pull_request', pull })
    stage.github.pushToPullRequest(pull, { [PATH]: MORE_WORK })
    await tell(stage, pull)
    const before = pageOf(stage.github, pull)
    const run = await stage.act(older, { runId: 2 })
    expect([run.exitCode, run.writes, pageOf(stage.github, pull)]).toEqual([1, [CHECK], before])
  })
})
