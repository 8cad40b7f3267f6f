// The report that the first stage left behind. It is the pull request author's word: a fork may change the workflow that writes it. So it is
// read within a size, checked against the published schema, bound to the commit of the run, and then only compared with what this run
// finds out by itself; no path, number or text of it reaches the page.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { safeParse } from 'valibot'
import type { Review } from '../findings/model.ts'
import { reportSchema, type Report } from '../report/json-schema.ts'
import { toReport } from '../report/json.ts'
import { TOOL_VERSION } from '../text/version.ts'
import { codeOf } from './event-file.ts'

/** Largest report that is read, in bytes. */
const LARGEST = 8_000_000

export type Collected =
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'refused'; readonly reason: string }

/** `file`: absolute, already judged to be below the workspace. `head`: the commit of the run that wrote it. */
export function readCollected(file: string, head: string): Collected {
  const text = read(file)
  if (text === null) return refused(`cannot be read; was the artifact of the first workflow downloaded?`)
  if (text.kind === 'refused') return text
  let parsed: unknown
  try {
    parsed = JSON.parse(text.text)
  } catch {
    return refused('is not JSON')
  }
  const result = safeParse(reportSchema, parsed)
  if (!result.success) return refused('is not a report of schema version 1')
  if (result.output.head !== head) return refused('is about another commit than the run that started this one')
  return { kind: 'report', report: result.output }
}

type Text = { readonly kind: 'text'; readonly text: string }

function read(file: string): Text | Extract<Collected, { kind: 'refused' }> | null {
  let descriptor: number | null = null
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW)
    const status = fstatSync(descriptor)
    if (!status.isFile()) return refused('is not a regular file')
    if (status.size > LARGEST) return refused(`is larger than ${LARGEST / 1_000_000} MB`)
    return { kind: 'text', text: readFileSync(descriptor, 'utf8') }
  } catch (error) {
    return codeOf(error) === 'ELOOP' ? refused('is a symlink') : null
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

function refused(reason: string): Extract<Collected, { kind: 'refused' }> {
  return { kind: 'refused', reason }
}

/** Whether the report says the same about each finding as a review of our own. */
export function agrees({ findings }: Report, review: Review): boolean {
  return statesOf(findings) === statesOf(toReport(review, TOOL_VERSION).findings)
}

function statesOf(findings: Report['findings']): string {
  const states = findings.map(({ fingerprint, baselineState }) => `${fingerprint} ${baselineState ?? ''}`)
  return states.toSorted().join('\n')
}
