// Bodies of functions: their nodes, and their identity, a hash of its IR without positions, so that code that only moved is recognised.
// Equal hashes mean equal code; comments and layout do not count.
import { createHash } from 'node:crypto'
import type { ClassIr, Expr, FunctionIr, ModuleIr, Stmt } from '../ir/model.ts'

const POSITIONS: ReadonlySet<string> = new Set(['p', 'e', 'np', 'ne', 'qualname'])

/** The function or class of a qualified name, or null. The last definition wins, as at run time. */
export function definitionIn(ir: ModuleIr, qualname: string): FunctionIr | ClassIr | null {
  let found: FunctionIr | ClassIr | null = null
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.k === 'def') {
        if (s.fn.qualname === qualname) found = s.fn
        else if (qualname.startsWith(`${s.fn.qualname}.`)) visit(s.fn.body)
      } else if (s.k === 'class') {
        if (s.cls.qualname === qualname) found = s.cls
        else if (qualname.startsWith(`${s.cls.qualname}.`)) visit(s.cls.body)
      } else if (s.k === 'if') visit([...s.t, ...s.f])
      else if (s.k === 'try') visit([...s.body, ...s.handlers.flatMap((h) => h.body), ...s.orelse, ...s.final])
      else if (s.k === 'with' || s.k === 'for' || s.k === 'while') visit(s.body)
    }
  }
  visit(ir.body)
  return found
}

/** 16 hex digits, or '' for module bodies and functions that are not found. */
export function bodyHash(ir: ModuleIr, qualname: string): string {
  const definition = qualname === '' ? null : definitionIn(ir, qualname)
  if (definition === null) return ''
  const text = JSON.stringify(definition.body, (key, value: unknown) => (POSITIONS.has(key) ? undefined : value))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Every node of a body, nested functions and classes included, without recursion: bodies may be nested deeply. */
export function nodesIn(body: readonly Stmt[]): Expr[] {
  const found: Expr[] = []
  const waiting: unknown[] = [body]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value) && 'k' in value) found.push(value as Expr)
    for (const inner of Object.values(value)) waiting.push(inner)
  }
  return found
}
