// Identities that survive edits. A fingerprint names a finding by rule, entry point and the function in which the work stands: no line, no
// message, no call path, so re-indenting, wrapping in `try` or extracting a step in between leave it alone. A digest names what is done
// there, so that work which is added later can be told from work that was known.
import { createHash } from 'node:crypto'
import type { Operation, RuleId } from './model.ts'

/** Hex digits of a fingerprint (96 bits: no collision within any repository) and of a digest, which only tells states of one finding apart. */
const FINGERPRINT_DIGITS = 24
const DIGEST_DIGITS = 16

/** `workFunction` as in RawFinding: the file and the qualified name in it. */
export function fingerprintOf(rule: RuleId, entryPoint: string, workFunction: string): string {
  return hashed([rule, entryPoint, workFunction]).slice(0, FINGERPRINT_DIGITS)
}

/** A hash of the operations as a multiset of (access path, normalised text): their order and their lines do not matter. */
export function digestOf(operations: readonly Pick<Operation, 'symbol' | 'text'>[]): string {
  return hashed(operations.map((operation) => operationKey(operation)).toSorted()).slice(0, DIGEST_DIGITS)
}

/** What makes two operations equal when base and head are compared. */
export function operationKey({ symbol, text }: Pick<Operation, 'symbol' | 'text'>): string {
  return `${symbol}\n${normalised(text)}`
}

/**
 * Source text without what a formatter changes: blanks, the kind of quotes, a comma before a closing bracket. Blanks inside of strings
 * go too: the text of a statement that is re-indented is the same statement.
 */
export function normalised(text: string): string {
  return text
    .replaceAll(/\s+/g, '')
    .replaceAll("'", '"')
    .replaceAll(/,(?=[)\]}])/g, '')
}

/**
 * What makes two operations equal whose code moved to another function: there the same object may have another name, or be an attribute of
 * `self`. Only names of objects are left open, in lower case and followed by a dot; equal names stay equal, and the rest is the same text.
 */
export function movedKey({ symbol, text }: Pick<Operation, 'symbol' | 'text'>): string {
  const numbers = new Map<string, number>()
  const named = normalised(text).replaceAll(STRING_OR_OBJECT, (found, object?: string) => {
    if (object === undefined) return found
    const name = object.replace(/^(?:self|cls)\./, '')
    if (!numbers.has(name)) numbers.set(name, numbers.size)
    return `$${numbers.get(name)}`
  })
  return `${symbol}\n${named}`
}

const STRING_OR_OBJECT = /"(?:[^"\\]|\\.)*"|(?<![\w.])((?:(?:self|cls)\.)?[a-z_]\w*)(?=\.)/g

/** Parts are length-prefixed, so no two lists of parts have one text. */
function hashed(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:${part}`)
  return hash.digest('hex')
}
