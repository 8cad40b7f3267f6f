// Calls, subscripts and operators. The parser nests `a < b < c` to the right and `a and b and c` to the left; both become one
// node, unless parentheses make them a nesting in Python too.

import * as tree from '../python/tree.ts'
import type {
  ArgumentNode,
  BinaryOperationNode,
  CallNode,
  ExpressionNode,
  IndexNode,
  SliceNode,
  TernaryNode,
} from '../python/tree.ts'
import type { Argument, Expr } from './model.ts'
import { endOf, fault, innerEnd, nameOf } from './scope.ts'
import type { LowerExpression, Scope } from './scope.ts'

export function lowerCall(node: CallNode, scope: Scope, lower: LowerExpression): Expr {
  const p = node.d.leftExpr.start
  const f = lower(node.d.leftExpr, scope)
  const a = lowerArguments(node.d.args, scope, lower)
  const literal = a.length === 1 && f.k === 'attr' && f.n === 'import_module' ? a[0]?.x : undefined
  if (literal?.k === 'const' && typeof literal.v === 'string' && literal.v !== '')
    scope.file.imports.push({ level: 0, module: literal.v, names: null })
  return { k: 'call', f, a, p, e: innerEnd(node, p, scope.file) }
}

/** Arguments of a call or the bases of a class, in source order. */
export function lowerArguments(nodes: readonly ArgumentNode[], scope: Scope, lower: LowerExpression): Argument[] {
  const result: Argument[] = []
  for (const { d, start } of nodes) {
    const x = lower(d.valueExpr, scope)
    const stars = d.argCategory
    if (d.name !== undefined && scope.file.text.charAt(start) === '(') fault(scope, start, 'keyword in parentheses')
    if (d.name !== undefined) result.push({ x, n: nameOf(d.name, scope.file) })
    else if (stars === tree.ONE_STAR_ARGUMENT) result.push({ x, s: 1 })
    else if (stars === tree.TWO_STARS_ARGUMENT) result.push({ x, s: 2 })
    else result.push({ x })
  }
  return result
}

/** `o[i]`: more than one subscript, a trailing comma or a star makes `i` a tuple. */
export function lowerIndex(node: IndexNode, scope: Scope, lower: LowerExpression): Expr {
  const p = node.d.leftExpr.start
  const o = lower(node.d.leftExpr, scope)
  const { items } = node.d
  const xs = items.map((item) => lowerSubscript(item, scope, lower))
  const [first] = xs
  const last = xs.at(-1)
  const e = innerEnd(node, p, scope.file)
  const single = xs.length === 1 && !node.d.trailingComma && first?.k !== 'star'
  if (first === undefined || last === undefined) return { k: 'unknown', why: 'syntax error', xs: [o], p, e }
  const i: Expr = single ? first : { k: 'tuple', xs, p: items[0]?.start ?? first.p, e: endOf(items.at(-1) ?? node) }
  return { k: 'sub', o, i, p, e }
}

function lowerSubscript(node: ArgumentNode, scope: Scope, lower: LowerExpression): Expr {
  const x = lower(node.d.valueExpr, scope)
  const starred = node.d.argCategory !== tree.PLAIN_ARGUMENT
  if (starred && x.k === 'slice') fault(scope, node.start, 'a slice cannot be unpacked')
  return node.d.argCategory === tree.ONE_STAR_ARGUMENT ? { k: 'star', x, p: node.start, e: endOf(node) } : x
}

export function lowerSlice(node: SliceNode, scope: Scope, lower: LowerExpression): Expr {
  const { startValue, endValue, stepValue } = node.d
  for (const part of [startValue, endValue, stepValue]) if (part !== undefined) refuseBareWalrus(part, scope)
  const a = startValue === undefined ? null : lower(startValue, scope)
  const b = endValue === undefined ? null : lower(endValue, scope)
  const c = stepValue === undefined ? null : lower(stepValue, scope)
  return { k: 'slice', a, b, c, p: node.start, e: endOf(node) }
}

export function lowerTernary(node: TernaryNode, scope: Scope, lower: LowerExpression): Expr {
  const { ifExpr, testExpr, elseExpr } = node.d
  const t = lower(ifExpr, scope)
  const c = lower(testExpr, scope)
  const f = lower(elseExpr, scope)
  refuseBareWalrus(elseExpr, scope)
  return { k: 'if', c, t, f, p: ifExpr.start, e: endOf(elseExpr) }
}

/** Places where the parser takes `x := y` without parentheses and CPython does not. */
export function refuseBareWalrus(node: ExpressionNode, scope: Scope): void {
  if (node.nodeType === tree.ASSIGNMENT_EXPRESSION && !node.d.hasParens) {
    fault(scope, node.d.walrusToken.start, 'assignment expression without parentheses')
  }
}

/** Places where the parser takes `*x` and CPython does not. */
export function refuseStar(node: ExpressionNode, scope: Scope): void {
  if (node.nodeType === tree.UNPACK) fault(scope, node.start, 'cannot use a starred expression here')
}

export function lowerBinary(node: BinaryOperationNode, scope: Scope, lower: LowerExpression): Expr {
  const { operator } = node.d
  if (operator === tree.OPERATOR_AND || operator === tree.OPERATOR_OR) return lowerBool(node, scope, lower)
  if (tree.isComparison(operator)) return lowerComparison(node, scope, lower)
  const l = lower(node.d.leftExpr, scope)
  const r = lower(node.d.rightExpr, scope)
  const op = tree.OPERATORS[operator] ?? ''
  return { k: 'bin', op, l, r, p: node.d.leftExpr.start, e: endOf(node.d.rightExpr) }
}

function lowerBool(node: BinaryOperationNode, scope: Scope, lower: LowerExpression): Expr {
  const { operator } = node.d
  const operands = [node.d.rightExpr]
  let left = node.d.leftExpr
  while (left.nodeType === tree.BINARY_OPERATION && left.d.operator === operator && !left.d.hasParens) {
    operands.push(left.d.rightExpr)
    left = left.d.leftExpr
  }
  operands.push(left)
  const xs: Expr[] = []
  for (let index = operands.length - 1; index >= 0; index--) {
    const operand = operands[index]
    if (operand !== undefined) xs.push(lower(operand, scope))
  }
  const op = operator === tree.OPERATOR_AND ? 'and' : 'or'
  return { k: 'bool', op, xs, p: left.start, e: endOf(node.d.rightExpr) }
}

function lowerComparison(node: BinaryOperationNode, scope: Scope, lower: LowerExpression): Expr {
  const l = lower(node.d.leftExpr, scope)
  const ops: string[] = []
  const r: Expr[] = []
  let link = node
  for (;;) {
    ops.push(tree.OPERATORS[link.d.operator] ?? '')
    const right: ExpressionNode = link.d.rightExpr
    const chained =
      right.nodeType === tree.BINARY_OPERATION && !right.d.hasParens && tree.isComparison(right.d.operator)
    if (!chained) {
      r.push(lower(right, scope))
      return { k: 'cmp', l, ops, r, p: node.d.leftExpr.start, e: endOf(right) }
    }
    r.push(lower(right.d.leftExpr, scope))
    link = right
  }
}
