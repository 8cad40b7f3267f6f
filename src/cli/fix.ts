// `check --fix`: safe suggestions are put into the tree in memory, the tree is reviewed again, until none is left; then the files are written.
// Must stay true: a file is written only when it still holds the bytes that were analysed, and only edits after which the whole tree was
// found better, with nothing new in it.
import type { PlacedFinding, Review, Suggestion } from '../findings/model.ts'
import { applied } from '../fixes/edits.ts'
import { replacing } from '../fixes/verify.ts'
import type { SourceReader } from '../program/model.ts'
import { systemPath } from '../sources/directory.ts'
import { invalidUtf8 } from '../text/decode.ts'
import { replaceFile, standing } from './files.ts'

/** Rounds of edits; each ends with a review of the whole tree. */
const MOST_ROUNDS = 100

export interface Fixing {
  readonly head: SourceReader
  /** where the head's files lie */
  readonly root: string
  readonly reviewed: (head: SourceReader) => Promise<Review>
  readonly say: (message: string) => void
}

interface Edit {
  readonly finding: PlacedFinding
  readonly suggestion: Suggestion
}

/** The review of what remains. Files that could not be written are named, and `complete` is false. */
export async function fixed(fixing: Fixing): Promise<{ readonly review: Review; readonly complete: boolean }> {
  const first = await fixing.reviewed(fixing.head)
  const { review, texts, edits } = await edited(first, fixing)
  if (edits.length === 0) {
    fixing.say('no safe edit to apply')
    return { review: first, complete: true }
  }
  let complete = true
  const written = new Set<string>()
  for (const [path, { before, after }] of texts) {
    const problem = write(fixing.root, path, { before, after })
    if (problem === null) written.add(path)
    else {
      fixing.say(`${path}: ${problem}; left as it is`)
      complete = false
    }
  }
  for (const { suggestion } of edits)
    if (written.has(suggestion.path)) fixing.say(`${suggestion.path}:${suggestion.startLine}: ${suggestion.title}`)
  const unwritten = new Map([...texts].filter(([path]) => written.has(path)).map(([path, { after }]) => [path, after]))
  return { review: complete ? review : await fixing.reviewed(replacing(fixing.head, unwritten)), complete }
}

interface Text {
  readonly before: string
  readonly after: string
}

interface Edited {
  readonly review: Review
  readonly texts: ReadonlyMap<string, Text>
  readonly edits: readonly Edit[]
}

/** Rounds of edits in memory: one a file and round. A round that makes anything worse is repeated with its first edit alone. */
async function edited(start: Review, fixing: Fixing): Promise<Edited> {
  let state: Edited = { review: start, texts: new Map(), edits: [] }
  const given = new Set<string>()
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const all = applicable(state.review).filter(({ finding }) => !given.has(finding.fingerprint))
    if (all.length === 0) break
    const next = (await tried(all, state, fixing)) ?? (await tried(all.slice(0, 1), state, fixing))
    if (next === null) given.add(all[0]?.finding.fingerprint ?? '')
    else state = next
  }
  return state
}

/** Safe edits of findings that are told, the first of each file. */
function applicable({ findings, compared }: Review): Edit[] {
  const edits = new Map<string, Edit>()
  for (const finding of findings) {
    const { suggestion } = finding
    if (suggestion?.disposition !== 'safe' || finding.suppression !== null) continue
    if (compared && finding.baselineState !== 'new' && !finding.newWork) continue
    if (!edits.has(suggestion.path)) edits.set(suggestion.path, { finding, suggestion })
  }
  return [...edits.values()]
}

async function tried(edits: readonly Edit[], state: Edited, fixing: Fixing): Promise<Edited | null> {
  const texts = new Map(state.texts)
  for (const { suggestion } of edits) {
    const known = texts.get(suggestion.path)
    const before = known?.before ?? (await textOf(fixing.head, suggestion.path))
    if (before === null) return null
    texts.set(suggestion.path, { before, after: applied(known?.after ?? before, suggestion) })
  }
  const overlay = new Map([...texts].map(([path, { after }]) => [path, after]))
  const review = await fixing.reviewed(replacing(fixing.head, overlay))
  const known = new Set(state.review.findings.map((f) => f.fingerprint))
  const there = new Set(review.findings.filter((f) => f.baselineState !== 'absent').map((f) => f.fingerprint))
  const gone = edits.every(({ finding }) => !there.has(finding.fingerprint))
  const worse = [...there].some((f) => !known.has(f)) || review.incomplete.length > state.review.incomplete.length
  return gone && !worse ? { review, texts, edits: [...state.edits, ...edits] } : null
}

const BYTE_ORDER_MARK = '\uFEFF'

/** The text of a file as it was analysed; null when it is not UTF-8. A byte order mark is no part of it. */
async function textOf(head: SourceReader, path: string): Promise<string | null> {
  const entry = (await head.list()).find((it) => it.path === path)
  const bytes = entry === undefined ? undefined : (await head.read([entry])).get(path)
  if (!(bytes instanceof Uint8Array) || invalidUtf8(bytes) >= 0) return null
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}

/** Why the file was not written, or null. A checkout may hold CRLF where git, and so the analysis, has LF: it keeps them. */
function write(root: string, path: string, { before, after }: Text): string | null {
  const full = systemPath(root, path)
  const now = standing(full)
  if (now.kind !== 'file') return now.kind === 'absent' ? 'is gone' : now.reason
  const mark = now.bytes.toString('utf8').startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  const asOnDisk = [(text: string) => mark + text, (text: string) => mark + text.replaceAll('\n', '\r\n')].find(
    (form) => now.bytes.equals(Buffer.from(form(before), 'utf8')),
  )
  return asOnDisk === undefined
    ? 'was changed meanwhile'
    : replaceFile({ path: full, bytes: Buffer.from(asOnDisk(after), 'utf8'), expected: now.bytes })
}
