// Which token may do what. A private repository needs a right for every read; a public one lets everybody read.
// A token leaves this file as a hash only.
import { createHash } from 'node:crypto'
import type { Level, Repository, Right, Token } from './state.ts'

const ORDER: Readonly<Record<Level, number>> = { none: 0, read: 1, write: 2 }

export function allows(token: Token, repository: Repository, right: Right, level: 'read' | 'write'): boolean {
  if (level === 'read' && !repository.private) return true
  return ORDER[token.rights[right] ?? 'none'] >= ORDER[level]
}

/** Whether the token may know that the repository exists. */
export function sees(token: Token, repository: Repository): boolean {
  return !repository.private || token.repositories === null || token.repositories.includes(repository.fullName)
}

/** What a log may keep of a token. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16)
}

/** The token in an `Authorization` header, or null. */
export function tokenIn(header: string | undefined): string | null {
  return /^(?:token|bearer) +(\S+)$/i.exec(header ?? '')?.[1] ?? null
}
