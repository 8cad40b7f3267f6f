// Statements of the syntax tree → statements of the representation. `elif` becomes a nested `if` in a loop. A decorator, default,
// base or annotation is lowered in the scope around its function or class. The rest of a damaged file is lowered as far as the
// tree goes; what cannot be expressed is `unknown` with the parts that run.

import { TOO_DEEP_MESSAGE } from '../python/complaints.ts'
import * as tree from '../python/tree.ts'
import type { ForNode, IfNode, MatchNode, StatementNode, SuiteNode, TryNode, WithNode } from '../python/tree.ts'
import { lowerClass, lowerFunction } from './definitions.ts'
import { lowerExpression } from './expressions.ts'
import type { ExceptClause, Expr, MatchCase, Stmt, WithItem } from './model.ts'
import { refuseBareWalrus, refuseStar } from './operations.ts'
import { lowerPattern } from './patterns.ts'
import { endOf, fault, MAX_BLOCK_DEPTH, MAX_ELIF_CHAIN, nameOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { lowerSimple } from './simple.ts'
import { noteTarget } from './targets.ts'

/** The statements of a module or of a block, in order. */
export function lowerBlock(nodes: readonly StatementNode[], scope: Scope): Stmt[] {
  const { file } = scope
  const [first] = nodes
  if (file.blocks > MAX_BLOCK_DEPTH && first !== undefined) {
    fault(scope, first.start, TOO_DEEP_MESSAGE)
    return [{ k: 'unknown', why: TOO_DEEP_MESSAGE, xs: [], p: first.start, e: endOf(nodes.at(-1) ?? first) }]
  }
  file.blocks++
  const body: Stmt[] = []
  for (const node of nodes) {
    if (node.nodeType === tree.STATEMENT_LIST) {
      for (const small of node.d.statements) body.push(lowerSimple(small, scope))
    } else {
      body.push(lowerCompound(node, scope))
    }
  }
  file.blocks--
  return body
}

function lowerSuite(node: SuiteNode | undefined, scope: Scope): Stmt[] {
  return node === undefined ? [] : lowerBlock(node.d.statements, scope)
}

function lowerCompound(node: StatementNode, scope: Scope): Stmt {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- what is left are simple statements
  switch (node.nodeType) {
    case tree.IF:
      return lowerIf(node, scope)
    case tree.FUNCTION:
      return lowerFunction(node, scope, { expression: lowerExpression, block: lowerBlock })
    case tree.CLASS:
      return lowerClass(node, scope, { expression: lowerExpression, block: lowerBlock })
    case tree.FOR:
      return lowerFor(node, scope)
    case tree.WHILE: {
      const c = lowerExpression(node.d.testExpr, scope)
      const body = lowerSuite(node.d.whileSuite, scope)
      return { k: 'while', c, body, orelse: lowerSuite(node.d.elseSuite, scope), p: node.start, e: endOf(node) }
    }
    case tree.WITH:
      return lowerWith(node, scope)
    case tree.TRY:
      return lowerTry(node, scope)
    case tree.MATCH:
      return lowerMatch(node, scope)
    default:
      return lowerSimple(node, scope)
  }
}

function lowerIf(node: IfNode, scope: Scope): Stmt {
  const arms: { readonly c: Expr; readonly t: Stmt[]; readonly p: number; readonly e: number }[] = []
  let rest: Stmt[] = []
  let arm: IfNode | null = node
  while (arm !== null) {
    const c = lowerExpression(arm.d.testExpr, scope)
    arms.push({ c, t: lowerSuite(arm.d.ifSuite, scope), p: arm.start, e: endOf(arm) })
    const other: IfNode | SuiteNode | undefined = arm.d.elseSuite
    arm = null
    if (other?.nodeType === tree.SUITE) rest = lowerSuite(other, scope)
    else if (other !== undefined && arms.length < MAX_ELIF_CHAIN) arm = other
    else if (other !== undefined) {
      fault(scope, other.start, TOO_DEEP_MESSAGE)
      rest = [{ k: 'unknown', why: TOO_DEEP_MESSAGE, xs: [], p: other.start, e: endOf(other) }]
    }
  }
  return arms.reduceRight<Stmt[]>((f, { c, t, p, e }) => [{ k: 'if', c, t, f, p, e }], rest)[0] as Stmt
}

function lowerFor(node: ForNode, scope: Scope): Stmt {
  const iter = lowerExpression(node.d.iterableExpr, scope)
  noteTarget(node.d.targetExpr, scope, true)
  const target = lowerExpression(node.d.targetExpr, scope)
  const body = lowerSuite(node.d.forSuite, scope)
  const orelse = lowerSuite(node.d.elseSuite, scope)
  return { k: 'for', target, iter, body, orelse, async: node.d.isAsync === true, p: node.start, e: endOf(node) }
}

function lowerWith(node: WithNode, scope: Scope): Stmt {
  const items: WithItem[] = []
  // the parser takes `(` for the list's, so `with (x := y):` has its walrus without parentheses
  const first = node.d.withItems[0]?.start ?? node.start
  const parenthesised = scope.file.text.slice(endOf(node.d.firstToken), first).includes('(')
  for (const { d } of node.d.withItems) {
    const x = lowerExpression(d.expr, scope)
    if (!parenthesised) refuseBareWalrus(d.expr, scope)
    if (d.target !== undefined) noteTarget(d.target, scope, true)
    items.push({ x, target: d.target === undefined ? null : lowerExpression(d.target, scope) })
  }
  const body = lowerSuite(node.d.suite, scope)
  return { k: 'with', items, body, async: node.d.isAsync === true, p: node.start, e: endOf(node) }
}

function lowerTry(node: TryNode, scope: Scope): Stmt {
  const body = lowerSuite(node.d.trySuite, scope)
  const handlers: ExceptClause[] = []
  let star = false
  for (const clause of node.d.exceptClauses) {
    const { typeExpr, name, exceptSuite, isExceptGroup } = clause.d
    star ||= isExceptGroup
    const type = typeExpr === undefined ? null : lowerExpression(typeExpr, scope)
    if (typeExpr !== undefined) refuseBareWalrus(typeExpr, scope)
    const n = name === undefined ? null : nameOf(name, scope.file)
    if (n !== null) scope.bound.add(n)
    handlers.push({ type, n, body: lowerSuite(exceptSuite, scope), p: clause.start, e: endOf(clause) })
  }
  const orelse = lowerSuite(node.d.elseSuite, scope)
  return {
    k: 'try',
    body,
    handlers,
    orelse,
    final: lowerSuite(node.d.finallySuite, scope),
    star,
    p: node.start,
    e: endOf(node),
  }
}

function lowerMatch(node: MatchNode, scope: Scope): Stmt {
  refuseStar(node.d.expr, scope)
  const x = lowerExpression(node.d.expr, scope)
  const cases: MatchCase[] = []
  for (const item of node.d.cases) {
    const pattern = lowerPattern(item.d.pattern, scope, lowerExpression)
    const guard = item.d.guardExpr === undefined ? null : lowerExpression(item.d.guardExpr, scope)
    cases.push({ pattern, guard, body: lowerSuite(item.d.suite, scope), p: item.start, e: endOf(item) })
  }
  return { k: 'match', x, cases, p: node.start, e: endOf(node) }
}
