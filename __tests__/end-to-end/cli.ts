// The built command line as a person runs it: another process, its own cache directory, an empty environment besides the PATH.
// Trees and repositories are real ones in temporary directories.
import { spawn } from 'node:child_process'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '../sources/repository.ts'

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

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
