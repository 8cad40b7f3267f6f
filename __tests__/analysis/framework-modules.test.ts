// Modules as the framework loads them, under the default configuration: the lines with database work are marked, everything else is clean.
import { expect, test } from '@jest/globals'
import { readBundle } from '../support/marked-programs.ts'
import { reviewFiles } from '../support/review-files.ts'

const programs = readBundle(new URL('fixtures/framework/modules.txt', import.meta.url))

test.each(programs.map((program) => [program.name, program] as const))('%s', async (_name, program) => {
  const review = await reviewFiles(program.files)
  const places = (certain: boolean): string[] => [
    ...new Set(
      review.findings
        .filter(({ confidence, severity }) => severity !== 'note' && (confidence === 'high') === certain)
        .flatMap(({ phase, operations }) => operations.map(({ file, line }) => `${phase ?? 'none'} ${file}:${line}`)),
    ),
  ]
  expect({ runs: places(true), may: places(false), open: review.notFollowed, incomplete: review.incomplete }).toEqual({
    runs: program.runs,
    may: program.may,
    open: [],
    incomplete: [],
  })
})
