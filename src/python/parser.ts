// One run of the parser package over one text. Some of its methods are replaced on the instance: what they do is either no part
// of Python at run time (strings in annotations and `# type:` comments are not parsed again), or done here once (comments,
// unescaping), or quadratic (it searches the rest of the file behind every comment; its table of depths is a Map of every node).
// This leans on private names of an exactly pinned package: a test fails when one of them is missing.

// oxlint-disable no-underscore-dangle -- the private names of the parser package

import type { DiagnosticSink } from '@zzzen/pyright-internal/dist/common/diagnosticSink.js'
import { setForceEnglishDiagnostics } from '@zzzen/pyright-internal/dist/localization/localize.js'
import { StringNode, UnpackNode } from '@zzzen/pyright-internal/dist/parser/parseNodes.js'
import type { ExpressionNode, ParseTreeKey } from '@zzzen/pyright-internal/dist/parser/parseNodes.js'
import { Parser } from '@zzzen/pyright-internal/dist/parser/parser.js'
import type { ParseOptions } from '@zzzen/pyright-internal/dist/parser/parser.js'
import { Tokenizer } from '@zzzen/pyright-internal/dist/parser/tokenizer.js'
import type { TokenizerOutput } from '@zzzen/pyright-internal/dist/parser/tokenizer.js'
import { NumberToken } from '@zzzen/pyright-internal/dist/parser/tokenizerTypes.js'
import type { StringToken, Token } from '@zzzen/pyright-internal/dist/parser/tokenizerTypes.js'
import { isCompileStage, wording } from './complaints.ts'
import type { TokenList } from './tokens.ts'

/** What is wrong at an offset, in the parser's words. */
export interface Complaint {
  readonly offset: number
  readonly message: string
}

export interface ParserRun {
  readonly parser: Parser
  /** filled while the parser runs */
  readonly complaints: Complaint[]
  /** offsets of the `#` of every comment */
  readonly comments: number[]
  /** the tokens so far, and the index of the next one to be parsed */
  readonly progress: () => { readonly tokens: TokenList; readonly index: number }
}

/** The arguments with which the parser begins a text. */
type NewParse = [
  text: string,
  offset: number,
  length: number,
  options: ParseOptions,
  sink: DiagnosticSink,
  depth?: number,
]

/** What is read or replaced in the parser; the test of this file lists the same names and asks the package for them. */
interface ParserInternals {
  _fileContents: string
  _tokenizerOutput: TokenizerOutput
  _tokens: TokenList
  _tokenCount: number
  _tokenIndex: number
  readonly _areErrorsSuppressed: boolean
  _parseOptions: ParseOptions
  _diagSink: DiagnosticSink
  _maxChildDepthMap: DepthTable
  _startNewParse: (...given: NewParse) => void
  _addSyntaxError: (message: string, range: { readonly start: number }) => void
  _getTypeAnnotationCommentText: () => undefined
  _parseTypeAnnotation: () => ExpressionNode
  _makeStringNode: (token: StringToken) => StringNode
  _disallowAssignmentExpression: (parse: () => void) => void
  _reportStringTokenErrors(token: StringToken): void
  _peekToken(): Token
  _consumeTokenIfOperator(operator: number): boolean
  _parseTestExpression(allowAssignmentExpression: boolean): ExpressionNode
  _getOwnerKey(): ParseTreeKey
}

interface TokenizerInternals {
  readonly _cs: { position: number; getText(): string }
  readonly _tokens: Token[]
  _handleComment: () => void
  _addNextToken: () => void
  _tryNumber: () => boolean
}

/** A text with more tokens is not parsed: a tree costs up to 300 bytes a token. 8 MB of ordinary source have about this many. */
export const MAX_TOKENS = 2_000_000

/** Thrown out of the tokenizer at MAX_TOKENS. */
export const TOO_MANY_TOKENS = 'too many tokens'

/** CPython refuses longer decimal integers (`sys.int_info.default_max_str_digits`); their value is not computed. */
export const MAX_DIGITS = 4300

const OPERATOR_MULTIPLY = 26

/** A parser for one text, ready to run. */
export function createParser(): ParserRun {
  setForceEnglishDiagnostics(true)
  const parser = new Parser()
  const internals = parser as unknown as ParserInternals
  const complaints: Complaint[] = []
  const comments: number[] = []
  internals._maxChildDepthMap = createDepthTable()
  internals._addSyntaxError = (message, range) => {
    if (!internals._areErrorsSuppressed && !isCompileStage(message))
      complaints.push({ offset: range.start, message: wording(message) })
  }
  internals._startNewParse = (...[text, offset, length, options, sink, depth]) => {
    internals._fileContents = text
    internals._parseOptions = options
    internals._diagSink = sink
    internals._tokenizerOutput = createTokenizer(comments).tokenize(text, offset, length, depth)
    internals._tokens = internals._tokenizerOutput.tokens
    internals._tokenCount = internals._tokens.count
    internals._tokenIndex = 0
  }
  internals._getTypeAnnotationCommentText = () => undefined
  internals._parseTypeAnnotation = () => {
    const star = internals._peekToken()
    const unpacked = internals._consumeTokenIfOperator(OPERATOR_MULTIPLY)
    const annotation = internals._parseTestExpression(false)
    return unpacked ? UnpackNode.create(internals._getOwnerKey(), star, annotation) : annotation
  }
  // CPython refuses `[x for x in (y := z)]` only when it compiles it
  internals._disallowAssignmentExpression = (parse) => parse()
  internals._makeStringNode = (token) => {
    internals._reportStringTokenErrors(token)
    return StringNode.create(internals._getOwnerKey(), token, '')
  }
  return { parser, complaints, comments, progress: () => ({ tokens: internals._tokens, index: internals._tokenIndex }) }
}

function createTokenizer(comments: number[]): Tokenizer {
  const tokenizer = new Tokenizer()
  const internals = tokenizer as unknown as TokenizerInternals
  const addNextToken = internals._addNextToken.bind(tokenizer)
  internals._addNextToken = () => {
    // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- caught in parse.ts, never leaves the room
    if (internals._tokens.length > MAX_TOKENS) throw TOO_MANY_TOKENS
    addNextToken()
  }
  const tryNumber = internals._tryNumber.bind(tokenizer)
  internals._tryNumber = () => {
    const { _cs: stream } = internals
    const start = stream.position
    const end = endOfDigits(stream.getText(), start)
    if (end - start <= MAX_DIGITS) return tryNumber()
    internals._tokens.push(NumberToken.create(start, end - start, 0, true, false, undefined))
    stream.position = end
    return true
  }
  internals._handleComment = () => {
    const { _cs: stream } = internals
    const text = stream.getText()
    let end = stream.position
    comments.push(end)
    while (end < text.length && text.charCodeAt(end) !== LF && text.charCodeAt(end) !== CR) end++
    stream.position = end
  }
  return tokenizer
}

/** Offset behind the digits and underscores of a decimal integer at `start`. */
function endOfDigits(text: string, start: number): number {
  let end = start
  let unit = text.charCodeAt(end)
  while ((unit >= DIGIT_0 && unit <= DIGIT_9) || (unit === UNDERSCORE && end > start)) unit = text.charCodeAt(++end)
  return end
}

const DIGIT_0 = 48
const DIGIT_9 = 57
const UNDERSCORE = 95
const LF = 10
const CR = 13

/** How deep the tree under a node is, by the node's number; numbers of one file follow each other. */
interface DepthTable {
  get(id: number): number | undefined
  set(id: number, depth: number): void
}

const FIRST_SIZE = 4096

function createDepthTable(): DepthTable {
  let depths = new Uint16Array(FIRST_SIZE)
  let base = -1
  return {
    get: (id) => (base < 0 ? 0 : (depths[id - base] ?? 0)),
    set: (id, depth) => {
      if (base < 0) base = id
      if (id - base >= depths.length) {
        const larger = new Uint16Array(Math.max(depths.length * 2, id - base + 1))
        larger.set(depths)
        depths = larger
      }
      depths[id - base] = depth
    },
  }
}
