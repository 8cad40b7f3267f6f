// Where in a function an offset lies: the statement of its body that holds it, and through which blocks.
// A statement may only leave blocks that do not decide whether it runs.
import type { Expr, Stmt } from '../ir/model.ts'
import { nodesIn } from '../ir/nodes.ts'

export interface Place {
  /** the block in which the statement stands */
  readonly block: readonly Stmt[]
  readonly statement: Stmt
  /** it stands in the body of a `try` of the function's body, not in that body itself */
  readonly attempted: boolean
}

/** The statement of the body that holds the offset. A `try` around everything is entered: its statements are the function's. */
export function placeOf(body: readonly Stmt[], offset: number): Place | null {
  const statement = holding(body, offset)
  if (statement === null) return null
  if (statement.k === 'try') {
    const inner = holding(statement.body, offset)
    const others = statement.body.filter((s) => s !== inner)
    if (inner !== null && others.length > 0 && inner.k !== 'try')
      return { block: statement.body, statement: inner, attempted: true }
  }
  return { block: body, statement, attempted: false }
}

function holding(block: readonly Stmt[], offset: number): Stmt | null {
  return block.find((s) => offset >= s.p && offset < s.e) ?? null
}

/** Every expression below these statements, outermost first, functions and classes inside of them included. */
export function expressionsIn(nodes: unknown): Expr[] {
  return nodesIn(nodes).filter((x) => EXPRESSIONS.has(x.k))
}

const EXPRESSIONS: ReadonlySet<string> = new Set(['name', 'attr', 'call', 'const', 'await', 'lambda', 'comp', 'fstr'])
