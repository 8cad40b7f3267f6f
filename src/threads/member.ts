// A member: analyses the entry points that it is given, on a program of its own, and tells the facts as texts together with the heads of the files
// that it lowered. It reads nothing itself: sources come from the thread that started it.
// Must stay true: an error ends the thread; no half result is told.
import { analyse } from '../analysis/entry.ts'
import { withModules } from '../analysis/evidence/portable.ts'
import type { EntryRequest } from '../analysis/evidence/facts.ts'
import { createIrStore } from '../cache/ir-store.ts'
import { createCatalogue, type Catalogue } from '../catalogue/lookup.ts'
import { profileNamed } from '../profiles/index.ts'
import type { Profile } from '../profiles/model.ts'
import type { SourceReader, UnreadableFile } from '../program/model.ts'
import { openProgram, type Program } from '../program/program.ts'
import { analysisOptions, catalogueRows } from '../review/options.ts'
import type { Connection, Order } from './messages.ts'

type Contents = ReadonlyMap<string, Uint8Array | UnreadableFile>
type TreeOrder = Extract<Order, { kind: 'tree' }>
type RunOrder = Extract<Order, { kind: 'run' }>

interface OpenTree {
  readonly order: TreeOrder
  readonly profiles: readonly Profile[]
  readonly catalogue: Catalogue
  readonly program: Promise<Program>
}

/** Serves a connection for as long as it lasts. */
export function takePart(connection: Connection): void {
  const store = createIrStore(null)
  const trees = new Map<number, OpenTree>()
  const reads = createReads(connection)
  connection.onOrder((order) => {
    switch (order.kind) {
      case 'tree':
        trees.set(
          order.tree,
          open(order, (program) => openProgram(program, store), reads.ask),
        )
        return
      case 'bytes':
        reads.answer(order.ticket, order.contents)
        return
      case 'run': {
        const tree = trees.get(order.tree)
        if (tree === undefined) throw new Error(`no tree ${order.tree}`)
        // a rejection ends the thread
        void run(tree, order).then((found) => connection.reply({ kind: 'found', ...found, contents: store.news() }))
        return
      }
      default:
        order satisfies never
    }
  })
}

interface Reads {
  readonly ask: (tree: number, paths: readonly string[]) => Promise<Contents>
  readonly answer: (ticket: number, contents: Contents) => void
}

function createReads(connection: Connection): Reads {
  const waiting = new Map<number, (contents: Contents) => void>()
  let tickets = 0
  return {
    ask: async (tree, paths) =>
      new Promise((resolve) => {
        const ticket = tickets++
        waiting.set(ticket, resolve)
        connection.reply({ kind: 'read', tree, ticket, paths })
      }),
    answer: (ticket, contents) => {
      waiting.get(ticket)?.(contents)
      waiting.delete(ticket)
    },
  }
}

function open(order: TreeOrder, openedOver: (reader: SourceReader) => Promise<Program>, ask: Reads['ask']): OpenTree {
  const profiles = order.profiles.flatMap((id) => profileNamed(id) ?? [])
  const reader: SourceReader = {
    // names nothing: facts and contents do not depend on it
    commit: null,
    list: () => Promise.resolve(order.entries),
    read: (entries) =>
      ask(
        order.tree,
        entries.map(({ path }) => path),
      ),
  }
  const catalogue = createCatalogue(catalogueRows(profiles, order.config), order.config.services)
  return { order, profiles, catalogue, program: openedOver(reader) }
}

async function run(
  { order, profiles, catalogue, program: opening }: OpenTree,
  { requests, providers, asking, whole }: RunOrder,
): Promise<{ readonly texts: readonly [string, string][]; readonly count: number }> {
  const program = await opening
  const texts = new Map<string, string>()
  const own = await withModules<readonly EntryRequest[]>(requests, program)
  const options = analysisOptions({
    profiles,
    config: order.config,
    texts: { get: (key) => texts.get(key) ?? null, set: (key, text) => texts.set(key, text) },
    expired: () => Date.now() > order.until,
    progress: () => undefined,
  })
  const facts = await analyse(program, catalogue, own, {
    ...options,
    providers: new Map(await withModules<readonly [string, readonly EntryRequest[]][]>(providers, program)),
    facts: { ...options.facts, asking, whole },
  })
  // statements of what this portion ran are of little use to the next one
  program.release()
  return { texts: [...texts], count: facts.length }
}
