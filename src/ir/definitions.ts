// `def` and `class`. Decorators, defaults, annotations and bases run in the scope around them, the body in a scope of its own.
// PEP 695 type parameters never run and are left out. The range of a definition starts at `def`, `async` or `class`, as CPython's
// line numbers do, not at its decorators.

import * as tree from '../python/tree.ts'
import type { ClassNode, DecoratorNode, FunctionNode, StatementNode } from '../python/tree.ts'
import { bindParameters, lowerParameters } from './functions.ts'
import type { ClassIr, Expr, FunctionIr, Stmt } from './model.ts'
import { lowerArguments, refuseStar } from './operations.ts'
import { closeScope, endOf, fault, nameOf, openScope, plainNameOf } from './scope.ts'
import type { LowerExpression, Scope } from './scope.ts'

/** The two functions that lower what stands inside a definition. */
interface Lower {
  readonly expression: LowerExpression
  readonly block: (nodes: readonly StatementNode[], scope: Scope) => Stmt[]
}

export function lowerFunction(node: FunctionNode, outer: Scope, lower: Lower): Stmt {
  const { file } = outer
  const decorators = lowerDecorators(node.d.decorators, outer, lower)
  const params = lowerParameters(node.d.params, outer, lower.expression)
  const { returnAnnotation } = node.d
  if (returnAnnotation !== undefined) refuseStar(returnAnnotation, outer)
  const returns = returnAnnotation === undefined ? null : lower.expression(returnAnnotation, outer)
  const name = nameOf(node.d.name, file)
  outer.bound.add(name)
  const qualname = outer.prefix + plainNameOf(node.d.name, file)
  const scope = openScope(file, 'function', `${qualname}.`)
  bindParameters(params, scope)
  const { statements } = node.d.suite.d
  const body = lower.block(statements, scope)
  const { start } = node.d.firstToken
  const p = node.d.isAsync ? file.text.lastIndexOf('async', start) : start
  const e = endOf(node)
  const fn: FunctionIr = {
    name,
    qualname,
    np: node.d.name.start,
    ne: endOf(node.d.name),
    async: node.d.isAsync,
    generator: scope.generator,
    params,
    returns,
    decorators,
    body,
    locals: closeScope(scope),
    globals: scope.globals,
    nonlocals: scope.nonlocals,
    docstring: hasDocstring(statements),
    p,
    e,
  }
  return { k: 'def', fn, p, e }
}

export function lowerClass(node: ClassNode, outer: Scope, lower: Lower): Stmt {
  const { file } = outer
  const decorators = lowerDecorators(node.d.decorators, outer, lower)
  const bases = lowerArguments(node.d.arguments, outer, lower.expression)
  for (const { d } of node.d.arguments) {
    if (d.valueExpr.nodeType === tree.COMPREHENSION && !d.valueExpr.d.hasParens)
      fault(outer, d.valueExpr.start, 'invalid base class')
  }
  const name = nameOf(node.d.name, file)
  if (name === '') {
    // decorators without a definition, or `class` without a name: complained about by the parser
    const xs = [...decorators, ...bases.map(({ x }) => x)]
    return { k: 'unknown', why: 'syntax error', xs, p: node.start, e: endOf(node) }
  }
  outer.bound.add(name)
  const plain = plainNameOf(node.d.name, file)
  const qualname = outer.prefix + plain
  const scope = openScope(file, 'class', `${qualname}.`)
  const around = file.privateClass
  file.privateClass = plain.replace(/^_+/, '')
  const body = lower.block(node.d.suite.d.statements, scope)
  file.privateClass = around
  const p = node.d.firstToken.start
  const e = endOf(node)
  const cls: ClassIr = {
    name,
    qualname,
    np: node.d.name.start,
    ne: endOf(node.d.name),
    bases,
    decorators,
    body,
    locals: closeScope(scope),
    globals: scope.globals,
    nonlocals: scope.nonlocals,
    p,
    e,
  }
  return { k: 'class', cls, p, e }
}

function lowerDecorators(nodes: readonly DecoratorNode[], outer: Scope, lower: Lower): Expr[] {
  const decorators: Expr[] = []
  for (const { d } of nodes) decorators.push(lower.expression(d.expr, outer))
  return decorators
}

/** Is the first statement a plain string (no bytes, no f-string)? */
function hasDocstring(statements: readonly StatementNode[]): boolean {
  const [first] = statements
  const small = first?.nodeType === tree.STATEMENT_LIST ? first.d.statements[0] : undefined
  if (small?.nodeType !== tree.STRING_LIST) return false
  return small.d.strings.every(
    (string) => string.nodeType === tree.STRING && (string.d.token.flags & tree.STRING_BYTES) === 0,
  )
}
