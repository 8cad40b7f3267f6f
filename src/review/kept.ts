// Trees as the rules judge them: analysed in this run, or as an earlier run left them. What was said of a tree is kept under everything that it
// hangs on, so that a tree which is the same to the last byte is not looked at again. A base is such a tree in most pull requests.
// Must stay true: the key says all contents, paths, marks and settings; what hangs on time, or on a file that could not be read, is never kept.
import type { LinkedFacts } from '../analysis/evidence/linked.ts'
import type { Suggestion } from '../findings/model.ts'
import type { Program } from '../program/program.ts'
import { analysisOptions } from './options.ts'
import { shapeOf, type TreeNotes } from './notes.ts'
import { importsIn, recordIn, recordOfTree, type TreeRecord } from './record.ts'
import { judgedAfter, type Predecessor } from './successor.ts'
import { analyseTree, type AnalysedTree, type Tools, type Tree } from './tree.ts'

export interface JudgedTrees {
  /** The head as it is judged; with a base, the files that took part are read as well: places of findings are looked up in them. */
  head(program: Program, base: Program | null): Promise<Tree>
  /** The base as it is judged. */
  base(program: Program, head: Program): Promise<Tree>
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
  const records = new Map<Program, TreeRecord>()
  const keep = async (program: Program, record: TreeRecord, linked: LinkedFacts): Promise<void> => {
    if (isCut(linked)) return
    records.set(program, record)
    await notes.keep('tree', program, settings, record)
  }
  const recordOf = async (program: Program): Promise<TreeRecord | null> => {
    const record = records.get(program) ?? recordIn(await notes.known('tree', program, settings))
    if (record !== null) records.set(program, record)
    return record
  }
  const analyse = async (program: Program): Promise<AnalysedTree> => {
    const tree = await analyseTree(program, tools)
    if (notes.isKept && !records.has(program)) await keep(program, recordOfTree(tree, tools.profiles), tree.linked)
    return tree
  }
  const analysed = (program: Program): Promise<AnalysedTree> => {
    const known = made.get(program) ?? analyse(program)
    made.set(program, known)
    return known
  }
  /** The nearest tree that differs in contents only: the other one of this review, or the head of an earlier one. */
  const predecessorOf = async (program: Program, other: Program | null): Promise<Predecessor | null> => {
    const last = notes.last(program, settings)
    const changed = other === null ? null : changedSince(other, program)
    if (other !== null && changed !== null && (last === null || changed.size <= last.changed.size)) {
      const record = await recordOf(other)
      if (record !== null) return { record, changed }
    }
    const record = recordIn(last?.known('tree', settings))
    if (last === null || record === null) return null
    // without a base every finding is asked for a suggestion, which takes facts of the whole tree
    const isOpen = other === null && record.evaluation.findings.some(({ suppression }) => suppression === null)
    return isOpen ? null : { record, changed: last.changed }
  }
  const succeeding = async (program: Program, other: Program | null): Promise<TreeRecord | null> => {
    const before = notes.isKept ? await predecessorOf(program, other) : null
    const found = before === null ? null : await judgedAfter(before, program, tools)
    if (found === null) return null
    await keep(program, found.record, found.linked)
    return found.record
  }
  const judged = async (program: Program, other: Program | null, read: boolean): Promise<Tree> => {
    const record = (await recordOf(program)) ?? (await succeeding(program, other))
    if (record === null) return analysed(program)
    const { evaluation, suppressions, files } = record
    if (read) {
      await program.read(files)
      program.recall(importsIn(record))
    }
    reused(files.flatMap((file) => program.contentId(file) ?? []))
    return { program, evaluation, suppressions }
  }
  return {
    analysed,
    head: async (program, base) => {
      const before = await recordOf(program)
      const tree = await judged(program, base, base !== null)
      if (before === null && records.has(program)) await notes.remember(program, settings)
      return tree
    },
    base: (program, head) => judged(program, head, false),
    suggestions: async (program, asked, find) => {
      const before = await notes.known('suggestions', program, [settings, asked])
      if (Array.isArray(before)) return new Map(before as readonly (readonly [string, Suggestion])[])
      const found = await find(tools)
      await notes.keep('suggestions', program, [settings, asked], [...found])
      return found
    },
  }
}

/** Files of which two trees have different contents; null where they differ in more. */
function changedSince(before: Program, now: Program): ReadonlySet<string> | null {
  if (shapeOf(before)[1] !== shapeOf(now)[1]) return null
  return new Set([...now.files.keys()].filter((file) => now.contentId(file) !== before.contentId(file)))
}

/** A stack that was too small, or time that was too short, may be enough the next time. */
function isCut({ alone, beside, again }: LinkedFacts): boolean {
  return [...alone, ...beside, ...again.values()].some(({ exhausted }) => exhausted === 'time' || exhausted === 'depth')
}
