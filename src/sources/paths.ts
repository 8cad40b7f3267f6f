// File names as text. Git and file systems keep bytes; a report needs text. UTF-8 is decoded, and every byte that is not UTF-8 becomes one
// lone surrogate (U+DC80 to U+DCFF), as Python's `surrogateescape` does. So two different names are never one, and a name can be turned
// back into its bytes to open the file. Names are never folded: case, Unicode form and backslashes stay as they are.
import { invalidUtf8 } from '../text/decode.ts'

const ESCAPE_BASE = 0xdc00
const FIRST_ESCAPED = 0xdc80
const LAST_ESCAPED = 0xdcff

/** Text of a file name. Injective: equal text means equal bytes. */
export function nameText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let text = ''
  let at = 0
  while (at < buffer.length) {
    const rest = buffer.subarray(at)
    const bad = invalidUtf8(rest)
    if (bad < 0) return text + rest.toString('utf8')
    text += rest.toString('utf8', 0, bad) + String.fromCharCode(ESCAPE_BASE + (rest[bad] ?? 0))
    at += bad + 1
  }
  return text
}

/** The bytes of a name that `nameText` made. */
export function nameBytes(text: string): Buffer {
  if (!hasEscapedBytes(text)) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const escaped = code >= FIRST_ESCAPED && code <= LAST_ESCAPED
    parts.push(escaped ? Buffer.from([code - ESCAPE_BASE]) : Buffer.from(character, 'utf8'))
  }
  return Buffer.concat(parts)
}

/** Whether a name holds bytes that are not UTF-8. */
export function hasEscapedBytes(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}

/** Whether a file is Python source by its name (stub files are types, never code). */
export function isPython(path: string): boolean {
  return path.endsWith('.py')
}
