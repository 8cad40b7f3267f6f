// Values of string and number literals as CPython reads them. The parser's own unescaping stops at U+0003, cuts characters beyond
// U+FFFF and reads `\u` in bytes, and its tokenizer accepts numbers that Python does not have; so the raw text is read here.

/** A literal's value; `bad` is the offset inside the raw text of an escape that CPython refuses, or -1. */
export interface Unescaped {
  readonly value: string
  readonly bad: number
}

const BACKSLASH = 92
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\n': '',
}

/** How many hexadecimal digits an escape takes. */
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** Names of Unicode characters have nothing else in them. */
const CHARACTER_NAME = /^[\w -]+$/

/** A character whose name cannot be looked up: `\N{…}` has a value, but not one that is known here. */
const UNKNOWN_CHARACTER = '\ufffd'

/** Line ends inside a literal are line feeds, whatever the file has. */
export function withLineFeeds(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw
}

/**
 * The value of a literal's text between the quotes. `bytes`: `\u`, `\U` and `\N` mean themselves. `braces`: the text is a piece of
 * an f-string, where `{{` and `}}` stand for one brace. Raw literals do not come here.
 */
export function unescape(source: string, bytes: boolean, braces: boolean): Unescaped {
  const raw = withLineFeeds(source)
  let value = ''
  let bad = -1
  let from = 0
  let at = 0
  while (at < raw.length) {
    const unit = raw.charCodeAt(at)
    if (unit === BACKSLASH) {
      const escape = readEscape(raw, at, bytes)
      if (escape.value === null && bad < 0) bad = at
      value += raw.slice(from, at) + (escape.value ?? raw.slice(at, escape.end))
      at = escape.end
      from = at
    } else if (braces && (unit === OPEN_BRACE || unit === CLOSE_BRACE) && raw.charCodeAt(at + 1) === unit) {
      value += raw.slice(from, at + 1)
      at += 2
      from = at
    } else {
      at++
    }
  }
  return { value: from === 0 ? raw : value + raw.slice(from), bad }
}

/** The escape at `at` (a backslash); value null = CPython refuses it. */
function readEscape(raw: string, at: number, bytes: boolean): { value: string | null; end: number } {
  const letter = raw.charAt(at + 1)
  const simple = SIMPLE_ESCAPES[letter]
  if (simple !== undefined) return { value: simple, end: at + 2 }
  if (letter >= '0' && letter <= '7') return readOctal(raw, at, bytes)
  const digits = HEX_DIGITS[letter]
  if (digits !== undefined && (letter === 'x' || !bytes)) return readHex(raw, at, digits)
  if (letter === 'N' && !bytes) {
    const close = raw.charAt(at + 2) === '{' ? raw.indexOf('}', at + 3) : -1
    return close > 0 && CHARACTER_NAME.test(raw.slice(at + 3, close))
      ? { value: UNKNOWN_CHARACTER, end: close + 1 }
      : { value: null, end: at + 2 }
  }
  // no escape: the backslash stays, what follows may still be a doubled brace
  return { value: '\\', end: at + 1 }
}

function readOctal(raw: string, at: number, bytes: boolean): { value: string; end: number } {
  let end = at + 1
  while (end < at + 4 && raw.charAt(end) >= '0' && raw.charAt(end) <= '7') end++
  const code = Number.parseInt(raw.slice(at + 1, end), 8)
  return { value: String.fromCharCode(bytes ? code & 0xff : code), end }
}

function readHex(raw: string, at: number, digits: number): { value: string | null; end: number } {
  const text = raw.slice(at + 2, at + 2 + digits)
  const hex = /^[\da-fA-F]*/.exec(text)?.[0] ?? ''
  const end = at + 2 + hex.length
  if (hex.length < digits) return { value: null, end }
  const code = Number.parseInt(hex, 16)
  return { value: code > 0x10ffff ? null : String.fromCodePoint(code), end }
}

const DIGITS = String.raw`\d(?:_?\d)*`

/** A number literal of Python 3 (Reference, "Numeric literals"): no `0777`, no `1__0`, no `1_`, no `1e`. */
const NUMBER = new RegExp(
  `^(?:0[xX](?:_?[\\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?0)*|[1-9](?:_?\\d)*|${DIGITS}[jJ]` +
    `|(?:(?:${DIGITS})?\\.${DIGITS}|${DIGITS}\\.)(?:[eE][+-]?${DIGITS})?[jJ]?|${DIGITS}[eE][+-]?${DIGITS}[jJ]?)$`,
)

/** Is this text a number literal of Python 3? */
export function isNumber(text: string): boolean {
  return NUMBER.test(text)
}

/** Was this a number in Python 2 (an octal such as `0777`, with or without `L`)? */
export function isOldNumber(text: string): boolean {
  return /^0[0-7]+[lL]?$|^\d+[lL]$/.test(text)
}
