// A run of the Action from src/ inside of the process of the test: the same runner's variables and files as the built one gets, and the same
// answer. For runs that show what the Action does with GitHub; what the process is (its start, its end, its signals) needs the built one.
import { execPath } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '../../src/action/log.ts'
import { run } from '../../src/action/run.ts'
import type { ActionResult } from '../../src/demo/run-action.ts'
import { prepareStep, type Step } from '../../src/demo/step.ts'
import { recordedToolkit } from '../support/recorded-toolkit.ts'

const CLOCK = { now: Date.now, wait: async (milliseconds: number): Promise<void> => sleep(milliseconds) }

/** Variables that speak to the process and not to the Action. */
const OF_THE_PROCESS = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'http_proxy', 'https_proxy']

/** Throws if the step asks for something that only a process of its own can have. */
export async function runInside(step: Step): Promise<ActionResult> {
  const special = OF_THE_PROCESS.find((name) => step.environment?.[name] !== undefined)
  if (special !== undefined || 'onStart' in step || 'timeout' in step)
    throw new Error(`${special ?? 'a signal'} needs the built Action`)
  const { environment: env, written, close } = prepareStep(step, execPath)
  const toolkit = recordedToolkit()
  try {
    const exitCode = await run({
      env,
      log: createLog(toolkit),
      interruption: { requested: () => false },
      clock: CLOCK,
    })
    const { summary } = written()
    return { exitCode, signal: null, stdout: toolkit.written(), stderr: '', summary, outputs: toolkit.outputs() }
  } finally {
    close()
  }
}
