// How git is started: plumbing only, and as if nobody had configured anything on this machine.
// Must stay true: no hook, filter, textconv, external diff, fsmonitor or transport of the repository or of the user ever runs, nothing is
// asked on a terminal, nothing in the repository is written. Arguments are an array; no shell is involved.
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { env } from 'node:process'

export interface GitAnswer {
  /** exit code; -1 when a signal ended git */
  readonly status: number
  readonly stdout: Buffer
  /** for messages only */
  readonly stderr: string
}

/** Settings that outrank the repository's own (git-config, scope "command"); `safe.directory` is read from there too. */
const SETTINGS: readonly string[] = [
  'safe.directory=*',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.quotePath=true',
  'core.pager=cat',
  'diff.suppressBlankEmpty=false',
  'diff.orderFile=',
  'diff.interHunkContext=0',
  'diff.algorithm=myers',
]

/** What git may see of the environment: where commands are, and what Windows needs to start one. */
const INHERITED = ['PATH', 'Path', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR']

function environment(): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]))
  return {
    ...Object.fromEntries(inherited),
    HOME: '/nonexistent',
    XDG_CONFIG_HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    // A partial clone must not fetch what is missing: no transport is allowed (git, "GIT_ALLOW_PROTOCOL"), and newer versions do not even try.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
  }
}

/** Starts git in a directory. The caller owns the process; starting problems arrive as the event `error`. */
export function startGit(directory: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting])
  return spawn('git', [...settings, '--no-pager', ...args], { cwd: directory, env: environment(), windowsHide: true })
}

/** Runs one command to its end. Rejects only if git cannot be started; an exit code is an answer. */
export function runGit(directory: string, args: readonly string[]): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = startGit(directory, args)
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ status: code ?? -1, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8').trim() }),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end()
  })
}

/** Runs a command that has to succeed; anything else is an error of ours or a damaged repository. */
export async function gitOutput(directory: string, args: readonly string[]): Promise<Buffer> {
  const answer = await runGit(directory, args)
  if (answer.status !== 0) throw new Error(`git ${args[0] ?? ''} ended with ${answer.status}: ${answer.stderr}`)
  return answer.stdout
}

/** The parts of NUL-terminated output. */
export function splitNul(output: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let start = 0
  for (let at = output.indexOf(0); at >= 0; at = output.indexOf(0, start)) {
    parts.push(output.subarray(start, at))
    start = at + 1
  }
  return parts
}
