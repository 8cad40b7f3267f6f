// What is written to: names that an assignment, loop, `with`, `del` … binds in its scope, attributes that are stored, and targets
// that CPython's parser refuses although this one takes them (`None = 1`, `f() = 1`).

import * as tree from '../python/tree.ts'
import type { ConstantNode, ExpressionNode } from '../python/tree.ts'
import { fault, nameOf } from './scope.ts'
import type { Scope } from './scope.ts'

/** Notes every name and attribute of a target. `binds` false: a comprehension's own names, bound in no scope of ours. */
export function noteTarget(node: ExpressionNode, scope: Scope, binds: boolean): void {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- everything else cannot be assigned to
  switch (node.nodeType) {
    case tree.NAME:
      if (!binds) return
      scope.bound.add(nameOf(node, scope.file))
      scope.file.assigned.add(nameOf(node, scope.file))
      return
    case tree.MEMBER_ACCESS: {
      const owner = node.d.leftExpr
      const name = nameOf(node.d.member, scope.file)
      if (owner.nodeType !== tree.NAME) scope.file.attributeStores.add(name)
      else if (owner.d.value !== 'self' && owner.d.value !== 'cls')
        scope.file.namedStores.push([nameOf(owner, scope.file), name])
      return
    }
    case tree.INDEX:
    case tree.ERROR:
      return
    case tree.TUPLE:
    case tree.LIST:
      for (const item of node.d.items) noteTarget(item, scope, binds)
      return
    case tree.UNPACK:
      noteTarget(node.d.expr, scope, binds)
      return
    case tree.CONSTANT:
      // `__debug__ = 1` is refused only when it is compiled
      if (isDebug(node)) return
      fault(scope, node.start, 'cannot assign to this constant')
      return
    default:
      fault(scope, node.start, 'cannot assign to this expression')
  }
}

function isDebug({ d: { constType } }: ConstantNode): boolean {
  return constType === tree.KEYWORD_DEBUG
}

/** The target of `x += …` or `x: …`: one name, attribute or subscript. */
export function noteSingleTarget(node: ExpressionNode, scope: Scope): void {
  if (node.nodeType === tree.TUPLE || node.nodeType === tree.LIST || node.nodeType === tree.UNPACK) {
    fault(scope, node.start, 'only a single target is allowed here')
  }
  noteTarget(node, scope, true)
}

/** A target of `del`: as an assignment's, without stars. */
export function noteDeleted(node: ExpressionNode, scope: Scope): void {
  const parts = node.nodeType === tree.TUPLE || node.nodeType === tree.LIST ? node.d.items : [node]
  for (const part of parts) {
    if (part.nodeType === tree.UNPACK) fault(scope, part.start, 'cannot delete a starred expression')
  }
  noteTarget(node, scope, true)
}
