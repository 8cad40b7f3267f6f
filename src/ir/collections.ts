// Lists, sets, dictionaries and comprehensions. The parser writes a list comprehension as a list with one comprehension in it and
// marks generators in parentheses, so `[(x for x in y)]` and `[x for x in y]` differ. Targets of a comprehension are its own:
// they are not bound in the scope around it, a walrus inside it is.

import * as tree from '../python/tree.ts'
import type { ComprehensionNode, DictionaryNode, ExpressionNode, ListNode, SetNode, TupleNode } from '../python/tree.ts'
import type { ComprehensionClause, Expr } from './model.ts'
import { endOf, fault, innerEnd, innerStart } from './scope.ts'
import type { LowerExpression, Scope } from './scope.ts'
import { noteTarget } from './targets.ts'

export function lowerListOrSet(node: ListNode | SetNode, scope: Scope, lower: LowerExpression): Expr {
  const k = node.nodeType === tree.LIST ? 'list' : 'set'
  const { items } = node.d
  const p = innerStart(node, scope.file)
  const e = innerEnd(node, p, scope.file)
  const [only] = items
  if (items.length === 1 && only?.nodeType === tree.COMPREHENSION && !only.d.isGenerator) {
    return { ...lowerComprehension(only, k, scope, lower), p, e }
  }
  const xs: Expr[] = []
  for (const item of items) {
    if (item.nodeType === tree.COMPREHENSION && !item.d.isGenerator) refuseBareComprehension(item, scope)
    xs.push(lower(item, scope))
  }
  return { k, xs, p, e }
}

/** `[x, y for x in z]`: CPython asks for parentheses. */
function refuseBareComprehension(node: ComprehensionNode, scope: Scope): void {
  fault(scope, node.start, 'a comprehension among other items needs parentheses')
}

export function lowerTuple(node: TupleNode, scope: Scope, lower: LowerExpression): Expr {
  const xs: Expr[] = []
  for (const item of node.d.items) {
    if (item.nodeType === tree.COMPREHENSION && !item.d.hasParens) refuseBareComprehension(item, scope)
    xs.push(lower(item, scope))
  }
  return { k: 'tuple', xs, p: node.start, e: endOf(node) }
}

export function lowerDictionary(node: DictionaryNode, scope: Scope, lower: LowerExpression): Expr {
  const p = innerStart(node, scope.file)
  const e = innerEnd(node, p, scope.file)
  const { items } = node.d
  const [only] = items
  if (items.length === 1 && only?.nodeType === tree.COMPREHENSION) {
    return { ...lowerComprehension(only, 'dict', scope, lower), p, e }
  }
  const xs: { key: Expr | null; value: Expr }[] = []
  for (const item of items) {
    if (item.nodeType === tree.DICTIONARY_KEY_ENTRY) {
      const key = lower(item.d.keyExpr, scope)
      xs.push({ key, value: lower(item.d.valueExpr, scope) })
    } else if (item.nodeType === tree.DICTIONARY_EXPAND_ENTRY) {
      xs.push({ key: null, value: lower(item.d.expr, scope) })
    } else {
      // a comprehension beside other entries: refused by CPython and complained about by the parser
      xs.push({ key: null, value: lowerComprehension(item, 'dict', scope, lower) })
    }
  }
  return { k: 'dict', xs, p, e }
}

/** The kind is decided by what stands around the comprehension. */
export function lowerComprehension(
  node: ComprehensionNode,
  t: 'list' | 'set' | 'dict' | 'gen',
  scope: Scope,
  lower: LowerExpression,
): Expr {
  const element = node.d.expr
  let x: Expr
  let value: Expr | null = null
  if (element.nodeType === tree.DICTIONARY_KEY_ENTRY) {
    x = lower(element.d.keyExpr, scope)
    value = lower(element.d.valueExpr, scope)
  } else if (element.nodeType === tree.DICTIONARY_EXPAND_ENTRY) {
    x = lower(element.d.expr, scope)
  } else {
    x = lower(element as ExpressionNode, scope)
  }
  return { k: 'comp', t, x, value, clauses: lowerClauses(node, scope, lower), p: node.start, e: endOf(node) }
}

function lowerClauses(node: ComprehensionNode, scope: Scope, lower: LowerExpression): ComprehensionClause[] {
  const clauses: (ComprehensionClause & { readonly ifs: Expr[] })[] = []
  for (const part of node.d.forIfNodes) {
    if (part.nodeType === tree.COMPREHENSION_FOR) {
      noteTarget(part.d.targetExpr, scope, false)
      const target = lower(part.d.targetExpr, scope)
      const iter = lower(part.d.iterableExpr, scope)
      clauses.push({ target, iter, ifs: [], async: part.d.isAsync === true })
    } else {
      clauses.at(-1)?.ifs.push(lower(part.d.testExpr, scope))
    }
  }
  return clauses
}
