// Bodies of functions: their identity, a hash of the IR without positions, so that code that only moved is recognised.
// Equal hashes mean equal code; comments and layout do not count.
import { createHash } from 'node:crypto'
import { definitionIn } from '../ir/lookup.ts'
import type { ModuleIr } from '../ir/model.ts'

const POSITIONS: ReadonlySet<string> = new Set(['p', 'e', 'np', 'ne', 'qualname'])

/** 16 hex digits, or '' for module bodies and functions that are not found. */
export function bodyHash(ir: ModuleIr, qualname: string): string {
  const definition = qualname === '' ? null : definitionIn(ir, qualname)
  if (definition === null) return ''
  const text = JSON.stringify(definition.body, (key, value: unknown) => (POSITIONS.has(key) ? undefined : value))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
