// A worker process of bench/oracle/run.mjs: judges a range of programs, shrinks the first failures, and sends what it found to its parent.
import { startInterpreter } from './cpython.ts'
import { FEATURES } from './generate.ts'
import type { Disagreement, Files } from './model.ts'
import { createJudge, runPrograms, type Failure, type Statistics } from './session.ts'
import { shrink } from './shrink.ts'

export interface Job {
  readonly script: string
  readonly seed: number
  readonly from: number
  readonly to: number
  /** failures that are made smaller */
  readonly shrinks: number
}

/** A failing program. `files` are the smallest ones found. */
export interface Reproduction {
  readonly id: string
  readonly disagreement: Disagreement
  readonly files: Files
}

export interface Outcome {
  readonly statistics: Statistics
  readonly failures: readonly Reproduction[]
  readonly features: readonly string[]
}

/** Runs one job to its end. */
export async function work(job: Job): Promise<Outcome> {
  const interpreter = startInterpreter(job.script)
  const judge = createJudge(interpreter)
  const failures: Failure[] = []
  const statistics = await runPrograms(judge, job, (failure) => {
    failures.push(failure)
  })
  const reproductions: Reproduction[] = []
  for (const [index, { program, disagreements }] of failures.entries()) {
    const [first] = disagreements
    if (first === undefined) continue
    if (index < job.shrinks) {
      const { files, disagreement } = await shrink(judge, interpreter, program.files, first)
      reproductions.push({ id: program.id, disagreement, files })
    } else reproductions.push({ id: program.id, disagreement: first, files: program.files })
  }
  interpreter.close()
  return { statistics, failures: reproductions, features: FEATURES }
}

process.on('message', (job: Job) => {
  work(job).then(
    (outcome) => process.send?.(outcome, () => process.exit(0)),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
