// What runs say about whole trees, kept for later ones: under all contents, paths, marks and settings, so that what is found was said of this
// very tree. Must stay true: what hangs on time, or on a file that could not be read, is never kept; what cannot be read was never there.
import { createHash } from 'node:crypto'
import type { TextStore } from '../analysis/evidence/fact-store.ts'
import type { Program } from '../program/program.ts'

export interface TreeNotes {
  /** whether anything outlives this run */
  readonly isKept: boolean
  /** what was kept under this name of a tree, with what else it hangs on; null if nothing was */
  readonly known: (what: string, program: Program, more: unknown) => Promise<unknown>
  readonly keep: (what: string, program: Program, more: unknown, value: unknown) => Promise<void>
  /** The tree with the same paths and marks that was judged last with these settings, if there was one. */
  readonly last: (program: Program, settings: string) => LastTree | null
  readonly remember: (program: Program, settings: string) => Promise<void>
}

/** A tree of an earlier run. */
export interface LastTree {
  /** what was kept of it under this name */
  readonly known: (what: string, more: unknown) => unknown
  /** files with another content now */
  readonly changed: ReadonlySet<string>
}

interface Keeping {
  readonly texts: TextStore
  /** whether anything outlives this run */
  readonly isKept: boolean
  readonly expired: () => boolean
}

export function createTreeNotes({ texts, isKept, expired }: Keeping): TreeNotes {
  const found = (what: string, tree: TreeName, more: unknown): unknown =>
    isKept ? parsed(texts.get(keyOf(what, tree, more))) : null
  const canKeep = (program: Program): boolean => isKept && program.isSteady && !expired()
  return {
    isKept,
    known: async (what, program, more) => found(what, await nameOf(program), more),
    keep: async (what, program, more, value) => {
      if (canKeep(program)) texts.set(keyOf(what, await nameOf(program), more), JSON.stringify(value))
    },
    last: (program, settings) => {
      const { tree, ids } = (found('last', shapeOf(program), settings) ?? {}) as { tree?: TreeName; ids?: string[] }
      const files = [...program.files.keys()]
      if (tree === undefined || ids?.length !== files.length) return null
      const changed = new Set(files.filter((file, at) => program.contentId(file) !== ids[at]))
      return { known: (what, more) => found(what, tree, more), changed }
    },
    remember: async (program, settings) => {
      const ids = [...program.files.keys()].map((file) => program.contentId(file))
      const value = { tree: await nameOf(program), ids }
      if (canKeep(program)) texts.set(keyOf('last', shapeOf(program), settings), JSON.stringify(value))
    },
  }
}

/** A whole tree, or its shape, and whether each read of it is a request. */
type TreeName = readonly [isRemote: boolean, key: string]

async function nameOf(program: Program): Promise<TreeName> {
  return [program.remote, await program.treeKey()]
}

/** All paths, and the contents of marks. */
export function shapeOf(program: Program): TreeName {
  const hash = createHash('sha1')
  for (const path of program.files.keys()) hash.update(`${path}\n`)
  for (const path of program.marks.keys()) hash.update(`\n${path}\0${program.contentId(path)}`)
  return [program.remote, hash.digest('base64')]
}

function keyOf(what: string, tree: TreeName, more: unknown): string {
  return `${what}:${createHash('sha1')
    .update(JSON.stringify([...tree, more]))
    .digest('base64')}`
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
