// Trees as the rules judge them: analysed in this run, or as an earlier run left them. What was said of a tree is kept under everything that it
// hangs on, so that a tree which is the same to the last byte is not looked at again. A base is such a tree in most pull requests.
// Must stay true: the key says all contents, paths, marks and settings; what hangs on time, or on a file that could not be read, is never kept.
import type { AddedSuppression, Suggestion } from '../findings/model.ts'
import type { Program } from '../program/program.ts'
import type { Evaluation } from '../rules/evaluate.ts'
import { analysisOptions } from './options.ts'
import type { TreeNotes } from './notes.ts'
import { analyseTree, type AnalysedTree, type Tools, type Tree } from './tree.ts'

/** What is kept of a tree. */
interface Kept {
  readonly evaluation: Evaluation
  readonly suppressions: readonly AddedSuppression[]
  /** the files that took part */
  readonly files: readonly string[]
  /** for each of them, those of them that it imports, by their places in the list */
  readonly imports: readonly (readonly number[])[]
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
  readonly notes: TreeNotes
  /** is told which contents an earlier run has looked at */
  readonly reused: (ids: readonly string[]) => void
}

export function createJudgedTrees(tools: Tools, { notes, reused }: Keeping): JudgedTrees {
  const { settings } = analysisOptions(tools).facts
  const made = new Map<Program, Promise<AnalysedTree>>()
  const analyse = async (program: Program): Promise<AnalysedTree> => {
    const tree = await analyseTree(program, tools)
    if (!isCut(tree)) await notes.keep('tree', program, settings, keptOf(tree))
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
      const kept = (await notes.known('tree', program, settings)) as Partial<Kept> | null
      const { evaluation, suppressions, files, imports } = kept ?? {}
      if (evaluation === undefined || suppressions === undefined || files === undefined || imports === undefined)
        return analysed(program)
      if (read) {
        await program.read(files)
        program.recall(importsIn(files, imports))
      }
      reused(files.flatMap((file) => program.contentId(file) ?? []))
      return { program, evaluation, suppressions }
    },
    suggestions: async (program, asked, find) => {
      const before = await notes.known('suggestions', program, [settings, asked])
      if (Array.isArray(before)) return new Map(before as readonly (readonly [string, Suggestion])[])
      const found = await find(tools)
      await notes.keep('suggestions', program, [settings, asked], [...found])
      return found
    },
  }
}

function keptOf({ program, evaluation, suppressions }: AnalysedTree): Kept {
  const files = [...program.modules.keys()]
  const places = new Map(files.map((file, at) => [file, at]))
  const imports = files.map((file) => program.targetsOf(file).flatMap((target) => places.get(target) ?? []))
  return { evaluation, suppressions, files, imports }
}

/** Files by the file that imports them. */
function importsIn(files: readonly string[], imports: Kept['imports']): ReadonlyMap<string, readonly string[]> {
  return new Map(files.map((file, at) => [file, (imports[at] ?? []).flatMap((target) => files[target] ?? [])]))
}

/** A stack that was too small, or time that was too short, may be enough the next time. */
function isCut({ linked }: AnalysedTree): boolean {
  return [...linked.alone, ...linked.beside, ...linked.again.values()].some(
    ({ exhausted }) => exhausted === 'time' || exhausted === 'depth',
  )
}
