// One process, one run: the runner's variables, its log and its signals, and the exit code at the end. The only place where the Action
// touches the process; what it does then, it does with what it is given.
import { env } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { debug, error, info, notice, setOutput, setSecret, warning } from '@actions/core'
import { boundHeapGrowth } from '../review/memory.ts'
import { createLog } from './log.ts'
import { run } from './run.ts'
import { watchSignals } from './signals.ts'

/** Runs the Action in this process and sets its exit code. Never throws. */
export async function start(): Promise<void> {
  boundHeapGrowth()
  const log = createLog({ debug, error, info, notice, setOutput, setSecret, warning })
  const clock = { now: Date.now, wait: async (milliseconds: number) => sleep(milliseconds) }
  process.exitCode = await run({ env, log, interruption: watchSignals(log), clock })
}
