// Text → syntax tree, error tolerant, never throws. The parser repairs what CPython refuses; what it says about that comes back as
// complaints, without those that CPython raises only when it compiles a tree (`return` outside a function …). Where the call stack
// is too small for a statement, that top-level statement is left out with a complaint, and the rest of the file is parsed.

import { DiagnosticSink } from '@zzzen/pyright-internal/dist/common/diagnosticSink.js'
import { pythonVersion3_14 } from '@zzzen/pyright-internal/dist/common/pythonVersion.js'
import type { StringFingerprint } from '@zzzen/pyright-internal/dist/common/stringUtils.js'
import type { StatementNode } from '@zzzen/pyright-internal/dist/parser/parseNodes.js'
import { ParseOptions } from '@zzzen/pyright-internal/dist/parser/parser.js'
import { lineStarts } from '../text/lines.ts'
import { TOO_DEEP_MESSAGE } from './complaints.ts'
import { checkIndentation } from './indentation.ts'
import { createParser, TOO_MANY_TOKENS } from './parser.ts'
import type { Complaint } from './parser.ts'
import { DEDENT, INDENT, KEYWORD, NEW_LINE } from './tokens.ts'
import type { KeywordToken, TokenList } from './tokens.ts'

export interface SyntaxTree {
  readonly statements: readonly StatementNode[]
  readonly tokens: TokenList
  /** offsets of the `#` of every comment, in order */
  readonly comments: readonly number[]
  /** in the order found; empty when the parser has nothing against the text */
  readonly complaints: readonly Complaint[]
}

/** After so many statements that are too deep for the call stack a file is given up from the next one on. */
const MAX_RECOVERIES = 4

/** Parses a module as Python 3.14; null: it has more than MAX_TOKENS tokens. Offsets are UTF-16 offsets into `text`. */
export function parse(text: string): SyntaxTree | null {
  const tree = parseRecovering(text)
  if (tree === null || !/[\t\f]/.test(text)) return tree
  const { inconsistentAt, untabbed } = checkIndentation(text, tree.tokens, lineStarts(text))
  if (untabbed !== null) return parseRecovering(untabbed)
  if (inconsistentAt < 0) return tree
  return { ...tree, complaints: [...tree.complaints, { offset: inconsistentAt, message: INCONSISTENT_MESSAGE }] }
}

const INCONSISTENT_MESSAGE = 'inconsistent use of tabs and spaces in indentation'

function parseRecovering(text: string): SyntaxTree | null {
  let source = text
  const earlier: Complaint[] = []
  for (let recoveries = 0; ; recoveries++) {
    const attempt = parseOnce(source)
    if (attempt === null) return null
    if (attempt.failedAt === null || recoveries > MAX_RECOVERIES) {
      return { ...attempt, complaints: [...earlier, ...attempt.complaints] }
    }
    const { start, end } = statementAround(attempt.tokens, attempt.failedAt, source.length)
    earlier.push({ offset: start, message: TOO_DEEP_MESSAGE })
    source = blank(source, start, recoveries < MAX_RECOVERIES ? end : source.length)
  }
}

/** The parser would hash the text for a cache of its own. */
const NO_FINGERPRINT: StringFingerprint = { primary: 0, secondary: 0 }

interface Attempt extends SyntaxTree {
  /** index of the token at which the parser threw, or null */
  readonly failedAt: number | null
}

function parseOnce(text: string): Attempt | null {
  const options = new ParseOptions()
  options.pythonVersion = pythonVersion3_14
  const { parser, complaints, comments, progress } = createParser()
  try {
    const { parserOutput, tokenizerOutput } = parser.parseSourceFile(
      text,
      options,
      new DiagnosticSink(),
      NO_FINGERPRINT,
    )
    const { statements } = parserOutput.parseTree.d
    return { statements, tokens: tokenizerOutput.tokens, comments, complaints, failedAt: null }
  } catch (error) {
    if (error === TOO_MANY_TOKENS) return null
    // RangeError: the call stack is used up. Anything else would be a defect of the parser and is treated the same way:
    // the statement is reported as not understood.
    const { tokens, index } = progress()
    return { statements: [], tokens, comments, complaints: [], failedAt: index }
  }
}

/** Range of the top-level statement that holds the token with this index. */
function statementAround(tokens: TokenList, failedAt: number, length: number): { start: number; end: number } {
  let start = 0
  let depth = 0
  let fresh = true
  for (let index = 0; index < tokens.count; index++) {
    const token = tokens.getItemAt(index)
    if (token.type === INDENT) depth++
    else if (token.type === DEDENT) depth--
    else if (token.type === NEW_LINE) fresh = true
    else {
      const starts = fresh && depth === 0 && !continuesStatement(token as KeywordToken)
      if (starts && index > failedAt) return { start, end: token.start }
      if (starts) start = token.start
      fresh = false
    }
  }
  return { start, end: length }
}

/** `elif`, `else`, `except` and `finally` go on with the statement before. */
function continuesStatement(token: KeywordToken): boolean {
  return token.type === KEYWORD && CONTINUATIONS.has(token.keywordType)
}

const CONTINUATIONS: ReadonlySet<number> = new Set([12, 13, 14, 16])

/** The text with everything but the line ends of a range replaced by blanks: offsets and lines stay. */
function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replaceAll(/[^\r\n]/g, ' ') + text.slice(end)
}
