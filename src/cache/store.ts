// A content-addressed store of opaque strings that outlives a run. Entries live in a few pack files that are read whole and decoded one
// entry at a time; a run adds one pack with what is new and merges packs when there are too many.
// Must stay true: a damaged, missing or foreign entry is a miss, a directory that cannot be written is no cache, and neither is an
// error. Packs are written beside and renamed into place, so runs at the same time never see half of one.
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { PACK_MAGIC, cutText, encodeEntry, entryCut, entryValue, indexPack } from './pack.ts'
import type { CutValue, PackEntry } from './pack.ts'

export interface IrCache {
  /** `id` names a content; null if it is not known */
  get(id: string): string | null
  /** The value cut after its first line, of which only what is asked for is decoded; null if it is not known or has one line only. */
  cut(id: string): CutValue | null
  set(id: string, value: string): void
  /** Writes what was set since the last time. */
  flush(): void
}

/** All packs of one version together; beyond it only what this run used is kept. */
const MAX_TOTAL_BYTES = 256 * 1024 * 1024
/** A larger value is not stored. */
const MAX_VALUE_LENGTH = 8 * 1024 * 1024
/** As many packs may lie side by side before they are merged. */
const MAX_PACKS = 8
/** What other versions and broken runs left behind is removed after this time. */
const STALE_MILLISECONDS = 14 * 24 * 60 * 60 * 1000
const SUFFIX = '.pack'

/**
 * Opens the cache below a directory, which is created when something is written. `version` names the program and the form of the values:
 * entries of another version are not seen. Nothing is read before the first `get`. `maxBytes` bounds what is kept on the disk.
 */
export function openCache(directory: string, version: string, maxBytes: number = MAX_TOTAL_BYTES): IrCache {
  const prefix = createHash('sha256').update(version).digest('hex').slice(0, 16)
  const pending = new Map<string, string>()
  const used = new Set<string>()
  let store: Stored | null = null
  const stored = (): Stored => (store ??= readPacks(directory, prefix))

  const get: IrCache['get'] = (id) => {
    const fresh = pending.get(id)
    if (fresh !== undefined) return fresh
    const entry = stored().entries.get(id)
    const value = entry === undefined ? null : entryValue(id, entry)
    if (value !== null) used.add(id)
    return value
  }
  const cut: IrCache['cut'] = (id) => {
    const fresh = pending.get(id)
    if (fresh !== undefined) return cutText(fresh)
    const entry = stored().entries.get(id)
    const value = entry === undefined ? null : entryCut(id, entry)
    if (value !== null) used.add(id)
    return value
  }
  const flush: IrCache['flush'] = () => {
    if (pending.size === 0) return
    const known = stored()
    const fresh = new Map([...pending].map(([id, value]) => [id, encodeEntry(id, value)]))
    const bytes = [...fresh.values()].reduce((sum, record) => sum + record.length, 0)
    const merge = known.packs.length >= MAX_PACKS || known.bytes + bytes > maxBytes
    const kept = merge ? survivors(known, { used, replaced: fresh, room: maxBytes - bytes }) : []
    const name = writePack(directory, prefix, [...kept, ...fresh.values()])
    if (name !== null) {
      if (merge) for (const pack of known.packs) remove(join(directory, pack))
      removeStale(directory, prefix)
    }
    // this run goes on with what it has; what could not be written is not tried again
    for (const [id, record] of fresh) known.entries.set(id, { record })
    store = { ...known, packs: [...(merge ? [] : known.packs), ...(name === null ? [] : [name])] }
    pending.clear()
  }
  const set: IrCache['set'] = (id, value) => {
    if (value.length <= MAX_VALUE_LENGTH) pending.set(id, value)
  }
  return { get, cut, set, flush }
}

interface Stored {
  readonly packs: readonly string[]
  readonly bytes: number
  readonly entries: Map<string, PackEntry>
}

/** Every entry of every pack; of two with one id the one of the later pack (by name, which begins with the time of writing). */
function readPacks(directory: string, prefix: string): Stored {
  const packs: string[] = []
  const entries = new Map<string, PackEntry>()
  let bytes = 0
  for (const name of listed(directory).filter((it) => it.startsWith(`${prefix}-`) && it.endsWith(SUFFIX))) {
    const pack = readOrNull(join(directory, name))
    if (pack === null) continue
    packs.push(name)
    bytes += pack.length
    for (const [id, entry] of indexPack(pack)) entries.set(id, entry)
  }
  return { packs, bytes, entries }
}

interface Choice {
  readonly used: ReadonlySet<string>
  readonly replaced: ReadonlyMap<string, Buffer>
  /** bytes that the survivors may take */
  readonly room: number
}

/** The entries that a merged pack takes over: those that this run used, then the newest others, at most half of the room so that merging pays off. */
function survivors({ entries }: Stored, { used, replaced, room }: Choice): readonly Buffer[] {
  const newest = [...entries].toReversed()
  const kept: Buffer[] = []
  let bytes = 0
  for (const wanted of [true, false])
    for (const [id, { record }] of newest) {
      if (replaced.has(id) || used.has(id) !== wanted) continue
      if (bytes + record.length > (wanted ? room : room / 2)) continue
      bytes += record.length
      kept.push(record)
    }
  // packs keep the older entries in front
  return kept.toReversed()
}

/** The name of the pack; null if it could not be written (no space, no permission, a file in the way): no run depends on the cache. */
function writePack(directory: string, prefix: string, parts: readonly Buffer[]): string | null {
  // microseconds: two packs of one moment would otherwise lie in no order, and the later value of an id has to win
  const moment = Math.floor((performance.timeOrigin + performance.now()) * 1000)
  const name = `${prefix}-${moment.toString(36).padStart(12, '0')}-${randomBytes(6).toString('hex')}`
  const temporary = join(directory, `${name}.tmp`)
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeFileSync(temporary, Buffer.concat([PACK_MAGIC, ...parts]), { mode: 0o600 })
    renameSync(temporary, join(directory, name + SUFFIX))
    return name + SUFFIX
  } catch {
    remove(temporary)
    return null
  }
}

/** Only files that this store made are touched. */
function removeStale(directory: string, prefix: string): void {
  for (const name of listed(directory)) {
    if (!OWN_NAME.test(name) || (name.startsWith(`${prefix}-`) && name.endsWith(SUFFIX))) continue
    const age = ageOf(join(directory, name))
    if (age !== null && age > STALE_MILLISECONDS) remove(join(directory, name))
  }
}

const OWN_NAME = /^[0-9a-f]{16}-[0-9a-z]{10,}-[0-9a-f]{12}\.(?:pack|tmp)$/

function ageOf(path: string): number | null {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return null
  }
}

function listed(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted()
  } catch {
    return []
  }
}

function readOrNull(path: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch {
    return null
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // another run was faster, or it was never there
  }
}
