// Expressions of the syntax tree → expressions of the representation. Nothing is collapsed: what runs stands in the result, in
// source order, and an error node keeps its parts. Positions are CPython's: parentheses around an expression are not part of it,
// those around its first operand are. The parser bounds chains at 256 levels; MAX_EXPRESSION_DEPTH bounds everything else.

import { TOO_DEEP_MESSAGE } from '../python/complaints.ts'
import * as tree from '../python/tree.ts'
import type { ErrorNode, ExpressionNode, NameNode } from '../python/tree.ts'
import { lowerComprehension, lowerDictionary, lowerListOrSet, lowerTuple } from './collections.ts'
import { lowerLambda } from './functions.ts'
import type { Expr } from './model.ts'
import { lowerConstant, lowerNumber } from './numbers.ts'
import { lowerBinary, lowerCall, lowerIndex, lowerSlice, lowerTernary } from './operations.ts'
import { endOf, fault, innerStart, MAX_EXPRESSION_DEPTH, nameOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { lowerStrings } from './strings.ts'

/** The lowered expression; names that it binds (walrus) and whether it yields are noted in the scope. */
export function lowerExpression(node: ExpressionNode, scope: Scope): Expr {
  const { file } = scope
  if (file.expressions >= MAX_EXPRESSION_DEPTH) {
    fault(scope, node.start, TOO_DEEP_MESSAGE)
    return { k: 'unknown', why: TOO_DEEP_MESSAGE, xs: [], p: node.start, e: endOf(node) }
  }
  file.expressions++
  const lowered = lowerFrequent(node, scope)
  file.expressions--
  return lowered
}

function lowerFrequent(node: ExpressionNode, scope: Scope): Expr {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other kinds follow in lowerRare
  switch (node.nodeType) {
    case tree.NAME:
      return lowerName(node, scope)
    case tree.MEMBER_ACCESS: {
      const o = lowerExpression(node.d.leftExpr, scope)
      const { member } = node.d
      return { k: 'attr', o, n: nameOf(member, scope.file), p: node.d.leftExpr.start, e: endOf(member) }
    }
    case tree.CALL:
      return lowerCall(node, scope, lowerExpression)
    case tree.STRING_LIST:
      return lowerStrings(node, scope, lowerExpression)
    case tree.CONSTANT:
      return lowerConstant(node, scope)
    case tree.NUMBER:
      return lowerNumber(node, scope)
    case tree.INDEX:
      return lowerIndex(node, scope, lowerExpression)
    case tree.BINARY_OPERATION:
      return lowerBinary(node, scope, lowerExpression)
    case tree.TUPLE:
      return lowerTuple(node, scope, lowerExpression)
    case tree.LIST:
    case tree.SET:
      return lowerListOrSet(node, scope, lowerExpression)
    case tree.DICTIONARY:
      return lowerDictionary(node, scope, lowerExpression)
    default:
      return lowerRare(node, scope)
  }
}

function lowerRare(node: ExpressionNode, scope: Scope): Expr {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- what is left are statements out of place
  switch (node.nodeType) {
    case tree.UNARY_OPERATION: {
      const x = lowerExpression(node.d.expr, scope)
      const op = tree.OPERATORS[node.d.operator] ?? ''
      return { k: 'un', op, x, p: node.d.operatorToken.start, e: endOf(node.d.expr) }
    }
    case tree.COMPREHENSION:
      return lowerComprehension(node, 'gen', scope, lowerExpression)
    case tree.LAMBDA:
      return lowerLambda(node, scope, lowerExpression)
    case tree.TERNARY:
      return lowerTernary(node, scope, lowerExpression)
    case tree.ASSIGNMENT_EXPRESSION: {
      const n = nameOf(node.d.name, scope.file)
      scope.bound.add(n)
      const x = lowerExpression(node.d.rightExpr, scope)
      return { k: 'walrus', n, x, p: node.d.name.start, e: endOf(node.d.rightExpr) }
    }
    case tree.AWAIT: {
      const x = lowerExpression(node.d.expr, scope)
      return { k: 'await', x, p: node.d.awaitToken.start, e: endOf(node.d.expr) }
    }
    case tree.UNPACK: {
      if (node.start !== node.d.starToken.start) fault(scope, node.start, 'cannot use a starred expression here')
      const x = lowerExpression(node.d.expr, scope)
      return { k: 'star', x, p: node.d.starToken.start, e: endOf(node.d.expr) }
    }
    case tree.SLICE:
      return lowerSlice(node, scope, lowerExpression)
    case tree.ELLIPSIS: {
      const p = innerStart(node, scope.file)
      return { k: 'const', t: 'ellipsis', v: null, p, e: p + '...'.length }
    }
    case tree.YIELD: {
      scope.generator = true
      const p = innerStart(node, scope.file)
      const x = node.d.expr === undefined ? null : lowerExpression(node.d.expr, scope)
      return { k: 'yield', x, p, e: node.d.expr === undefined ? p + 'yield'.length : endOf(node.d.expr) }
    }
    case tree.YIELD_FROM: {
      scope.generator = true
      const p = innerStart(node, scope.file)
      return { k: 'yieldfrom', x: lowerExpression(node.d.expr, scope), p, e: endOf(node.d.expr) }
    }
    case tree.ERROR:
      return lowerError(node, scope)
    default:
      return lowerMisplaced(node, scope)
  }
}

function lowerName(node: NameNode, scope: Scope): Expr {
  const { token } = node.d
  return { k: 'name', id: nameOf(node, scope.file), p: token.start, e: token.start + token.length }
}

function lowerAll(nodes: readonly ExpressionNode[], scope: Scope): Expr[] {
  const xs: Expr[] = []
  for (const node of nodes) xs.push(lowerExpression(node, scope))
  return xs
}

/** Where the parser gave up: what it understood of it runs all the same. */
function lowerError(node: ErrorNode, scope: Scope): Expr {
  const { file } = scope
  if (file.errorAt < 0) file.errorAt = node.start
  const xs: Expr[] = []
  for (const decorator of node.d.decorators ?? []) xs.push(lowerExpression(decorator.d.expr, scope))
  if (node.d.child !== undefined) xs.push(lowerExpression(node.d.child, scope))
  const why = node.d.category === tree.TOO_DEEP ? TOO_DEEP_MESSAGE : 'syntax error'
  return { k: 'unknown', why, xs, p: node.start, e: endOf(node) }
}

/** A statement or a piece of a literal in the place of an expression: only a damaged file has one. */
function lowerMisplaced(node: ExpressionNode, scope: Scope): Expr {
  const { file } = scope
  if (file.errorAt < 0) file.errorAt = node.start
  const xs =
    node.nodeType === tree.ASSIGNMENT || node.nodeType === tree.AUGMENTED_ASSIGNMENT
      ? lowerAll([node.d.leftExpr, node.d.rightExpr], scope)
      : []
  return { k: 'unknown', why: 'syntax error', xs, p: node.start, e: endOf(node) }
}
