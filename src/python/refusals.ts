// Why CPython would refuse a file, in words for people: the first reason, at its line. What the parser complains about comes with
// the parser's words, unless the file is recognisably something else: Python 2, a merge with conflict marks, a Git LFS pointer.

import type { Complaint } from './parser.ts'
import { TOO_DEEP_MESSAGE } from './complaints.ts'

/** Git's pointer files begin with this (git-lfs specification, "The pointer"). */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/'
const CONFLICT_MARK = /^<{7}(?: .*)?$/m
const CONFLICT_END = /^>{7}(?: .*)?$/m

/** How a message begins that says so. */
export const PYTHON_2_MESSAGE = 'looks like Python 2'

/** What Python 2 took and Python 3 does not, by the line with the first error. */
const PYTHON_2: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /(?:^|[\s:;])print[ \t]+(?:["'\w%`]|[urb]+["'])/, what: 'print statement' },
  { pattern: /(?:^|[\s:;])exec[ \t]+["'\w]/, what: 'exec statement' },
  { pattern: /`/, what: 'backticks' },
  { pattern: /<>/, what: 'the operator <>' },
  { pattern: /\bur["']/i, what: 'a ur"" string' },
  { pattern: /\b0[0-7]+[lL]?\b|\b\d+[lL]\b/, what: 'an old number' },
  { pattern: /\braise[ \t]+[\w.]+[ \t]*,/, what: 'raise with a comma' },
  { pattern: /\bdef[ \t]+\w+[ \t]*\(.*\(|\blambda[ \t]*\(/, what: 'a tuple parameter' },
]

/** The first of the complaints, as it is said to people; null if there is none. */
export function firstRefusal(text: string, complaints: readonly Complaint[]): Complaint | null {
  let first: Complaint | null = null
  for (const complaint of complaints) if (first === null || complaint.offset < first.offset) first = complaint
  if (first === null) return null
  if (text.startsWith(LFS_POINTER)) return { offset: 0, message: 'a Git LFS pointer, not the file itself' }
  const mark = CONFLICT_MARK.exec(text)
  if (mark !== null && CONFLICT_END.test(text)) return { offset: mark.index, message: 'conflict marks of a merge' }
  if (first.message === TOO_DEEP_MESSAGE || first.message.startsWith(PYTHON_2_MESSAGE)) return first
  const line = lineAround(text, first.offset)
  const old = PYTHON_2.find(({ pattern }) => pattern.test(line))
  return old === undefined ? first : { offset: first.offset, message: `${PYTHON_2_MESSAGE}: ${old.what}` }
}

/** A line longer than this is not looked at for Python 2. */
const MAX_LINE = 2000

function lineAround(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  const end = text.slice(offset, offset + MAX_LINE).search(/[\r\n]|$/) + offset
  return end - start > MAX_LINE ? '' : text.slice(start, end)
}
