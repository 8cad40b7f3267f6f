// What happens when the job is cancelled: writing stops between two requests, and the process ends by itself. The runner sends SIGINT,
// then SIGTERM about seven seconds later, and kills after that; a second signal ends the process at once.
import type { Log } from './log.ts'

export interface Interruption {
  readonly requested: () => boolean
}

/** For the whole process; called once by whoever starts it. */
export function watchSignals(log: Log): Interruption {
  let requested = false
  const onSignal = (): void => {
    if (requested) process.exit(3)
    requested = true
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  // also the way in which an unhandled rejection ends; without this Node prints a stack and exits with 1, which means findings
  process.on('uncaughtException', (error) => {
    log.complain('error', `internal error: ${error.message.slice(0, 500)}`)
    process.exit(3)
  })
  return { requested: () => requested }
}
