// Parameters and lambdas. Defaults and annotations run in the scope around the function, in source order; the body has a scope of
// its own. `def` is lowered with the statements.

import * as tree from '../python/tree.ts'
import type { LambdaNode, ParameterNode } from '../python/tree.ts'
import type { Expr, FunctionIr, Parameter } from './model.ts'
import { refuseStar } from './operations.ts'
import { closeScope, endOf, fault, innerStart, nameOf, openScope } from './scope.ts'
import type { LowerExpression, Scope } from './scope.ts'

/** The parameters without the separators `/` and `*`; `outer` is the scope in which defaults and annotations run. */
export function lowerParameters(nodes: readonly ParameterNode[], outer: Scope, lower: LowerExpression): Parameter[] {
  const slash = nodes.findIndex(({ d }) => d.name === undefined && d.category === tree.PLAIN_PARAMETER)
  const parameters: Parameter[] = []
  let keywordOnly = false
  for (const [index, node] of nodes.entries()) {
    const { name, annotation, defaultValue } = node.d
    const stars = node.d.category
    if (name !== undefined) {
      const kind = kindOf(node, keywordOnly, index < slash)
      checkParameter(node, outer)
      const annotated = annotation === undefined ? null : lower(annotation, outer)
      const byDefault = defaultValue === undefined ? null : lower(defaultValue, outer)
      const n = nameOf(name, outer.file)
      parameters.push({ n, kind, default: byDefault, annotation: annotated, p: node.start, e: endOf(node) })
    }
    if (stars === tree.ONE_STAR_PARAMETER) keywordOnly = true
  }
  return parameters
}

/** `a, /b` without a comma, and a starred annotation of anything but `*args`. */
function checkParameter({ d, start }: ParameterNode, scope: Scope): void {
  if (scope.file.text.charAt(start) === '/') fault(scope, start, 'a comma is missing')
  if (d.annotation !== undefined && d.category !== tree.ONE_STAR_PARAMETER) refuseStar(d.annotation, scope)
}

function kindOf({ d }: ParameterNode, keywordOnly: boolean, positionalOnly: boolean): Parameter['kind'] {
  if (d.category === tree.ONE_STAR_PARAMETER) return '*'
  if (d.category === tree.TWO_STARS_PARAMETER) return '**'
  if (keywordOnly) return 'k'
  return positionalOnly ? 'a/' : 'a'
}

/** Binds the parameters' names first: they lead the list of locals. */
export function bindParameters(parameters: readonly Parameter[], scope: Scope): void {
  for (const { n } of parameters) {
    scope.bound.add(n)
    scope.file.assigned.add(n)
  }
}

export function lowerLambda(node: LambdaNode, outer: Scope, lower: LowerExpression): Expr {
  const p = innerStart(node, outer.file)
  const e = endOf(node.d.expr)
  outer.lambdas++
  const qualname = `${outer.prefix}<lambda${outer.lambdas}>`
  const params = lowerParameters(node.d.params, outer, lower)
  const scope = openScope(outer.file, 'function', `${qualname}.`)
  bindParameters(params, scope)
  const x = lower(node.d.expr, scope)
  const fn: FunctionIr = {
    name: '<lambda>',
    qualname,
    np: p,
    ne: p + 'lambda'.length,
    async: false,
    generator: scope.generator,
    params,
    returns: null,
    decorators: [],
    body: [{ k: 'return', x, p: x.p, e: x.e }],
    locals: closeScope(scope),
    globals: [],
    nonlocals: [],
    docstring: false,
    p,
    e,
  }
  return { k: 'lambda', fn, p, e }
}
