// Globs of the configuration: `**` any directories, `*` and `?` inside one name, `[a-z]`, `[!a]`, `{a,b}`. Matching takes time that is
// linear in glob × path: a glob is never made into a regular expression, because a long row of stars would then take for ever.
// A name that begins with a dot is a name like any other. Paths use `/` and are relative.

/** Longest glob and most alternatives that its braces may stand for; our own limits. */
const MAX_LENGTH = 1000
const MAX_ALTERNATIVES = 64

type Token =
  | { readonly kind: 'text'; readonly unit: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | { readonly kind: 'set'; readonly units: readonly (readonly [string, string])[]; readonly negated: boolean }

/** One name of a path: exactly this text, what stands around one star, or tokens; `deep` for `**`. */
type Segment =
  | 'deep'
  | { readonly exactly: string }
  | { readonly starts: string; readonly ends: string }
  | readonly Token[]

/** What is wrong with a glob, as the end of a sentence; null if nothing is. */
export function globProblem(glob: string): string | null {
  if (glob.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`
  if (glob.startsWith('/') || /^[A-Za-z]:/.test(glob)) return 'is not relative to the analysed directory'
  if (glob.includes('\\')) return 'has a backslash; use / between directories'
  if (glob.includes('\0')) return 'has a NUL'
  const alternatives = expandBraces(glob)
  if (alternatives === null) return 'has braces that do not match, or stand for too many alternatives'
  if (alternatives.some((it) => it.split('/').includes('..'))) return 'has .. and would leave the analysed directory'
  if (alternatives.some((it) => compile(it) === null)) return 'has a [ without its ]'
  return null
}

/** Whether any of the globs matches a path. Globs that `globProblem` refuses match nothing. */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((glob) =>
    glob.length > MAX_LENGTH ? [] : (expandBraces(glob) ?? []).flatMap((it) => [compile(it) ?? []]),
  )
  const asked = patterns.flatMap((pattern) => (pattern.length > 0 ? [{ pattern, needed: exactNames(pattern) }] : []))
  return (path) => {
    const names = path.split('/')
    return asked.some(
      ({ pattern, needed }) => needed.every((name) => names.includes(name)) && matchesRow(pattern, names, SEGMENTS),
    )
  }
}

/**
 * Those of the paths that any of the globs matches. Trees of one review ask the same list for the same globs, so what was found is kept with it:
 * a list that was asked must not change.
 */
export function matchingPaths(paths: readonly string[], globs: readonly string[]): readonly string[] {
  const known = MATCHING.get(paths) ?? new Map<string, readonly string[]>()
  MATCHING.set(paths, known)
  const key = globs.join('\0')
  const found = known.get(key) ?? paths.filter(pathMatcher(globs))
  known.set(key, found)
  return found
}

const MATCHING = new WeakMap<readonly string[], Map<string, readonly string[]>>()

/** Names that a path has to have: most paths are turned down by one of them. */
function exactNames(pattern: readonly Segment[]): readonly string[] {
  return pattern.flatMap((segment) => (segment !== 'deep' && 'exactly' in segment ? [segment.exactly] : []))
}

/** The glob once for each choice of alternatives; null when braces do not match or there are too many. */
function expandBraces(glob: string): readonly string[] | null {
  const done: string[] = []
  const waiting = [glob]
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    const close = text.indexOf('}')
    if (close < 0) {
      if (text.includes('{')) return null
      done.push(text)
    } else {
      // the innermost group: its opening brace is the last one before the first closing brace
      const open = text.lastIndexOf('{', close)
      if (open < 0) return null
      const [head, tail] = [text.slice(0, open), text.slice(close + 1)]
      waiting.push(
        ...text
          .slice(open + 1, close)
          .split(',')
          .map((choice) => head + choice + tail),
      )
    }
    if (done.length + waiting.length > MAX_ALTERNATIVES) return null
  }
  return done
}

/** The segments of a glob without braces; a trailing `/` stands for everything below; null when a set is not closed. */
function compile(glob: string): readonly Segment[] | null {
  const names = (glob.endsWith('/') ? `${glob}**` : glob).split('/').filter((it) => it !== '' && it !== '.')
  const segments = names.map((it): Segment | null =>
    it === '**' ? 'deep' : /[*?[]/.test(it) ? (aroundStar(it) ?? tokens(it)) : { exactly: it },
  )
  return segments.every((it) => it !== null) ? segments : null
}

/** The two ends of a name with one star and nothing else that stands for something. */
function aroundStar(text: string): Segment | null {
  const [starts = '', ends = '', ...rest] = text.split('*')
  return rest.length > 0 || !text.includes('*') || /[?[]/.test(text) ? null : { starts, ends }
}

function tokens(text: string): readonly Token[] | null {
  const found: Token[] = []
  for (let at = 0; at < text.length; at++) {
    const unit = text.charAt(at)
    if (unit === '*') {
      if (found.at(-1)?.kind !== 'star') found.push({ kind: 'star' })
    } else if (unit === '?') found.push({ kind: 'any' })
    else if (unit === '[') {
      // a ] right after the opening (or the !) stands for itself
      const negated = text[at + 1] === '!' || text[at + 1] === '^'
      const start = at + (negated ? 2 : 1)
      const end = text.indexOf(']', start + 1)
      if (end < 0) return null
      found.push({ kind: 'set', units: ranges(text.slice(start, end)), negated })
      at = end
    } else found.push({ kind: 'text', unit })
  }
  return found
}

function ranges(text: string): readonly (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  for (let at = 0; at < text.length; at++) {
    const isRange = text[at + 1] === '-' && at + 2 < text.length
    found.push([text.charAt(at), text.charAt(isRange ? at + 2 : at)])
    if (isRange) at += 2
  }
  return found
}

/** How the items of a pattern are read: which one stands for any row of items, and whether another one takes one item. */
interface Reading<P, T> {
  readonly isStar: (item: P) => boolean
  readonly takes: (item: P, one: T) => boolean
}

const UNITS: Reading<Token, string> = {
  isStar: (token) => token.kind === 'star',
  takes: (token, unit) => {
    if (token.kind === 'text') return token.unit === unit
    if (token.kind === 'set') return token.units.some(([low, high]) => low <= unit && unit <= high) !== token.negated
    return token.kind === 'any'
  },
}

const SEGMENTS: Reading<Segment, string> = {
  isStar: (segment) => segment === 'deep',
  takes: (segment, name) => {
    if (segment === 'deep') return false
    if ('exactly' in segment) return segment.exactly === name
    if (!('starts' in segment)) return matchesRow(segment, name.split(''), UNITS)
    const { starts, ends } = segment
    return name.length >= starts.length + ends.length && name.startsWith(starts) && name.endsWith(ends)
  },
}

/** Wildcard matching that only ever goes back to the last star, so its cost is at most pattern × row. */
function matchesRow<P, T>(pattern: readonly P[], row: readonly T[], reading: Reading<P, T>): boolean {
  let at = 0
  let star = -1
  let resume = 0
  for (let next = 0; next < row.length; ) {
    const item = pattern[at]
    const one = row[next] as T
    if (item !== undefined && reading.isStar(item)) {
      star = at++
      resume = next
    } else if (item !== undefined && reading.takes(item, one)) {
      at++
      next++
    } else if (star >= 0) {
      at = star + 1
      next = ++resume
    } else return false
  }
  while (at < pattern.length && reading.isStar(pattern[at] as P)) at++
  return at === pattern.length
}
