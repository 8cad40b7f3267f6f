// How much is interpreted, counted and never timed: how often the body of each module runs while entry points are analysed on one machine, as a
// review does it.
import { runEntry } from '../../src/analysis/entry.ts'
import { moduleEntry } from '../../src/analysis/entries/requests.ts'
import { createMachine } from '../../src/analysis/machine/interpreter.ts'
import { createIrStore } from '../../src/cache/ir-store.ts'
import { openProgram } from '../../src/program/program.ts'
import { analysisOptions } from '../../src/review/options.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { toolsFor } from './tools.ts'

/** By file, how often its body was interpreted; bodies that were used again from their entries do not count. */
export async function bodyRuns(
  files: Readonly<Record<string, string>>,
  entries: readonly string[],
): Promise<Record<string, number>> {
  const program = await openProgram(memoryReader(files), createIrStore(null))
  await program.load(entries)
  const tools = toolsFor()
  const m = createMachine(program, tools.catalogue, analysisOptions(tools), new Set())
  const runs: Record<string, number> = {}
  const { execute } = m.ops
  const counted: typeof execute = (frame, body) => {
    const { file, ir } = frame.module.info
    if (body === ir.body) runs[file] = (runs[file] ?? 0) + 1
    return execute(frame, body)
  }
  Object.assign(m.ops, { execute: counted })
  for (const file of entries) runEntry(m, moduleEntry(file, 'plain'))
  return runs
}
