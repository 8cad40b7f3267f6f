// Text → syntax tree, error tolerant, never throws. Together with tree.ts, tokens.ts and complaints.ts the only place that knows
// the parser package. The parser repairs what CPython refuses; what it says about that comes back as complaints, without those
// that CPython raises only when it compiles a tree (`return` outside a function …).
// Two of the parser's methods are replaced on each instance: strings in annotations and `# type:` comments are not Python code
// at run time, so they are neither parsed again nor complained about. A test pins the names of what is replaced.

import { setForceEnglishDiagnostics } from '@zzzen/pyright-internal/dist/localization/localize.js'
import { DiagnosticSink } from '@zzzen/pyright-internal/dist/common/diagnosticSink.js'
import type { StringFingerprint } from '@zzzen/pyright-internal/dist/common/stringUtils.js'
import { pythonVersion3_14 } from '@zzzen/pyright-internal/dist/common/pythonVersion.js'
import { UnpackNode } from '@zzzen/pyright-internal/dist/parser/parseNodes.js'
import type { ExpressionNode, StatementNode } from '@zzzen/pyright-internal/dist/parser/parseNodes.js'
import { ParseOptions, Parser } from '@zzzen/pyright-internal/dist/parser/parser.js'
import type { Token } from '@zzzen/pyright-internal/dist/parser/tokenizerTypes.js'
import { isCompileStage } from './complaints.ts'
import { DEDENT, INDENT, KEYWORD, NEW_LINE } from './tokens.ts'
import type { TokenList } from './tokens.ts'

/** What is wrong at an offset, in the parser's words. */
export interface Complaint {
  readonly offset: number
  readonly message: string
}

export interface SyntaxTree {
  readonly statements: readonly StatementNode[]
  readonly tokens: TokenList
  /** in the order found; empty when the parser has nothing against the text */
  readonly complaints: readonly Complaint[]
}

/** Said where the parser (or its call stack) reached its bound. */
export const TOO_DEEP_MESSAGE = 'nested too deeply'

/** A file with more statements than this that are too deep for the call stack is given up from there on. */
const MAX_RECOVERIES = 4

/**
 * Parses a module. Where the call stack is too small for a statement, that top-level statement is left out with a complaint and
 * the rest of the file is parsed. Offsets are UTF-16 offsets into `text`.
 */
export function parse(text: string): SyntaxTree {
  let source = text
  const earlier: Complaint[] = []
  for (let recoveries = 0; ; recoveries++) {
    const attempt = parseOnce(source)
    if (attempt.failedAt === null) return { ...attempt, complaints: [...earlier, ...attempt.complaints] }
    const { start, end } = statementAround(attempt.tokens, attempt.failedAt, source.length)
    earlier.push({ offset: start, message: TOO_DEEP_MESSAGE })
    source = blank(source, start, recoveries < MAX_RECOVERIES ? end : source.length)
    if (recoveries > MAX_RECOVERIES) source = blank(source, 0, source.length)
    if (recoveries > MAX_RECOVERIES + 1) return { ...attempt, statements: [], complaints: earlier }
  }
}

/** The private parts of the parser that are read or replaced. */
interface ParserInternals {
  _tokenIndex: number
  readonly _tokens: TokenList
  readonly _areErrorsSuppressed: boolean
  _addSyntaxError: (message: string, range: { readonly start: number }) => void
  _getTypeAnnotationCommentText: () => undefined
  _parseTypeAnnotation: () => ExpressionNode
  _peekToken(): Token
  _consumeTokenIfOperator(operator: number): boolean
  _parseTestExpression(allowAssignmentExpression: boolean): ExpressionNode
  _getOwnerKey(): object
}

const OPERATOR_MULTIPLY = 26
/** The parser would hash the text for a cache of its own. */
const NO_FINGERPRINT: StringFingerprint = { primary: 0, secondary: 0 }

interface Attempt {
  readonly statements: readonly StatementNode[]
  readonly tokens: TokenList
  readonly complaints: readonly Complaint[]
  /** index of the token at which the parser threw, or null */
  readonly failedAt: number | null
}

function parseOnce(text: string): Attempt {
  setForceEnglishDiagnostics(true)
  const options = new ParseOptions()
  options.pythonVersion = pythonVersion3_14
  const parser = new Parser()
  const internals = parser as unknown as ParserInternals
  const complaints: Complaint[] = []
  internals._addSyntaxError = (message, range) => {
    if (!internals._areErrorsSuppressed && !isCompileStage(message)) complaints.push({ offset: range.start, message })
  }
  internals._getTypeAnnotationCommentText = () => undefined
  internals._parseTypeAnnotation = () => {
    const star = internals._peekToken()
    const unpacked = internals._consumeTokenIfOperator(OPERATOR_MULTIPLY)
    const annotation = internals._parseTestExpression(false)
    return unpacked ? UnpackNode.create(internals._getOwnerKey(), star, annotation) : annotation
  }
  try {
    const { parserOutput, tokenizerOutput } = parser.parseSourceFile(
      text,
      options,
      new DiagnosticSink(),
      NO_FINGERPRINT,
    )
    return {
      statements: parserOutput.parseTree.d.statements,
      tokens: tokenizerOutput.tokens,
      complaints,
      failedAt: null,
    }
  } catch {
    // RangeError: the call stack is used up. Anything else would be a defect of the parser and is treated the same way:
    // the statement is reported as not understood.
    return { statements: [], tokens: internals._tokens, complaints: [], failedAt: internals._tokenIndex }
  }
}

/** Range of the top-level statement that holds the token with this index. */
function statementAround(tokens: TokenList, failedAt: number, length: number): { start: number; end: number } {
  let start = 0
  let depth = 0
  for (let index = 0; index < tokens.count; index++) {
    const token = tokens.getItemAt(index)
    if (token.type === INDENT) depth++
    else if (token.type === DEDENT) depth--
    else if (depth === 0 && token.type !== NEW_LINE && startsStatement(tokens, index)) {
      if (index > failedAt) return { start, end: token.start }
      start = token.start
    }
  }
  return { start, end: length }
}

function startsStatement(tokens: TokenList, index: number): boolean {
  const token = tokens.getItemAt(index)
  if (token.type === KEYWORD && CONTINUES_STATEMENT.has((token as Token & { keywordType: number }).keywordType))
    return false
  for (let before = index - 1; before >= 0; before--) {
    const { type } = tokens.getItemAt(before)
    if (type === NEW_LINE) return true
    if (type !== DEDENT && type !== INDENT) return false
  }
  return true
}

/** Keywords `elif`, `else`, `except` and `finally` go on with the statement before. */
const CONTINUES_STATEMENT: ReadonlySet<number> = new Set([12, 13, 14, 16])

/** The text with everything but the line ends of a range replaced by blanks: offsets and lines stay. */
function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ') + text.slice(end)
}
