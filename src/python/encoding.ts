// Which encoding a Python file is in, by its first bytes: a byte order mark and the cookie of PEP 263, read as CPython's tokenizer
// reads them (only in the first two lines, in line 2 only behind a blank or comment line, names compared as written).

import { decode, decodeLeniently } from '../text/decode.ts'

/** A file's text, or why there is none. */
export type SourceText =
  | { readonly kind: 'text'; readonly text: string }
  /** not UTF-8 from `byte` in `line` on, bad bytes are U+FFFD in `text`: CPython takes them in comments when it imports a file */
  | { readonly kind: 'damaged'; readonly text: string; readonly line: number; readonly byte: number }
  | {
      readonly kind: 'refused'
      readonly reason: 'syntax-error' | 'unreadable'
      readonly line: number
      readonly message: string
    }

/** Decodes a Python source file. The byte order mark is not part of the text. */
export function decodeSource(bytes: Uint8Array): SourceText {
  if (isUtf16(bytes)) return refused(1, 'the file is UTF-16, which Python does not read')
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  const body = marked ? bytes.subarray(3) : bytes
  const cookie = findCookie(body)
  const encoding = cookie === null ? 'utf-8' : normalName(cookie.name)
  if (marked && cookie !== null && encoding !== 'utf-8') {
    return refused(cookie.line, `encoding problem: ${cookie.name} with a byte order mark`)
  }
  const decoded = decode(body, encoding)
  if (decoded.kind === 'text') return decoded
  if (decoded.kind === 'unknown') return refused(cookie?.line ?? 1, `unknown encoding: ${encoding}`)
  if (decoded.kind === 'unsupported') {
    return {
      kind: 'refused',
      reason: 'unreadable',
      line: cookie?.line ?? 1,
      message: `encoding not supported: ${encoding}`,
    }
  }
  const line = lineOfByte(body, decoded.offset)
  const byte = body[decoded.offset] ?? 0
  if (encoding === 'utf-8') return { kind: 'damaged', text: decodeLeniently(body), line, byte }
  return refused(line, `'${encoding}' cannot decode the byte 0x${hex(byte)}`)
}

function refused(line: number, message: string): SourceText {
  return { kind: 'refused', reason: 'syntax-error', line, message }
}

/** Two hexadecimal digits. */
export function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}

function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

/** PEP 263, as CPython's `get_coding_spec` matches it. */
const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)/
const BLANK_OR_COMMENT = /^[ \t\f]*(?:#|$)/

function findCookie(bytes: Uint8Array): { readonly name: string; readonly line: number } | null {
  const [first, second] = firstLines(bytes)
  const name = COOKIE.exec(first)?.[1]
  if (name !== undefined) return { name, line: 1 }
  if (!BLANK_OR_COMMENT.test(first)) return null
  const later = COOKIE.exec(second)?.[1]
  return later === undefined ? null : { name: later, line: 2 }
}

/** The first two lines as latin-1: a cookie is ASCII. */
function firstLines(bytes: Uint8Array): [string, string] {
  const lines = ['', '']
  let line = 0
  for (let at = 0; at < bytes.length && line < 2; at++) {
    const byte = bytes[at] ?? 0
    if (byte === LF || byte === CR) {
      line++
      if (byte === CR && bytes[at + 1] === LF) at++
    } else if ((lines[line] ?? '').length < MAX_COOKIE_LINE) {
      lines[line] += String.fromCharCode(byte)
    }
  }
  return [lines[0] ?? '', lines[1] ?? '']
}

const LF = 10
const CR = 13
/** A cookie further to the right than this is not looked for. */
const MAX_COOKIE_LINE = 10_000

/** The name as CPython's tokenizer takes it (`get_normal_name`): it knows some spellings of UTF-8 and latin-1, with any suffix. */
function normalName(name: string): string {
  const normal = name.slice(0, NORMAL_NAME_LENGTH).toLowerCase().replaceAll('_', '-')
  if (/^utf-8(?:-|$)/.test(normal)) return 'utf-8'
  return /^(?:latin-1|iso-8859-1|iso-latin-1)(?:-|$)/.test(normal) ? 'iso-8859-1' : name
}

const NORMAL_NAME_LENGTH = 12

function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let at = 0; at < offset; at++) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) line++
  }
  return line
}
