// One python3 process that runs many programs (runner.py), as a promise per program. Requests are answered in order.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Files, Hit, Observation, Run, RunPhase } from './model.ts'

/** What became of a program: executions, or CPython's refusal to compile it. */
export type Outcome = Observation | { readonly refused: string }

export interface Interpreter {
  /** Runs main.py and then initialize(ctx), at most `limit` times. `changed`: flags of modules may have been changed by other code before. */
  run(files: Files, limit: number, changed?: boolean): Promise<Outcome>
  /** Programs that are one edit smaller: the files that change (null = removed). */
  reduce(files: Files, fine: boolean): Promise<readonly Readonly<Record<string, string | null>>[]>
  close(): void
}

interface Answer {
  readonly refused?: string
  readonly runs?: readonly RawRun[]
  readonly exhaustive?: boolean
  readonly candidates?: readonly Readonly<Record<string, string | null>>[]
}

interface RawRun {
  readonly hits: readonly (readonly [
    RunPhase,
    number | null,
    string,
    number,
    boolean,
    readonly (readonly [string, number])[],
  ])[]
  readonly raised: readonly string[]
  readonly outcome: string
}

/** Starts `python3 runner.py`. Throws nothing: without python3 every request is rejected. */
export function startInterpreter(script: string): Interpreter {
  const child = spawn('python3', [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' },
  })
  const waiting: { readonly resolve: (answer: Answer) => void; readonly reject: (error: Error) => void }[] = []
  const fail = (error: Error): void => {
    for (const request of waiting.splice(0)) request.reject(error)
  }
  child.on('error', fail)
  child.on('exit', (code) => fail(new Error(`python3 ended with ${code ?? 'a signal'}`)))
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(JSON.parse(line) as Answer))
  const ask = (request: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify({ id: 0, ...request })}\n`)
    })
  return {
    run: async (files, limit, changed = false) => {
      const answer = await ask({ files, limit, changed })
      if (answer.refused !== undefined) return { refused: answer.refused }
      return { runs: (answer.runs ?? []).map(toRun), exhaustive: answer.exhaustive ?? false }
    },
    reduce: async (files, fine) => (await ask({ files, reduce: fine ? 'fine' : 'coarse' })).candidates ?? [],
    close: () => child.stdin.end(),
  }
}

function toRun(raw: RawRun): Run {
  return {
    outcome: raw.outcome,
    raised: raw.raised,
    hits: raw.hits.map(([phase, tag, file, line, thread, stack]): Hit => ({ phase, tag, file, line, thread, stack })),
  }
}
