// Which program a cache entry was made by. Results depend on every line of the program, so its bytes are its version: a build that says the same
// version number and does something else sees nothing of the entries of another one.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A name for the built program whose file this is; null when it runs from its sources, of which one file says nothing about the others. */
export function programVersion(moduleUrl: string): string | null {
  if (!moduleUrl.startsWith('file:') || moduleUrl.endsWith('.ts')) return null
  try {
    return createHash('sha256')
      .update(readFileSync(fileURLToPath(moduleUrl)))
      .digest('hex')
  } catch {
    return null
  }
}
