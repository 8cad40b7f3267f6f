// Walking over lowered code: everything below a piece of it, and the names in it as they are written. Nothing runs and nothing is resolved.
// Must stay true: no recursion, because code may be nested deeply; outermost first, in source order.
import type { Expr } from './model.ts'

export type Call = Extract<Expr, { k: 'call' }>

/** Every object below a piece of code, itself included: statements, expressions, definitions, and what holds them together. */
export function objectsIn(code: unknown): object[] {
  const found: object[] = []
  const waiting: unknown[] = [code]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null) continue
    found.push(value)
    const inner: unknown[] = Object.values(value)
    for (let at = inner.length - 1; at >= 0; at--) waiting.push(inner[at])
  }
  return found
}

/** Every node of a piece of code, nested functions and classes included. Kinds of statements, patterns and expressions differ where one is asked for. */
export function nodesIn(code: unknown): Expr[] {
  return objectsIn(code).filter((value): value is Expr => 'k' in value)
}

/** Every call in a piece of code. */
export function callsIn(code: unknown): Call[] {
  return nodesIn(code).filter((node) => node.k === 'call')
}

/** `a.b.c` as it is written; null when something else than names and attributes stands in it. */
export function dottedName(x: Expr): string | null {
  if (x.k === 'name') return x.id
  const owner = x.k === 'attr' ? dottedName(x.o) : null
  return owner === null || x.k !== 'attr' ? null : `${owner}.${x.n}`
}

/** The last name of `c` or `anything.c`; null for other expressions. */
export function lastName(x: Expr): string | null {
  return x.k === 'name' ? x.id : x.k === 'attr' ? x.n : null
}
