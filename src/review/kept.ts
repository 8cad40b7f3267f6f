// Trees as the rules judge them: analysed in this run, or as an earlier run left them. What was said of a tree is kept under everything that it
// hangs on, so that a tree which is the same to the last byte is not looked at again. A base is such a tree in most pull requests.
// Must stay true: the key says all contents, paths, marks and settings; what hangs on time, or on a file that could not be read, is never kept.
import { createHash } from 'node:crypto'
import type { AddedSuppression, Suggestion } from '../findings/model.ts'
import type { Program } from '../program/program.ts'
import type { Evaluation } from '../rules/evaluate.ts'
import { analysisOptions } from './options.ts'
import { analyseTree, type AnalysedTree, type Tools, type Tree } from './tree.ts'

/** What is kept of a tree. */
interface Kept {
  readonly evaluation: Evaluation
  readonly suppressions: readonly AddedSuppression[]
  /** the files that took part */
  readonly files: readonly string[]
}

export interface JudgedTrees {
  /** The tree as it is judged, from an earlier run if one has seen it; `read`: whether the files that took part are wanted as well. */
  judged(program: Program, read: boolean): Promise<Tree>
  /** The tree analysed in this run, once. */
  analysed(program: Program): Promise<AnalysedTree>
  /** Suggestions for a tree; `asked` says what they hang on besides the tree. */
  suggestions(
    program: Program,
    asked: unknown,
    find: (tools: Tools) => Promise<ReadonlyMap<string, Suggestion>>,
  ): Promise<ReadonlyMap<string, Suggestion>>
}

interface Keeping {
  /** whether anything outlives this run */
  readonly isKept: boolean
  /** is told which contents an earlier run has looked at */
  readonly reused: (ids: readonly string[]) => void
}

export function createJudgedTrees(tools: Tools, { isKept, reused }: Keeping): JudgedTrees {
  const { texts, expired } = tools
  const { settings } = analysisOptions(tools).facts
  const made = new Map<Program, Promise<AnalysedTree>>()
  const keyOf = async (what: string, program: Program, more: unknown = null): Promise<string> => {
    const parts = [settings, program.remote, await program.treeKey(), more]
    return `${what}:${createHash('sha1').update(JSON.stringify(parts)).digest('base64')}`
  }
  const keep = async (what: string, program: Program, value: unknown, more: unknown = null): Promise<void> => {
    if (isKept && program.isSteady && !expired()) texts.set(await keyOf(what, program, more), JSON.stringify(value))
  }
  const kept = async (what: string, program: Program, more: unknown = null): Promise<unknown> =>
    isKept ? parsed(texts.get(await keyOf(what, program, more))) : null
  const analyse = async (program: Program): Promise<AnalysedTree> => {
    const tree = await analyseTree(program, tools)
    if (!isCut(tree)) await keep('tree', program, keptOf(tree))
    return tree
  }
  const analysed = (program: Program): Promise<AnalysedTree> => {
    const known = made.get(program) ?? analyse(program)
    made.set(program, known)
    return known
  }
  return {
    analysed,
    judged: async (program, read) => {
      const { evaluation, suppressions, files } = ((await kept('tree', program)) as Partial<Kept> | null) ?? {}
      if (evaluation === undefined || suppressions === undefined || files === undefined) return analysed(program)
      if (read) await program.read(files)
      reused(files.flatMap((file) => program.contentId(file) ?? []))
      return { program, evaluation, suppressions }
    },
    suggestions: async (program, asked, find) => {
      const before = await kept('suggestions', program, asked)
      if (Array.isArray(before)) return new Map(before as readonly (readonly [string, Suggestion])[])
      const found = await find(tools)
      await keep('suggestions', program, [...found], asked)
      return found
    },
  }
}

function keptOf({ program, evaluation, suppressions }: AnalysedTree): Kept {
  return { evaluation, suppressions, files: [...program.modules.keys()] }
}

/** A stack that was too small, or time that was too short, may be enough the next time. */
function isCut({ linked }: AnalysedTree): boolean {
  return [...linked.alone, ...linked.beside, ...linked.again.values()].some(
    ({ exhausted }) => exhausted === 'time' || exhausted === 'depth',
  )
}

/** What cannot be read was never there. */
function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
