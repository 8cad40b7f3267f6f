// The file that holds the event's payload. Read by us, before anything else: @actions/github throws while it is imported if the file is
// not JSON, and takes a missing one for an empty payload.
import { readFileSync, statSync } from 'node:fs'
import { ConfigurationError } from '../config/model.ts'
import type { Environment } from './inputs.ts'

/** Webhook payloads end at 25 MB (GitHub: "Webhook events and payloads"). */
const LARGEST_PAYLOAD = 25_000_000

export function readPayload(env: Environment): unknown {
  const file = env['GITHUB_EVENT_PATH'] ?? ''
  if (file === '') throw new ConfigurationError('GITHUB_EVENT_PATH is not set')
  const payload = parse(read(file))
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new ConfigurationError('GITHUB_EVENT_PATH: the file holds no JSON object')
  return payload
}

function read(file: string): string {
  try {
    if (statSync(file).size <= LARGEST_PAYLOAD) return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ConfigurationError(`GITHUB_EVENT_PATH: the file cannot be read (${codeOf(error)})`, { cause: error })
  }
  throw new ConfigurationError('GITHUB_EVENT_PATH: the file is larger than 25 MB')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // the parser's message quotes the file, which may be anything
    throw new ConfigurationError('GITHUB_EVENT_PATH: the file is not JSON', { cause: error })
  }
}

/** `ENOENT` and the like; never a path. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'error'
}
