// The command line as a person runs it: built, as a process of its own with its own cache directory and an empty environment besides the PATH;
// or from src/, one command line after another in one process (command-lines.mjs), for all that differs in what is asked. `npm run check-dist`
// says that both are one. Trees and repositories are real ones in temporary directories.
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '../sources/repository.ts'

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const COMMAND_LINES = fileURLToPath(new URL('command-lines.mjs', import.meta.url))

export interface Ran {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The Node of PHASEGATE_NODE, else the one that runs the tests. */
export const NODE = env['PHASEGATE_NODE'] ?? execPath

/** Runs `phasegate ARGUMENTS` in a directory. */
export function phasegate(directory: string, ...args: readonly string[]): Promise<Ran> {
  return phasegateWith({ PATH: env['PATH'] ?? '' }, directory, args)
}

/** Command lines in one process from src/. */
export interface CommandLines {
  /** as `phasegate` */
  readonly run: (directory: string, ...args: readonly string[]) => Promise<Ran>
  readonly close: () => void
}

/** Starts that process with the first command line. */
export function openCommandLines(): CommandLines {
  const engine = env['PHASEGATE_TEST_ENGINE']
  // where coverage is counted there is no engine to load
  if (engine === undefined) return { run: phasegate, close: () => undefined }
  let child: ChildProcess | null = null
  let last: Promise<unknown> = Promise.resolve()
  const ask = async (directory: string, args: readonly string[]): Promise<Ran> => {
    child ??= fork(COMMAND_LINES, {
      execPath: NODE,
      execArgv: [],
      env: { PHASEGATE_TEST_ENGINE: engine },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const variables = { HOME: temporaryDirectory(), LANG: 'C.UTF-8', PATH: env['PATH'] ?? '' }
    child.send({ directory, variables, args })
    return answerOf(child)
  }
  return {
    run: async (directory, ...args) => {
      const answer = last.then(async () => ask(directory, args))
      last = answer.catch(() => undefined)
      return answer
    },
    close: () => child?.kill(),
  }
}

async function answerOf(child: ChildProcess): Promise<Ran> {
  const ended = new AbortController()
  const [answer] = (await Promise.race([
    once(child, 'message', ended),
    once(child, 'exit', ended).then(([code]) => Promise.reject(new Error(`the command lines ended with ${code}`))),
  ])) as [Ran]
  ended.abort()
  return answer
}

/** The same with another environment. */
export function phasegateWith(
  variables: Readonly<Record<string, string>>,
  directory: string,
  args: readonly string[],
): Promise<Ran> {
  const environment = { HOME: temporaryDirectory(), LANG: 'C.UTF-8', ...variables }
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, [CLI, ...args], { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.once('error', reject)
    child.once('close', (exit) =>
      resolve({ exit, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') }),
    )
  })
}
