// Trees under edits, each reviewed with the cache of all reviews before it and without one: both have to say the same to the byte, for a tree
// alone and for what changed since the tree before. Whatever a record of a tree leaves out shows here.
import { createIrStore } from '../../src/cache/ir-store.ts'
import { cutText } from '../../src/cache/pack.ts'
import type { IrCache } from '../../src/cache/store.ts'
import { defaultConfig } from '../../src/config/load.ts'
import { openProgram, type Program } from '../../src/program/program.ts'
import { serialise, toReport } from '../../src/report/json.ts'
import { review } from '../../src/review.ts'
import { followed, importsIn, recordOfTree, type TreeRecord } from '../../src/review/record.ts'
import { judgedAfter } from '../../src/review/successor.ts'
import { analyseTree } from '../../src/review/tree.ts'
import { changesBetween } from '../../src/sources/changes.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { toolsFor } from '../../__tests__/support/tools.ts'
import type { Files } from '../oracle/model.ts'
import { createRandom, seedOf } from '../oracle/random.ts'
import { editTree, makeTree } from './trees.ts'

export interface Difference {
  readonly tree: string
  readonly what: string
  readonly base: Files
  readonly head: Files
}

export interface Outcome {
  readonly differences: readonly Difference[]
  readonly edits: number
  /** edits after which the tree was judged by what was known of the one before */
  readonly successors: number
  /** analyses that these did not need, and all that they would have been */
  readonly spared: number
  readonly entries: number
}

const EDITS = 3

/** Trees `from` to `to` (not included), each with some edits in a row. */
export async function reviewEdited(seed: number, from: number, to: number): Promise<Outcome> {
  const differences: Difference[] = []
  let [edits, successors, spared, entries] = [0, 0, 0, 0]
  for (let n = from; n < to; n++) {
    const random = createRandom(seedOf(seed, n))
    const cache = memoryCache()
    let base = makeTree(random)
    await told(base, null, cache)
    for (let edit = 0; edit < EDITS; edit++) {
      const head = editTree(base, random)
      const differs = (what: string): unknown => differences.push({ tree: `${n}.${edit}`, what, base, head })
      if ((await told(head, base, memoryCacheOf(cache))) !== (await told(head, base, null))) differs('a pull request')
      if ((await told(head, null, cache)) !== (await told(head, null, null))) differs('a tree alone')
      const after = await succeeded(base, head)
      if (after !== null) {
        if (!after.isSame) differs('the record of the tree')
        successors++
        spared += after.spared
        entries += after.entries
      }
      edits++
      base = head
    }
  }
  return { differences, edits, successors, spared, entries }
}

/** The report, without what differs from run to run. */
async function told(head: Files, base: Files | null, cache: IrCache | null): Promise<string> {
  const [after, before] = [memoryReader(head), base === null ? null : memoryReader(base)]
  const result = await review({
    head: after,
    base: before,
    config: defaultConfig(),
    configurationChanged: false,
    notices: [],
    baseline: [],
    changes: before === null ? null : await changesBetween(before, after),
    failOn: 'error',
    onIncomplete: 'fail',
    maxSeconds: null,
    cache,
    team: null,
    progress: () => undefined,
  })
  return serialise({ ...toReport(result, '0'), stats: null })
}

/** The head as the successor of the base, beside the head analysed by itself; null where there is no successor. */
export async function succeeded(
  base: Files,
  head: Files,
): Promise<(Pick<Outcome, 'spared' | 'entries'> & { isSame: boolean }) | null> {
  const tools = toolsFor()
  const [before, now] = [await opened(base), await opened(head)]
  if (Object.keys(base).join('\n') !== Object.keys(head).join('\n')) return null
  const record = recordOfTree(await analyseTree(before, tools), tools.profiles)
  const changed = new Set(Object.keys(head).filter((path) => head[path] !== base[path]))
  if ([...changed].some((path) => !path.endsWith('.py'))) return null
  const found = await judgedAfter({ record, changed }, now, tools)
  if (found === null) return null
  const alone = recordOfTree(await analyseTree(await opened(head), tools), tools.profiles)
  const { alone: first, beside, again } = found.linked
  const { length } = alone.entries
  return {
    isSame: textOf(found.record) === textOf(alone),
    spared: length - first.length - beside.length - again.size,
    entries: length,
  }
}

function sorted(items: readonly unknown[]): string[] {
  return items.map((item) => JSON.stringify(item)).toSorted()
}

/** A record without the order in which files were read: starts of closures may be more or fewer, but they lead to the same files. */
function textOf(record: TreeRecord): string {
  const { evaluation, suppressions, files } = record
  const imports = importsIn(record)
  const entries = record.entries.map((entry) =>
    Object.assign({}, entry, { starts: [...followed(imports, entry.starts)].toSorted() }),
  )
  return serialise([evaluation, sorted(suppressions), sorted(files), sorted(entries)])
}

async function opened(files: Files): Promise<Program> {
  const program = await openProgram(memoryReader(files), createIrStore(null))
  await program.treeKey()
  return program
}

interface MemoryCache extends IrCache {
  readonly values: ReadonlyMap<string, string>
}

/** A cache that lives as long as the run. */
function memoryCache(values = new Map<string, string>()): MemoryCache {
  return {
    values,
    get: (id) => values.get(id) ?? null,
    cut: (id) => cutText(values.get(id) ?? ''),
    set: (id, value) => values.set(id, value),
    flush: () => undefined,
  }
}

/** A cache with the same values; what is put there stays there. */
function memoryCacheOf({ values }: MemoryCache): MemoryCache {
  return memoryCache(new Map(values))
}
