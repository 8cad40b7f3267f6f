// A team of threads that analyse entry points of a tree ahead of the one that reviews it. Portions are handed out as members become free, large
// ones first, so that all end at about the same time; who gets which portion changes nothing.
// Must stay true: a member that fails is left out, and what it would have found is left to the caller.
import type { Share } from '../analysis/evidence/fact-store.ts'
import { withoutModules } from '../analysis/evidence/portable.ts'
import type { FileEntry, SourceReader } from '../program/model.ts'
import type { Found, SharedTree, Team } from '../review/team.ts'
import type { Reply, Thread } from './messages.ts'

export interface ThreadTeam extends Team {
  /** Ends all threads. */
  close(): void
}

/** `start` makes one member; none is started before there is work, and none for a tree of less than `smallestTree` bytes. */
export function createTeam(size: number, start: () => Thread, smallestTree = 0): ThreadTeam {
  let members: readonly Member[] | null = null
  return {
    smallestTree,
    analyse: async (tree, share, found) => {
      members ??= Array.from({ length: size }, () => createMember(start()))
      const next = portions(share.requests, size)
      const providers = withoutModules([...share.providers])
      await Promise.all(
        members.map(async (member) => {
          for (let portion = next(); portion.length > 0; portion = next()) {
            const outcome = await member.run(tree, { ...share, requests: portion }, providers)
            // its portion is left to the caller
            if (outcome === null) return
            found(outcome)
          }
        }),
      )
    },
    close: () => {
      for (const member of members ?? []) member.close()
      members = null
    },
  }
}

/** Smallest portion: shared modules are evaluated once for each of them. */
const SMALLEST = 8
/** Portions in which a member would get its share of what is left. More need less memory: a member gives up what it made after each. */
const ROUNDS = 5

/** Hands out neighbours together, because they import the same modules. */
function portions<T>(all: readonly T[], size: number): () => readonly T[] {
  let at = 0
  return () => {
    const portion = all.slice(at, at + Math.max(SMALLEST, Math.ceil((all.length - at) / (size * ROUNDS))))
    at += portion.length
    return portion
  }
}

interface Member {
  /** null when the thread has ended */
  run(tree: SharedTree, share: Share, providers: unknown): Promise<Found | null>
  close(): void
}

function createMember(thread: Thread): Member {
  const numbers = new Map<SourceReader, number>()
  const trees: ServedTree[] = []
  let waiting: ((found: Found | null) => void) | null = null
  let ended = false
  const settle = (found: Found | null): void => {
    waiting?.(found)
    waiting = null
  }
  thread.onEnd(() => {
    ended = true
    settle(null)
  })
  thread.onReply((reply) => {
    if (reply.kind === 'found') settle(reply)
    else void answer(thread, trees[reply.tree], reply).catch(() => thread.end())
  })
  const numberOf = (tree: SharedTree): number => {
    const known = numbers.get(tree.reader)
    if (known !== undefined) return known
    const { reader, ...told } = tree
    const byPath = new Map(told.entries.map((entry) => [entry.path, entry]))
    const made = trees.push({ reader, byPath }) - 1
    numbers.set(reader, made)
    thread.send({ kind: 'tree', tree: made, ...told }, [])
    return made
  }
  return {
    run: async (tree, { requests, asking, whole }, providers) => {
      if (ended) return null
      return new Promise((resolve) => {
        waiting = resolve
        const plain = withoutModules(requests)
        thread.send({ kind: 'run', tree: numberOf(tree), requests: plain, providers, asking, whole }, [])
      })
    },
    close: () => thread.end(),
  }
}

interface ServedTree {
  readonly reader: SourceReader
  readonly byPath: ReadonlyMap<string, FileEntry>
}

/** Reads for a member. The bytes are copied once, out of whatever larger buffer they stand in, and then given away. */
async function answer(
  thread: Thread,
  tree: ServedTree | undefined,
  { paths, ticket }: Extract<Reply, { kind: 'read' }>,
): Promise<void> {
  const found = await tree?.reader.read(paths.flatMap((path) => tree.byPath.get(path) ?? []))
  const copies = [...(found ?? [])].map(
    ([path, content]) => [path, content instanceof Uint8Array ? new Uint8Array(content) : content] as const,
  )
  const transfer = copies.flatMap(([, content]) => (content instanceof Uint8Array ? [content.buffer] : []))
  thread.send({ kind: 'bytes', ticket, contents: new Map(copies) }, transfer)
}
