// How long a run and one of its requests may last. The defaults are the promise; two variables change them, for servers that are slower than
// github.com or jobs that have less time. A wrong value is a usage error, never the default in silence.
import { ConfigurationError } from '../config/model.ts'
import type { Environment } from './inputs.ts'

/** A run ends after this many seconds whatever happens. */
const RUN_SECONDS = 600
/** One request with its body; GitHub itself gives up after 10 s. */
const REQUEST_SECONDS = 30

export interface Times {
  readonly runSeconds: number
  readonly requestSeconds: number
}

/** PHASEGATE_RUN_SECONDS and PHASEGATE_REQUEST_SECONDS. Throws a ConfigurationError that names the variable. */
export function readTimes(env: Environment): Times {
  return {
    runSeconds: secondsIn(env, 'PHASEGATE_RUN_SECONDS', { without: RUN_SECONDS, most: 21_600 }),
    requestSeconds: secondsIn(env, 'PHASEGATE_REQUEST_SECONDS', { without: REQUEST_SECONDS, most: 600 }),
  }
}

interface Bounds {
  readonly without: number
  readonly most: number
}

function secondsIn(env: Environment, name: string, { without, most }: Bounds): number {
  const value = (env[name] ?? '').trim()
  if (value === '') return without
  const seconds = /^\d{1,5}$/.test(value) ? Number(value) : 0
  if (seconds < 1 || seconds > most)
    throw new ConfigurationError(`${name}: not a whole number of seconds from 1 to ${most}`)
  return seconds
}
