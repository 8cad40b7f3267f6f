// Short ways to write expected representations, and the way to compare: positions are taken out of both sides, whole values stay.

import type { Expr, ModuleIr, Stmt } from '../../src/ir/model.ts'
import { lowerSource } from '../../src/ir/lower.ts'

/** A value of the representation without its offsets: expected trees are written without them. */
export type Bare = string | number | boolean | null | readonly Bare[] | { readonly [key: string]: Bare }

const OFFSETS = new Set(['p', 'e', 'np', 'ne'])

export function bare(value: unknown): Bare {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value as Bare
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OFFSETS.has(key))
      .map(([key, inner]) => [key, bare(inner)]),
  )
}

/** Lowers a source that must be without problems. */
export function lowered(source: string): ModuleIr {
  const ir = lowerSource(source)
  if (ir.problems.length > 0) throw new Error(`${JSON.stringify(ir.problems)} in ${source}`)
  return ir
}

/** The one statement of a source. */
export function statement(source: string): Stmt {
  const [first, ...rest] = lowered(source).body
  if (first === undefined || rest.length > 0) throw new Error(`not one statement: ${source}`)
  return first
}

/** The expression that is the one statement of a source. */
export function expression(source: string): Expr {
  const found = statement(source)
  if (found.k !== 'expr') throw new Error(`not an expression: ${source}`)
  return found.x
}

export const name = (id: string): Bare => ({ k: 'name', id })
export const int = (v: number | string): Bare => ({ k: 'const', t: 'int', v })
export const str = (v: string): Bare => ({ k: 'const', t: 'str', v })
export const none: Bare = { k: 'const', t: 'none', v: null }
export const attr = (o: Bare, n: string): Bare => ({ k: 'attr', o, n })
export const call = (f: Bare, ...a: Bare[]): Bare => ({ k: 'call', f, a })
export const arg = (x: Bare): Bare => ({ x })
export const tuple = (...xs: Bare[]): Bare => ({ k: 'tuple', xs })
export const run = (x: Bare): Bare => ({ k: 'expr', x })
export const text = (v: string): Bare => ({ x: str(v), c: '', spec: [] })
export const field = (x: Bare, c = 'f', ...spec: Bare[]): Bare => ({ x, c, spec })
export const pass: Bare = { k: 'pass' }
export const a = name('a')
export const b = name('b')
export const c = name('c')
export const d = name('d')
export const e = name('e')
export const f = name('f')
export const x = name('x')
export const y = name('y')

/** A function with everything empty but what is given. */
export function fn(given: Record<string, Bare>): Bare {
  return {
    name: '<lambda>',
    qualname: '<lambda1>',
    async: false,
    generator: false,
    params: [],
    returns: null,
    decorators: [],
    body: [],
    locals: [],
    globals: [],
    nonlocals: [],
    docstring: false,
    ...given,
  }
}

export function param(n: string, kind = 'a', given: Record<string, Bare> = {}): Bare {
  return { n, kind, default: null, annotation: null, ...given }
}

/** A class with everything empty but what is given. */
export function cls(given: Record<string, Bare>): Bare {
  return { bases: [], decorators: [], body: [], locals: [], globals: [], nonlocals: [], ...given }
}
