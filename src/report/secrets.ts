// Finds what looks like a secret in quoted source and replaces it, so that no channel repeats it (URL user information, literals
// given to password-like names, well-known key formats, long random text). Errs towards masking; every pattern is linear.

export const MASK = '***'

/** One stretch of text that must not be shown: start inclusive, end exclusive, UTF-16 units. */
export type Span = readonly [start: number, end: number]

// Before masking, more than this is never looked at: quoted expressions are short, and the rest is dropped, not shown.
export const LONGEST_QUOTE = 4000

const SCHEME = /[a-zA-Z][a-zA-Z0-9+.-]{0,30}:\/\//g
// Formats that their issuers publish: AWS, GitHub, GitLab, Slack, Stripe and others with sk/pk prefixes, Google, npm, PyPI, JWT.
const KNOWN_KEYS =
  /\b(?:(?:AKIA|ASIA)[0-9A-Z]{12,}|gh[pousr]_[\w.-]{10,}|github_pat_\w{10,}|glpat-[\w-]{10,}|xox[abeprs]-[\w-]{8,}|[sprk]k[-_][\w-]{12,}|AIza[\w-]{20,}|npm_\w{20,}|pypi-[\w-]{16,}|eyJ[\w-]{8,}(?:\.[\w-]{0,4000}){0,2})/g
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/g
const SECRET_NAME =
  /(?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|credential|auth_?key)/i
/** `name =`, `"name":` or `name[…] =` right before a literal */
const NAMED_BEFORE = /([\w-]{1,60})["']?\]?\s{0,8}(?::\s{0,8}[\w.[\]]{1,40}\s{0,8})?(?:==?|:|!=|,)\s{0,8}$/
/** `password=x` inside a connection string */
const NAMED_INSIDE =
  /(?:password|passwd|pwd|secret|token|api_?key|access_?key)\s{0,4}[=:]\s{0,4}([^\s;&,'"{}]{1,500})/gi
const WORD = /[A-Za-z0-9+/=_-]{20,}/g
const HEX_DIGITS = 32

interface Literal {
  /** of the content, without quotes */
  readonly start: number
  readonly end: number
  readonly closed: boolean
}

/** String literals of a stretch of Python, also of one that was cut: an unclosed literal ends where the text ends. */
export function literalsOf(source: string): Literal[] {
  const found: Literal[] = []
  for (let at = 0; at < source.length; at += 1) {
    const quote = source.charAt(at)
    if (quote !== '"' && quote !== "'") continue
    const mark = source.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote
    const start = at + mark.length
    let end = start
    while (end < source.length && !source.startsWith(mark, end)) end += source.charAt(end) === '\\' ? 2 : 1
    const closed = end < source.length
    found.push({ start, end: Math.min(end, source.length), closed })
    at = end + mark.length - 1
  }
  return found
}

/** Where the secrets of a quoted piece of source stand: ascending, not overlapping. */
export function secretSpans(source: string): Span[] {
  const literals = literalsOf(source)
  const spans: Span[] = [...userInformation(source, literals), ...matches(source, KNOWN_KEYS), ...privateKeys(source)]
  for (const literal of literals) {
    const content = source.slice(literal.start, literal.end)
    const shift = ([start, end]: Span): Span => [literal.start + start, literal.start + end]
    const before = NAMED_BEFORE.exec(
      source.slice(Math.max(0, literal.start - 120), literal.start).replace(/[a-zA-Z]{0,2}(?:"""|'''|"|')$/, ''),
    )
    if (before !== null && content !== '' && SECRET_NAME.test(before[1] ?? '')) spans.push([literal.start, literal.end])
    spans.push(...namedInside(content).map(shift), ...randomWords(content, literal.closed).map(shift))
  }
  return merged(spans)
}

/** The text with every secret replaced by `***`. */
export function maskSecrets(source: string): string {
  const text = source.slice(0, LONGEST_QUOTE)
  let shown = ''
  let from = 0
  for (const [start, end] of secretSpans(text)) {
    shown += text.slice(from, start) + MASK
    from = end
  }
  return shown + text.slice(from) + (source.length > LONGEST_QUOTE ? '…' : '')
}

/** `scheme://user:password@host`: everything up to the last @ of the word. Text that was cut before its @ counts as well. */
function userInformation(source: string, literals: readonly Literal[]): Span[] {
  const spans: Span[] = []
  let until = 0
  for (const match of source.matchAll(SCHEME)) {
    const start = match.index + match[0].length
    if (start < until) continue
    const literal = literals.find((l) => l.start <= start && start <= l.end)
    until =
      literal === undefined
        ? wordEnd(source, start, /[\s"'`<>…]/)
        : Math.min(literal.end, wordEnd(source, start, /[\s<>…]/))
    const word = source.slice(start, until)
    const at = word.lastIndexOf('@')
    const cut = until >= source.length || source.charAt(until) === '…'
    if (at > 0) spans.push([start, start + at])
    else if (cut && /^[^/]{0,200}:(?!\d{1,5}(?:[/…]|$))/.test(word)) spans.push([start, until])
  }
  return spans
}

function wordEnd(source: string, start: number, stop: RegExp): number {
  let end = start
  while (end < source.length && !stop.test(source.charAt(end))) end += 1
  return end
}

function privateKeys(source: string): Span[] {
  return [...source.matchAll(PRIVATE_KEY)].map((match) => [match.index + match[0].length, source.length])
}

function matches(source: string, pattern: RegExp): Span[] {
  return [...source.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length])
}

function namedInside(content: string): Span[] {
  return [...content.matchAll(NAMED_INSIDE)].map((match) => {
    const end = match.index + match[0].length
    return [end - (match[1] ?? '').length, end]
  })
}

/** Long words of a literal that no person would have typed. Where the literal was cut, a shorter word is enough. */
function randomWords(content: string, closed: boolean): Span[] {
  const spans = matches(content, WORD).filter(([start, end]) => isRandom(content.slice(start, end)))
  const tail = closed ? null : /[A-Za-z0-9+/=_-]{12,19}(?=…?$)/.exec(content)
  if (tail !== null && isRandom(tail[0])) spans.push([tail.index, tail.index + tail[0].length])
  return spans
}

function isRandom(word: string): boolean {
  const plain = word.replaceAll('-', '')
  if (plain.length >= HEX_DIGITS && /^[0-9a-fA-F]+$/.test(plain)) return true
  const digits = plain.replace(/\D/g, '').length
  if (digits < 2 || !/[a-zA-Z]/.test(plain) || /^[a-z]+(?:[-_/][a-z]+)*[-_]?\d+$/i.test(word)) return false
  let changes = 0
  for (let at = 1; at < word.length; at += 1) if (classOf(word, at) !== classOf(word, at - 1)) changes += 1
  // random text changes between lower case, upper case and digits after almost every second character, words do not
  return changes / word.length >= 0.3
}

function classOf(word: string, at: number): string {
  const c = word.charAt(at)
  if (c >= '0' && c <= '9') return 'digit'
  return c >= 'a' && c <= 'z' ? 'lower' : c >= 'A' && c <= 'Z' ? 'upper' : 'mark'
}

function merged(spans: readonly Span[]): Span[] {
  const result: [number, number][] = []
  for (const [start, end] of spans.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    const last = result.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}
