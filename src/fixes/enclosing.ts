// Where in a function an offset lies: the statement of its body that holds it, and through which blocks.
// A statement may only leave blocks that do not decide whether it runs.
import type { Expr, Stmt } from '../ir/model.ts'

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
  const found: Expr[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('k' in value && 'p' in value && EXPRESSIONS.has(String(value.k))) found.push(value as Expr)
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(nodes)
  return found
}

const EXPRESSIONS: ReadonlySet<string> = new Set(['name', 'attr', 'call', 'const', 'await', 'lambda', 'comp', 'fstr'])

export type Call = Extract<Expr, { k: 'call' }>

export function callsIn(nodes: unknown): Call[] {
  return expressionsIn(nodes).filter((x): x is Call => x.k === 'call')
}

/** `a.b.c` of names and attributes, or null. */
export function dotted(x: Expr): string | null {
  if (x.k === 'name') return x.id
  if (x.k !== 'attr') return null
  const owner = dotted(x.o)
  return owner === null ? null : `${owner}.${x.n}`
}
