// Runs a built Action as a child process, the way GitHub's runner does. Used by the demo and by the end-to-end tests; knows nothing of what
// the Action is.
import { spawn } from 'node:child_process'
import { actionNode } from './environment.ts'
import { prepareStep, type Step, type Written } from './step.ts'

export interface ActionRun extends Step {
  /** the JavaScript file to run */
  readonly actionPath: string
  /** the program that runs it; default: Node 24 if it is there */
  readonly node?: string
  /** the child is killed after this many milliseconds (default 120,000) */
  readonly timeout?: number
  /** called with the child's process id as soon as it runs, for tests that send signals */
  readonly onStart?: (pid: number) => void
}

export interface ActionResult extends Written {
  /** null if it was killed */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const DEFAULT_TIMEOUT = 120_000

export async function runAction(run: ActionRun): Promise<ActionResult> {
  const node = run.node ?? actionNode()
  const step = prepareStep(run, node)
  try {
    const ended = await start(run, node, { cwd: step.workspace, environment: step.environment })
    return { ...ended, ...step.written() }
  } finally {
    step.close()
  }
}

type Ended = Pick<ActionResult, 'exitCode' | 'signal' | 'stdout' | 'stderr'>

function start(run: ActionRun, node: string, at: { cwd: string; environment: NodeJS.ProcessEnv }): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [run.actionPath], { cwd: at.cwd, env: at.environment, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), run.timeout ?? DEFAULT_TIMEOUT)
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.once('close', (exitCode, signal) => {
      clearTimeout(timer)
      resolve({ exitCode, signal, stdout: textOf(stdout), stderr: textOf(stderr) })
    })
    if (child.pid !== undefined) run.onStart?.(child.pid)
  })
}

const textOf = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('utf8')
