// The port to whoever helps with the analysis of a tree: other threads, or nobody. What they find are facts as texts and heads of files, exactly
// what a cache would have known; this thread goes on as if it came from there.
// Must stay true: help never changes a result. What does not come, for whatever reason, is found out here.
import type { Share, TextStore } from '../analysis/evidence/fact-store.ts'
import type { FoundContent } from '../cache/ir-store.ts'
import type { Config } from '../config/model.ts'
import type { FileEntry, SourceReader } from '../program/model.ts'
import type { Program } from '../program/program.ts'

/** A tree as somebody else has to be told of it. */
export interface SharedTree {
  readonly reader: SourceReader
  readonly entries: readonly FileEntry[]
  readonly config: Config
  /** ids of the profiles */
  readonly profiles: readonly string[]
  /** when the time of the run is over, in milliseconds of the epoch */
  readonly until: number
}

/** What was found out for one portion of the entry points. */
export interface Found {
  readonly texts: readonly (readonly [key: string, text: string])[]
  readonly contents: readonly FoundContent[]
  /** entry points of the portion */
  readonly count: number
}

export interface Team {
  /** bytes of Python below which a tree is not worth sharing */
  readonly smallestTree: number
  /** Resolves when nothing more will come; a member that fails is no error. */
  analyse(tree: SharedTree, share: Share, found: (found: Found) => void): Promise<void>
}

/** What the facts of a tree are asked for. */
export interface Asking {
  readonly team: Team | null
  /** what was found out before, in this run or earlier ones of the same program */
  readonly texts: TextStore
  readonly adopt: (content: FoundContent) => void
  readonly config: Config
  readonly profiles: readonly { readonly id: string }[]
  readonly until: number
  readonly progress: (message: string) => void
}

/** Fewer entry points are analysed sooner than members are ready. */
const WORTH_SHARING = 60

/** Has facts of a tree found by the team. Null where nobody helps, or where every read is a request that should be asked once, for all. */
export function aheadOf(program: Program, asking: Asking): ((share: Share) => Promise<void>) | null {
  const { team, texts, adopt, config, profiles, until, progress } = asking
  if (team === null || program.remote) return null
  return async (share) => {
    const { length } = share.requests
    const entries = [...program.files.values(), ...program.marks.values()]
    const bytes = entries.reduce((sum, { size }) => sum + size, 0)
    if (length < WORTH_SHARING || bytes < team.smallestTree) return
    let done = 0
    await team.analyse(
      { reader: program.reader, entries, config, profiles: profiles.map(({ id }) => id), until },
      share,
      (found) => {
        for (const content of found.contents) adopt(content)
        for (const [key, text] of found.texts) texts.set(key, text)
        done += found.count
        progress(`${done} of ${length} entry points`)
      },
    )
  }
}
