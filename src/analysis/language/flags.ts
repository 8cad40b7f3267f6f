// Module-level flags that functions rebind (`global done; done = True`): when what they are now is what they stay.
// Must stay true: a flag counts as settled only if no code that may run in between can give it another value.
import type { Expr, ModuleIr, Stmt } from '../../ir/model.ts'
import { nodesIn, objectsIn } from '../../ir/nodes.ts'
import type { Machine } from '../machine/machine.ts'
import { only, type ConstAtom, type ModuleAtom } from '../domain/values.ts'

/** The body of a module runs for the first time: nobody but this run has come by. */
export function isLoading(m: Machine, module: ModuleAtom): boolean {
  const state = only(m.store.read(module.state))
  return state?.kind === 'const' && state.value === 'loading'
}

/** Whether a flag that functions of its module rebind certainly still is what it was set to. */
export function isSettled(module: ModuleAtom, name: string, now: ConstAtom): boolean {
  const assigned = module.info.derive(`values of ${name}`, (ir) => valuesOf(ir, name))
  return assigned.every((value) => value !== null && value.t === now.type && value.v === now.value)
}

type Constant = Extract<Expr, { k: 'const' }>

/** What the functions of a module assign to a name that they declare global; null for what is no constant. */
function valuesOf({ body }: ModuleIr, name: string): readonly (Constant | null)[] {
  const rebinding = objectsIn(body).filter(
    (value): value is { readonly body: readonly Stmt[] } =>
      'globals' in value && Array.isArray(value.globals) && value.globals.includes(name) && 'body' in value,
  )
  return rebinding.flatMap((scope) =>
    (nodesIn(scope.body) as readonly (Expr | Stmt)[]).flatMap((node) => {
      const value = boundBy(node, name)
      return value === undefined ? [] : [value]
    }),
  )
}

/** The constant that a piece of code binds a name to, null for something else; undefined where it does not bind the name. */
function boundBy(node: Expr | Stmt, name: string): Constant | null | undefined {
  switch (node.k) {
    case 'assign':
      if (!node.targets.some((target) => mentions(target, name))) return undefined
      return node.x.k === 'const' && node.targets.every((target) => target.k === 'name') ? node.x : null
    case 'aug':
    case 'ann':
    case 'for':
      return mentions(node.target, name) ? null : undefined
    case 'with':
      return node.items.some(({ target }) => target !== null && mentions(target, name)) ? null : undefined
    case 'walrus':
      return node.n === name ? null : undefined
    case 'import':
    case 'from':
      return node.names.some((alias) => (alias.as ?? alias.n) === name) ? null : undefined
    case 'def':
      return node.fn.name === name ? null : undefined
    case 'class':
      return node.cls.name === name ? null : undefined
    default:
      return undefined
  }
}

function mentions(target: Expr, name: string): boolean {
  return nodesIn(target).some((node) => node.k === 'name' && node.id === name)
}
