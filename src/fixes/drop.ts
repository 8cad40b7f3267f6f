// A call in Phase 1 of what the framework runs in Phase 2 anyway: there is nothing to move, so the call goes.
// Must stay true: the statement does nothing else, so nothing else is lost with it.
import type { FunctionIr, Stmt } from '../ir/model.ts'
import { callsIn, dottedName } from '../ir/nodes.ts'
import type { LoadedModule } from '../program/program.ts'
import type { Draft } from './edits.ts'
import { removal } from './move.ts'
import { setupCall } from './register.ts'

/** The call as it is written: `setup_module(app_context)`, `self.load()`. */
interface Called {
  readonly path: string
  /** the name that is its only argument; null: none */
  readonly argument: string | null
}

/** The draft without these statements of a block, or null when one of them is more than the call. */
export function dropCalls(
  { module, fn }: { readonly module: LoadedModule; readonly fn: FunctionIr },
  { block, statements }: { readonly block: readonly Stmt[]; readonly statements: readonly Stmt[] },
  called: Called,
): Draft | null {
  if (statements.length === 0 || !statements.every((s) => isOnly(s, called))) return null
  const inOrder = statements.toSorted((a, b) => a.p - b.p)
  const edits =
    removal({ module, fn }, inOrder, { block, instead: '' }) ??
    removal({ module, fn }, inOrder, { block, instead: 'pass' })
  const name = called.path.slice(called.path.lastIndexOf('.') + 1)
  const title = `Do not call \`${name}\` here: Phase 2 runs it`
  return edits === null ? null : { path: module.file, edits, title, disposition: 'safe' }
}

/** A condition around the call goes with it, unless it calls something itself. */
function isOnly(statement: Stmt, called: Called): boolean {
  if (statement.k === 'if') {
    const [only, ...others] = statement.t
    return (
      only !== undefined &&
      [...others, ...statement.f].length === 0 &&
      callsIn(statement.c).length === 0 &&
      isOnly(only, called)
    )
  }
  const call = statement.k === 'expr' ? setupCall(statement.x) : null
  if (call === null || dottedName(call.f) !== called.path) return false
  const names = call.a.map((a) => (a.s === undefined && a.x.k === 'name' ? a.x.id : null))
  return called.argument === null ? names.length === 0 : names.length === 1 && names[0] === called.argument
}
