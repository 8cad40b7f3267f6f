// The time limit holds inside an entry point too. Time is a function that the test answers, so nothing here depends on a clock.
import { expect, test } from '@jest/globals'
import { createIrStore } from '../../src/cache/ir-store.ts'
import { openProgram } from '../../src/program/program.ts'
import { analyseTree } from '../../src/review/tree.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { toolsFor } from '../support/tools.ts'

const FIRST = 'modules/standard/first/api.py'
const SECOND = 'modules/standard/second/api.py'
const files = {
  [FIRST]: `def initialize(app_context):\n    app_context.db_session().commit()\n${'    x = 1\n'.repeat(10_000)}    app_context.db_session().rollback()\n`,
  [SECOND]: 'def initialize(app_context):\n    app_context.db_session().commit()\n',
}

/** What an analysis says whose time is over when somebody asks for the time again after `looks` times. */
async function endingAfter(looks: number) {
  let left = looks
  const tools = { ...toolsFor(), expired: () => left-- <= 0 }
  const { evaluation } = await analyseTree(await openProgram(memoryReader(files), createIrStore(null)), tools)
  return {
    entryPoints: evaluation.entryPoints.flatMap(({ id, state }) => (id.includes('::') ? [`${id} ${state}`] : [])),
    work: [...new Set(evaluation.findings.flatMap((f) => f.operations.map((o) => `${o.file}:${o.line}`)))],
    incomplete: evaluation.incomplete.flatMap((i) =>
      i.entryPoints.some((id) => id.includes('::')) ? [`${i.file} ${i.reason}: ${i.message}`] : [],
    ),
  }
}

const OVER = 'the analysis stopped at its budget of time'

test('with all the time of the world both entry points are analysed to their ends', async () => {
  expect(await endingAfter(Number.POSITIVE_INFINITY)).toEqual({
    entryPoints: [`${FIRST}::initialize finding`, `${SECOND}::initialize finding`],
    work: [`${FIRST}:2`, `${FIRST}:10003`, `${SECOND}:2`],
    incomplete: [],
  })
})

test('an entry point that is under way when time is over stops there, keeps what it found, and is incomplete like all that follow', async () => {
  expect(await endingAfter(5)).toEqual({
    entryPoints: [`${FIRST}::initialize incomplete`, `${SECOND}::initialize incomplete`],
    work: [`${FIRST}:2`],
    incomplete: [`${FIRST} budget: ${OVER}`, `${SECOND} budget: ${OVER}`],
  })
})

test('without any time every entry point is incomplete', async () => {
  expect(await endingAfter(0)).toEqual({
    entryPoints: [`${FIRST}::initialize incomplete`, `${SECOND}::initialize incomplete`],
    work: [],
    incomplete: [`${FIRST} budget: ${OVER}`, `${SECOND} budget: ${OVER}`],
  })
})
