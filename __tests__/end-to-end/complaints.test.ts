// What people complain about in other review bots and no other test here shows: the tone of a comment, a change whose list of files is lost.
// docs/complaints.md names the complaints and the tests that answer them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { withoutMarker } from './page.ts'
import { CONNECTS, PATH, SHOP, VIOLATION } from './shop.ts'
import { openStage, type Stage } from './stage.ts'
import { open as openComment, tell } from './told.ts'

/** A module with old database work that no pull request of these tests touches. */
const OLD = {
  'modules/standard/old/api.py': 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n',
}
let stage: Stage
beforeAll(async () => {
  stage = await openStage({ guarded: false, runs: 'inside' })
})
afterAll(() => stage.close())

describe('a comment', () => {
  test.concurrent('says what runs, where it starts, why now, the path, why it hurts, the fix, how to keep it; and nothing else', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    const [body = ''] = stage.github.comments(pull).map((it) => withoutMarker(it.body))
    const open = body.replace(/<details>[^]*<\/details>\n\n/, '')
    const blocks = open.split('\n\n').map((block) => block.replaceAll(/`[^`]*`/g, '`…`').slice(0, 36))
    expect(blocks).toEqual([
      '**`…` uses a database connection in ',
      '`…` · error · high confidence',
      expect.stringMatching(/^The database work at `…`/),
      expect.stringMatching(/^1\. /),
      expect.stringMatching(/^\*\*Why it matters\.\*\* /),
      expect.stringMatching(/^\*\*Fix\.\*\* /),
      expect.stringMatching(/^If it has to stay: /),
    ])
    expect(body).toMatch(/^Clean at base `[0-9a-f]{7}`: /m)
  })

  test.concurrent('and a summary have no picture, no emoji, no mention, and links to the repository only', async () => {
    const pull = stage.pull(SHOP, VIOLATION)
    await tell(stage, pull)
    const bodies = [...stage.github.comments(pull), ...stage.github.reviews(pull)].map((it) => withoutMarker(it.body))
    expect(bodies).toHaveLength(2)
    const own = `${stage.github.serverUrl}/${pull.repository.fullName}/`
    for (const body of bodies) {
      const prose = body.replaceAll(/`[^`]*`/g, '')
      expect(prose).not.toMatch(/!\[|<img|@|\p{Extended_Pictographic}|:[a-z_]+:/u)
      const links = [...body.matchAll(/\]\(([^)]*)\)|https?:\/\/[^\s)]+/g)].map(([whole, target]) => target ?? whole)
      expect(links.filter((link) => !link.startsWith(own))).toEqual([])
    }
  })
})

describe('a change whose list of files cannot be had', () => {
  test.concurrent('is judged all the same: old findings are not blamed, the new one is', async () => {
    const pull = stage.pull({ ...SHOP, ...OLD }, VIOLATION)
    stage.github.script(`GET /repos/${pull.repository.fullName}/pulls/*/files`, [
      { reply: { status: 406, body: { message: 'too_large' } } },
    ])
    const told = await tell(stage, pull)
    expect([told.exit, told.run.outputs['new-findings'], told.run.summary.includes('1 old')]).toEqual([1, '1', true])
    expect(told.reviews).toEqual(['**PhaseGate: 1 new finding** at `sha`, compared with `sha`'])
    expect(told.comments).toEqual([openComment(`${PATH}:7`, CONNECTS)])
    expect(told.run.stdout.match(/^::error .*file=/gm)).toHaveLength(1)
  })
})
