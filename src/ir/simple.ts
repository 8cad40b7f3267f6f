// Simple statements: those that stand on one logical line. The parser writes `a = b = c` as assignments nested from the last
// target to the first, and gives statements and expressions one type.

import * as tree from '../python/tree.ts'
import type { AssignmentNode, ExpressionNode, ParseNode, TypeAnnotationNode } from '../python/tree.ts'
import { lowerExpression } from './expressions.ts'
import { lowerFrom, lowerImport } from './imports.ts'
import type { Expr, Stmt } from './model.ts'
import { refuseBareWalrus, refuseStar } from './operations.ts'
import { endOf, nameOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { noteDeleted, noteSingleTarget, noteTarget } from './targets.ts'

export function lowerSimple(node: ParseNode, scope: Scope): Stmt {
  const p = node.start
  const e = endOf(node)
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other kinds follow in lowerRareSimple
  switch (node.nodeType) {
    case tree.ASSIGNMENT:
      return lowerAssignment(node, scope)
    case tree.RETURN: {
      const { expr } = node.d
      if (expr !== undefined) refuseBareWalrus(expr, scope)
      return { k: 'return', x: optional(expr, scope), p, e }
    }
    case tree.IMPORT:
      return lowerImport(node, scope)
    case tree.IMPORT_FROM:
      return lowerFrom(node, scope)
    case tree.AUGMENTED_ASSIGNMENT: {
      const target = lowerExpression(node.d.leftExpr, scope)
      noteSingleTarget(node.d.leftExpr, scope)
      const x = lowerExpression(node.d.rightExpr, scope)
      return { k: 'aug', target, op: tree.OPERATORS[node.d.operator] ?? '', x, p, e }
    }
    case tree.TYPE_ANNOTATION:
      return lowerAnnotated(node, null, scope)
    case tree.RAISE: {
      const { expr, fromExpr } = node.d
      if (expr !== undefined) refuseBareWalrus(expr, scope)
      return { k: 'raise', x: optional(expr, scope), from: optional(fromExpr, scope), p, e }
    }
    case tree.PASS:
      return { k: 'pass', p, e }
    case tree.ASSERT: {
      const x = lowerExpression(node.d.testExpr, scope)
      return { k: 'assert', x, message: optional(node.d.exceptionExpr, scope), p, e }
    }
    default:
      return lowerRareSimple(node, scope)
  }
}

function lowerRareSimple(node: ParseNode, scope: Scope): Stmt {
  const p = node.start
  const e = endOf(node)
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- what is left are expressions
  switch (node.nodeType) {
    case tree.BREAK:
      return { k: 'break', p, e }
    case tree.CONTINUE:
      return { k: 'continue', p, e }
    case tree.DEL: {
      for (const target of node.d.targets) noteDeleted(target, scope)
      return { k: 'del', targets: node.d.targets.map((target) => lowerExpression(target, scope)), p, e }
    }
    case tree.GLOBAL:
    case tree.NONLOCAL: {
      const names = node.d.targets.map((target) => nameOf(target, scope.file))
      const isGlobal = node.nodeType === tree.GLOBAL
      if (scope.kind !== 'module') (isGlobal ? scope.globals : scope.nonlocals).push(...names)
      return { k: isGlobal ? 'global' : 'nonlocal', names, p, e }
    }
    case tree.TYPE_ALIAS: {
      const n = nameOf(node.d.name, scope.file)
      scope.bound.add(n)
      return { k: 'typealias', n, p, e }
    }
    case tree.ERROR: {
      const x = lowerExpression(node, scope)
      return { k: 'unknown', why: x.k === 'unknown' ? x.why : '', xs: x.k === 'unknown' ? x.xs : [x], p, e }
    }
    default: {
      const x = lowerExpression(node as ExpressionNode, scope)
      return { k: 'expr', x, p: x.p, e: x.e }
    }
  }
}

function optional(node: ExpressionNode | undefined, scope: Scope): Expr | null {
  return node === undefined ? null : lowerExpression(node, scope)
}

function lowerAssignment(node: AssignmentNode, scope: Scope): Stmt {
  const { leftExpr } = node.d
  if (leftExpr.nodeType === tree.TYPE_ANNOTATION) return lowerAnnotated(leftExpr, node.d.rightExpr, scope)
  const written: ExpressionNode[] = []
  let value: ExpressionNode = node
  while (value.nodeType === tree.ASSIGNMENT) {
    written.push(value.d.leftExpr)
    value = value.d.rightExpr
  }
  written.reverse()
  const targets: Expr[] = []
  for (const target of written) {
    noteTarget(target, scope, true)
    targets.push(lowerExpression(target, scope))
  }
  const x = lowerExpression(value, scope)
  return { k: 'assign', targets, x, p: written[0]?.start ?? node.start, e: endOf(value) }
}

/** `x: T` and `x: T = v`. Without a value a function's name is local all the same (`(x): T` is not); elsewhere nothing is bound. */
function lowerAnnotated(node: TypeAnnotationNode, value: ExpressionNode | null, scope: Scope): Stmt {
  const { valueExpr } = node.d
  if (value !== null) noteSingleTarget(valueExpr, scope)
  else if (valueExpr.nodeType === tree.NAME && scope.kind === 'function') {
    if (valueExpr.start === valueExpr.d.token.start) scope.bound.add(nameOf(valueExpr, scope.file))
  } else if (valueExpr.nodeType !== tree.NAME && valueExpr.nodeType !== tree.MEMBER_ACCESS)
    noteSingleTarget(valueExpr, scope)
  const target = lowerExpression(valueExpr, scope)
  refuseStar(node.d.annotation, scope)
  const annotation = lowerExpression(node.d.annotation, scope)
  const x = value === null ? null : lowerExpression(value, scope)
  return { k: 'ann', target, annotation, x, p: node.start, e: endOf(value ?? node) }
}
