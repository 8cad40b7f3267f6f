// The identity of a finding across commits: what it claims, where it starts, in which function the work stands. No lines, no text, no call path,
// so that re-indenting, wrapping and extracting a step never make a finding new.
import { createHash } from 'node:crypto'
import type { Operation } from './model.ts'

const hash = (parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex')

/** 20 hex digits over (rule, entry point id, qualified name of the function in which the work stands). */
export function fingerprintOf(rule: string, entryPoint: string, workFunction: string): string {
  return hash([rule, entryPoint, workFunction]).slice(0, 20)
}

/** White space folded, so that re-indenting a statement over several lines is no change. */
export function normalisedText(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** 12 hex digits over the operations of a finding as a multiset of (access path, text). */
export function digestOf(operations: readonly Pick<Operation, 'symbol' | 'text'>[]): string {
  return hash(operations.map((o) => `${o.symbol}\u0001${normalisedText(o.text)}`).toSorted()).slice(0, 12)
}
