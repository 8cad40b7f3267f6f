// Tokens of a parsed file: numbers of their kinds and the few questions the lowering asks of them. Comments hang on the token
// that follows them. Tokens are sorted by offset; indents, dedents and implied line ends may be empty.

// oxlint-disable typescript/no-unsafe-enum-assignment -- the parser's const enums cannot be read, their numbers are checked by a test

import type { TextRangeCollection } from '@zzzen/pyright-internal/dist/common/textRangeCollection.js'
import type {
  FStringMiddleToken,
  IdentifierToken,
  KeywordToken,
  OperatorToken,
  StringToken,
  Token,
} from '@zzzen/pyright-internal/dist/parser/tokenizerTypes.js'

export type { FStringMiddleToken, IdentifierToken, KeywordToken, OperatorToken, StringToken, Token }
export type TokenList = TextRangeCollection<Token>

/** Kinds of tokens (`TokenType`, compared with the installed package by a test). */
export const INVALID = 0 as Token['type']
export const END_OF_STREAM = 1 as Token['type']
export const NEW_LINE = 2 as Token['type']
export const INDENT = 3 as Token['type']
export const DEDENT = 4 as Token['type']
export const IDENTIFIER = 7 as Token['type']
export const KEYWORD = 8 as Token['type']
export const OPERATOR = 9 as Token['type']
export const COLON = 10 as Token['type']
export const COMMA = 12 as Token['type']
export const OPEN_PARENTHESIS = 13 as Token['type']
export const CLOSE_PARENTHESIS = 14 as Token['type']
export const OPEN_CURLY_BRACE = 17 as Token['type']
export const CLOSE_CURLY_BRACE = 18 as Token['type']
export const EXCLAMATION_MARK = 23 as Token['type']
export const FSTRING_MIDDLE = 25 as Token['type']
export const FSTRING_END = 26 as Token['type']

/** Number of the operator `=`. */
export const OPERATOR_ASSIGN = 2 as OperatorToken['operatorType']

/** Offset of the first token at or behind `offset` that is code: no line end, indent or dedent; the end of the text if none is. */
export function nextCode(tokens: TokenList, offset: number): number {
  let index = Math.max(0, tokens.getItemAtPosition(offset))
  while (index < tokens.count - 1 && (tokens.getItemAt(index).start < offset || isLayout(tokens.getItemAt(index).type)))
    index++
  return tokens.getItemAt(index).start
}

/** Is the token at or behind `offset` a comma? */
export function isComma(tokens: TokenList, offset: number): boolean {
  let index = Math.max(0, tokens.getItemAtPosition(offset))
  while (index < tokens.count - 1 && tokens.getItemAt(index).start < offset) index++
  return tokens.getItemAt(index).type === COMMA
}

function isLayout(type: Token['type']): boolean {
  return type === NEW_LINE || type === INDENT || type === DEDENT
}

/**
 * Start and end of what stands inside `depth` pairs of parentheses: the parser makes a parenthesised node include them.
 * `start` and `end` are the node's own; `inner` is where the expression itself starts.
 */
export function endInsideParentheses(tokens: TokenList, start: number, end: number, inner: number): number {
  let first = tokens.getItemAtPosition(start)
  let last = tokens.getItemAtPosition(end - 1)
  if (first < 0 || last < 0) return end
  while (tokens.getItemAt(first).start < inner && tokens.getItemAt(last).type === CLOSE_PARENTHESIS) {
    first++
    last--
  }
  const token = tokens.getItemAt(last)
  return token.start + token.length
}

/** Offset of the first token at or behind `start` that is no opening parenthesis. */
export function startInsideParentheses(tokens: TokenList, start: number): number {
  let index = tokens.getItemAtPosition(start)
  if (index < 0) return start
  while (index < tokens.count - 1 && tokens.getItemAt(index).type === OPEN_PARENTHESIS) index++
  return tokens.getItemAt(index).start
}
