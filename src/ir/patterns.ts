// Patterns of `match`. The parser wraps every pattern in an or-pattern with an optional `as`, and gives `{}` an error node without
// complaining; both are undone here.

import * as tree from '../python/tree.ts'
import { isComma } from '../python/tokens.ts'
import type {
  ExpressionNode,
  PatternAsNode,
  PatternAtomNode,
  PatternClassNode,
  PatternMappingNode,
  PatternSequenceNode,
} from '../python/tree.ts'
import { TOO_DEEP_MESSAGE } from '../python/complaints.ts'
import type { Expr, Pattern } from './model.ts'
import { endOf, fault, MAX_EXPRESSION_DEPTH, nameOf } from './scope.ts'
import type { LowerExpression, Scope } from './scope.ts'

/** The lowered pattern; its captures are bound in the scope. */
export function lowerPattern(node: PatternAtomNode, scope: Scope, lower: LowerExpression): Pattern {
  const { file } = scope
  if (file.expressions >= MAX_EXPRESSION_DEPTH) {
    fault(scope, node.start, TOO_DEEP_MESSAGE)
    return { k: 'unknown', why: TOO_DEEP_MESSAGE, p: node.start, e: endOf(node) }
  }
  file.expressions++
  const pattern = lowerAtom(node, scope, lower)
  file.expressions--
  return pattern
}

function lowerAtom(node: PatternAtomNode, scope: Scope, lower: LowerExpression): Pattern {
  const p = node.start
  const e = endOf(node)
  switch (node.nodeType) {
    case tree.PATTERN_AS:
      return lowerAs(node, scope, lower)
    case tree.PATTERN_CAPTURE: {
      const n = node.d.isWildcard ? null : nameOf(node.d.target, scope.file)
      if (n !== null) scope.bound.add(n)
      return { k: node.d.isStar ? 'rest' : 'capture', n, p, e }
    }
    case tree.PATTERN_LITERAL:
    case tree.PATTERN_VALUE:
      checkLiteral(node.d.expr, scope)
      return { k: 'value', x: lower(node.d.expr, scope), p, e }
    case tree.PATTERN_SEQUENCE:
      checkLoneStar(node, scope)
      return { k: 'sequence', xs: node.d.entries.map((entry) => lowerPattern(entry, scope, lower)), p, e }
    case tree.PATTERN_CLASS:
      return lowerClassPattern(node, scope, lower)
    case tree.PATTERN_MAPPING:
      return lowerMapping(node, scope, lower)
    case tree.ERROR:
    default:
      if (isEmptyMapping(node.start, scope)) return { k: 'mapping', xs: [], rest: null, p, e }
      if (scope.file.errorAt < 0) scope.file.errorAt = node.start
      return { k: 'unknown', why: 'syntax error', p, e }
  }
}

/** The only operators of a literal pattern are those of `-1` and `1 + 2j`. */
function checkLiteral(node: ExpressionNode, scope: Scope): void {
  if (node.nodeType !== tree.BINARY_OPERATION) return
  const operator = tree.OPERATORS[node.d.operator]
  if (operator !== '+' && operator !== '-') fault(scope, node.start, 'invalid pattern')
}

/** The error node of `{}` is its closing brace. */
function isEmptyMapping(start: number, scope: Scope): boolean {
  const { text } = scope.file
  return (
    text.charAt(start) === '}' && /\{(?:\s|\\|#[^\r\n]*)*$/.test(text.slice(Math.max(0, start - EMPTY_MAPPING), start))
  )
}

/** How far before the closing brace the opening one is looked for. */
const EMPTY_MAPPING = 200

/** `case *a:` and `case (*a):` want a comma or brackets. */
function checkLoneStar({ d, start }: PatternSequenceNode, scope: Scope): void {
  const [only] = d.entries
  const lone = d.entries.length === 1 && d.starEntryIndex === 0 && scope.file.text.charAt(start) !== '['
  if (only !== undefined && lone && !isComma(scope.file.tokens, endOf(only))) fault(scope, start, 'invalid pattern')
}

function lowerAs(node: PatternAsNode, scope: Scope, lower: LowerExpression): Pattern {
  const xs = node.d.orPatterns.map((pattern) => lowerPattern(pattern, scope, lower))
  const p = node.start
  const e = endOf(node)
  const [first] = xs
  const pattern: Pattern = xs.length === 1 && first !== undefined ? first : { k: 'or', xs, p, e: xs.at(-1)?.e ?? e }
  if (node.d.target === undefined) return pattern
  const n = nameOf(node.d.target, scope.file)
  scope.bound.add(n)
  return { k: 'as', pattern, n, p, e }
}

function lowerClassPattern(node: PatternClassNode, scope: Scope, lower: LowerExpression): Pattern {
  const cls = lower(node.d.className, scope)
  const xs: Pattern[] = []
  const kw: { n: string; x: Pattern }[] = []
  for (const { d } of node.d.args) {
    const x = lowerPattern(d.pattern, scope, lower)
    if (d.name === undefined) xs.push(x)
    else kw.push({ n: nameOf(d.name, scope.file), x })
  }
  return { k: 'class', cls, xs, kw, p: node.start, e: endOf(node) }
}

function lowerMapping(node: PatternMappingNode, scope: Scope, lower: LowerExpression): Pattern {
  const xs: { key: Expr; value: Pattern }[] = []
  let rest: string | null = null
  for (const entry of node.d.entries) {
    if (rest !== null) fault(scope, entry.start, 'nothing may follow **rest in a pattern')
    if (entry.nodeType === tree.PATTERN_MAPPING_EXPAND_ENTRY) {
      rest = nameOf(entry.d.target, scope.file)
      scope.bound.add(rest)
      continue
    }
    const { keyPattern, valuePattern } = entry.d
    const key = lower(keyPattern.nodeType === tree.ERROR ? keyPattern : keyPattern.d.expr, scope)
    xs.push({ key, value: lowerPattern(valuePattern, scope, lower) })
  }
  return { k: 'mapping', xs, rest, p: node.start, e: endOf(node) }
}
