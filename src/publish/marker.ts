// The last line of every body that we write: whose it is, which findings it stands for, and for which commits it was written. Machine
// text only, so that nothing in it can end the HTML comment; read strictly, because anybody can write something that looks like it.
// Must stay true: what `markerLine` writes, `readMarker` reads back; a marker counts only as the whole last line of a body.

/** One finding as a marker remembers it; all three are hex or base64url. */
export interface MarkedFinding {
  readonly fingerprint: string
  /** severity and operations (digest.ts) */
  readonly digest: string
  /** hash of the entry point's id: tells "fixed" from "not analysed this time" when the finding is gone */
  readonly entry: string
}

export interface Marker {
  /** check-run name and shard: two jobs with different keys leave each other's comments alone */
  readonly key: string
  readonly state: 'open' | 'fixed' | 'suppressed'
  readonly findings: readonly MarkedFinding[]
  /** analysed commits */
  readonly head: string
  readonly base: string | null
  /** fingerprints among them whose places the host refused: told in full in the summary, never tried again; absent for none */
  readonly refused?: readonly string[]
}

const WORD = /^[A-Za-z0-9_-]{1,128}$/
const LINE =
  /^<!-- phasegate:1 key=([A-Za-z0-9_-]{0,600}) f=([A-Za-z0-9_:,-]*) e=([A-Za-z0-9_,-]*) head=([0-9a-f]{40,64}) base=([0-9a-f]{40,64}|none)(?: state=(fixed|suppressed))?(?: refused=([A-Za-z0-9_,-]+))? -->$/

/** One line, without line end. Throws on text that is not machine text: that would be a mistake of ours. */
export function markerLine({ key, state, findings, head, base, refused = [] }: Marker): string {
  const words = [...findings.flatMap(({ fingerprint, digest, entry }) => [fingerprint, digest, entry]), ...refused]
  const wrong = words.find((word) => !WORD.test(word))
  if (wrong !== undefined) throw new Error(`not machine text: ${JSON.stringify(wrong)}`)
  const list = findings.map(({ fingerprint, digest }) => `${fingerprint}:${digest}`).join(',')
  const entries = findings.map(({ entry }) => entry).join(',')
  const form =
    (state === 'open' ? '' : ` state=${state}`) + (refused.length === 0 ? '' : ` refused=${refused.join(',')}`)
  const line = `<!-- phasegate:1 key=${Buffer.from(key).toString('base64url')} f=${list} e=${entries} head=${head} base=${base ?? 'none'}${form} -->`
  if (!LINE.test(line)) throw new Error('a marker that could not be read back')
  return line
}

/** The marker of a body, or null. Line ends may have been changed and blanks at the end removed by the host. */
export function readMarker(body: string): Marker | null {
  const [, key = '', list = '', entries = '', head = '', base = '', state, refused] = LINE.exec(lastLine(body)) ?? []
  if (head === '') return null
  const pairs = list === '' ? [] : list.split(',').map((pair) => pair.split(':'))
  const hashes = entries === '' ? [] : entries.split(',')
  if (pairs.length !== hashes.length || pairs.some((pair) => pair.length !== 2)) return null
  const findings = pairs.map(([fingerprint = '', digest = ''], at) => ({
    fingerprint,
    digest,
    entry: hashes[at] ?? '',
  }))
  if (findings.some((it) => !WORD.test(it.fingerprint) || !WORD.test(it.digest) || !WORD.test(it.entry))) return null
  const name = Buffer.from(key, 'base64url')
  if (name.toString('base64url') !== key) return null
  return {
    key: name.toString('utf8'),
    state: state === 'fixed' || state === 'suppressed' ? state : 'open',
    findings,
    head,
    base: base === 'none' ? null : base,
    ...(refused === undefined ? {} : { refused: refused.split(',') }),
  }
}

export function hasMarker(body: string): boolean {
  return readMarker(body) !== null
}

/** The body without its marker. */
export function textOf(body: string): string {
  const whole = body.replaceAll('\r\n', '\n').trimEnd()
  return readMarker(whole) === null ? whole : whole.slice(0, whole.length - lastLine(whole).length).trimEnd()
}

function lastLine(body: string): string {
  const whole = body.trimEnd()
  return whole.slice(Math.max(whole.lastIndexOf('\n'), whole.lastIndexOf('\r')) + 1)
}
