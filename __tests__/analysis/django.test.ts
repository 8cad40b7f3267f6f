// Django's start-up, program by program: what is found at which line with which severity and confidence, and that nothing else is.
// A case is `=== name`, then files (`# file: PATH`) and what must be told (`# want: RULE SEVERITY CONFIDENCE FILE:LINE,…`; a bare one: nothing).
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

interface Case {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly wanted: readonly string[]
}

function caseOf(text: string): Case {
  const [name = '', ...lines] = text.split('\n')
  const files: Record<string, string> = {}
  const wanted: string[] = []
  let current = ''
  for (const line of lines) {
    const file = /^# file: (.+)$/.exec(line)?.[1]
    const want = /^# want:(.*)$/.exec(line)?.[1]
    if (file !== undefined) {
      current = file
      files[file] = ''
    } else if (want === undefined) files[current] = `${files[current] ?? ''}${line}\n`
    else if (want.trim() !== '') wanted.push(want.trim())
  }
  return { name, files, wanted }
}

const folder = new URL('django/', import.meta.url)
const cases = readdirSync(folder)
  .toSorted()
  .flatMap((file) =>
    readFileSync(new URL(file, folder), 'utf8')
      .split(/^=== /m)
      .slice(1)
      .map((text) => caseOf(text)),
  )

test.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, { files, wanted }) => {
  const result = await reviewed(files)
  expect(told(result).toSorted()).toEqual(wanted.toSorted())
  expect(result.incomplete).toEqual([])
})
