// String literals: adjacent ones are one constant, or one f-string if any of them is one. The parser keeps the fields of an
// f-string, nested ones included, in one flat list and drops conversions and the text of format specs, so their structure is read
// from the tokens.

import { unescape, withLineFeeds } from '../python/literals.ts'
import * as tokens from '../python/tokens.ts'
import type { FStringMiddleToken, IdentifierToken, OperatorToken, Token } from '../python/tokens.ts'
import * as tree from '../python/tree.ts'
import type { FormatStringNode, StringListNode, StringNode } from '../python/tree.ts'
import type { Expr, FormatPart } from './model.ts'
import { endOf, fault } from './scope.ts'
import type { LowerExpression, Scope } from './scope.ts'

export function lowerStrings(node: StringListNode, scope: Scope, lower: LowerExpression): Expr {
  const { strings } = node.d
  const [first] = strings
  if (first !== undefined && strings.length === 1 && first.nodeType === tree.STRING) return lowerString(first, scope)
  checkMixture(node, scope)
  const p = first?.start ?? node.start
  const e = endOf(strings.at(-1) ?? node)
  if (strings.every((string) => string.nodeType === tree.STRING)) {
    const values = strings.map((string) => lowerString(string, scope))
    const t = values.some((value) => value.k === 'const' && value.t === 'bytes') ? 'bytes' : 'str'
    return { k: 'const', t, v: values.map((value) => (value.k === 'const' ? value.v : '')).join(''), p, e }
  }
  const parts: FormatPart[] = []
  let lazy = false
  for (const string of strings) {
    if (string.nodeType === tree.STRING) parts.push({ x: lowerString(string, scope), c: '', spec: [] })
    else {
      parts.push(...lowerFormatString(string, scope, lower))
      lazy ||= (string.d.token.flags & tree.STRING_TEMPLATE) !== 0
    }
  }
  return { k: 'fstr', parts, lazy, p, e }
}

/** bytes hold one character per byte. */
function lowerString(node: StringNode, scope: Scope): Expr {
  const { token } = node.d
  const bytes = (token.flags & tree.STRING_BYTES) !== 0
  const raw = token.escapedValue
  const p = token.start
  const e = p + token.length
  if (bytes && NON_ASCII.test(raw)) fault(scope, p, 'bytes can only contain ASCII literal characters')
  if ((token.flags & tree.STRING_RAW) !== 0)
    return { k: 'const', t: bytes ? 'bytes' : 'str', v: withLineFeeds(raw), p, e }
  const plain = !raw.includes('\\') && !raw.includes('\r')
  const v = plain
    ? raw
    : unescaped(raw, p + token.prefixLength + token.quoteMarkLength, scope, { bytes, braces: false })
  return { k: 'const', t: bytes ? 'bytes' : 'str', v, p, e }
}

const NON_ASCII = /[^\0-\x7f]/

function unescaped(
  raw: string,
  start: number,
  scope: Scope,
  { bytes, braces }: { bytes: boolean; braces: boolean },
): string {
  const { value, bad } = unescape(raw, bytes, braces)
  if (bad >= 0) fault(scope, start + bad, 'invalid escape in a string')
  return value
}

/** Text and bytes, or a template and anything else, cannot stand side by side. */
function checkMixture(node: StringListNode, scope: Scope): void {
  const kinds = new Set<string>()
  for (const { d } of node.d.strings) {
    const { flags } = d.token
    kinds.add((flags & tree.STRING_BYTES) !== 0 ? 'bytes' : (flags & tree.STRING_TEMPLATE) !== 0 ? 'template' : 'text')
  }
  if (kinds.size > 1) fault(scope, node.start, 'cannot mix string literals of different kinds')
}

/** Where the walk over an f-string's tokens and over its fields stands. */
interface Walk {
  index: number
  field: number
}

function lowerFormatString(node: FormatStringNode, scope: Scope, lower: LowerExpression): FormatPart[] {
  const walk: Walk = { index: scope.file.tokens.getItemAtPosition(node.d.token.start) + 1, field: 0 }
  const parts = lowerPieces(node, walk, scope, lower)
  // a damaged f-string: the fields that were not met run all the same
  for (const field of node.d.fieldExprs.slice(walk.field)) parts.push({ x: lower(field, scope), c: 'f', spec: [] })
  return parts
}

function lowerPieces(node: FormatStringNode, walk: Walk, scope: Scope, lower: LowerExpression): FormatPart[] {
  const parts: FormatPart[] = []
  const list = scope.file.tokens
  while (walk.index < list.count) {
    const token = list.getItemAt(walk.index)
    if (token.type === tokens.FSTRING_MIDDLE) {
      walk.index++
      if (token.length > 0) parts.push({ x: lowerMiddle(token as FStringMiddleToken, scope), c: '', spec: [] })
    } else if (token.type === tokens.OPEN_CURLY_BRACE && walk.field < node.d.fieldExprs.length) {
      walk.index++
      parts.push(...lowerField(node, walk, scope, lower))
    } else {
      return parts
    }
  }
  return parts
}

function lowerMiddle(token: FStringMiddleToken, scope: Scope): Expr {
  const raw = token.escapedValue
  const p = token.start
  const e = p + token.length
  if ((token.flags & tree.STRING_RAW) !== 0) {
    return { k: 'const', t: 'str', v: withLineFeeds(raw).replaceAll('{{', '{').replaceAll('}}', '}'), p, e }
  }
  const plain = !/[\\\r{}]/.test(raw)
  return { k: 'const', t: 'str', v: plain ? raw : unescaped(raw, p, scope, { bytes: false, braces: true }), p, e }
}

/** One `{…}`, from behind its brace; `{x=}` is the text `x=` and the value. */
function lowerField(node: FormatStringNode, walk: Walk, scope: Scope, lower: LowerExpression): FormatPart[] {
  const { tokens: list, text } = scope.file
  const field = node.d.fieldExprs[walk.field++]
  if (field === undefined) return []
  const opened = endOf(list.getItemAt(walk.index - 1))
  const x = lower(field, scope)
  const end = endOf(field)
  const type = (): Token['type'] => list.getItemAt(Math.min(walk.index, list.count - 1)).type
  while (walk.index < list.count && list.getItemAt(walk.index).start < end) walk.index++
  if (type() === tokens.COMMA) walk.index++
  const parts: FormatPart[] = []
  let c: FormatPart['c'] | null = null
  if (
    type() === tokens.OPERATOR &&
    (list.getItemAt(walk.index) as OperatorToken).operatorType === tokens.OPERATOR_ASSIGN
  ) {
    walk.index++
    const shown = list.getItemAt(Math.min(walk.index, list.count - 1)).start
    parts.push({ x: { k: 'const', t: 'str', v: text.slice(opened, shown), p: opened, e: shown }, c: '', spec: [] })
  }
  if (type() === tokens.EXCLAMATION_MARK) {
    c = readConversion(walk, scope)
    walk.index += 2
  }
  const formatted = type() === tokens.COLON
  if (formatted) walk.index++
  const spec = formatted ? lowerPieces(node, walk, scope, lower) : []
  if (type() === tokens.CLOSE_CURLY_BRACE) walk.index++
  c ??= parts.length > 0 && !formatted ? 'r' : 'f'
  return [...parts, { x, c, spec }]
}

function readConversion(walk: Walk, scope: Scope): 'r' | 's' | 'a' {
  const { tokens: list } = scope.file
  const token = list.getItemAt(Math.min(walk.index + 1, list.count - 1))
  const adjacent = list.getItemAt(walk.index).start + 1 === token.start
  const value = adjacent && token.type === tokens.IDENTIFIER ? (token as IdentifierToken).value : ''
  if (value === 'r' || value === 's' || value === 'a') return value
  fault(scope, token.start, 'invalid conversion in an f-string')
  return 's'
}
