// Which configuration holds on the command line: the named file as it is; otherwise the one at the base revision, tightened by the one of the
// head; without a base the one that is there.
import { readFileSync } from 'node:fs'
import { loadBaseline } from '../config/baseline.ts'
import {
  configAt,
  policyBetween,
  baselineAt,
  resolveBaseline,
  textOf,
  type AskFile,
  type BaselinePolicy,
} from '../config/files.ts'
import { defaultConfig, loadConfig } from '../config/load.ts'
import { ConfigurationError, type Config } from '../config/model.ts'
import { withProfiles } from '../config/profiles.ts'

export interface PolicySources {
  readonly named: string | null
  readonly profiles: readonly string[]
  readonly head: AskFile
  /** null without a base */
  readonly base: AskFile | null
}

export interface ReadPolicy {
  readonly config: Config
  readonly changed: boolean
  readonly notices: readonly string[]
}

export async function readPolicy(sources: PolicySources): Promise<ReadPolicy> {
  const resolved = await resolve(sources)
  return { ...resolved, config: withProfiles(resolved.config, sources.profiles, '--profile') }
}

async function resolve(sources: PolicySources): Promise<ReadPolicy> {
  if (sources.named !== null)
    return { config: loadConfig(readText(sources.named), sources.named), changed: false, notices: [] }
  if (sources.base !== null) return policyBetween(sources.base, sources.head)
  return { config: (await configAt(sources.head)) ?? defaultConfig(), changed: false, notices: [] }
}

function readText(path: string): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const code = errorCode(error)
    throw new ConfigurationError(`${path}: ${code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`}`)
  }
  return textOf({ kind: 'file', bytes }, path)
}

export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error'
}

/** Accepted findings: the file of the option as it is; else that of the configuration, of which a head may drop entries and add none. */
export async function readBaseline(
  option: string | null,
  config: Config,
  sources: PolicySources,
): Promise<BaselinePolicy> {
  if (option !== null) return { entries: loadBaseline(readText(option), option), notices: [] }
  if (config.baseline === null) return { entries: [], notices: [] }
  const now = await baselineAt(sources.head, config.baseline)
  const before = sources.base === null ? now : await baselineAt(sources.base, config.baseline)
  if (now === null && before === null)
    throw new ConfigurationError(`${config.baseline}: no such file (named by baseline)`)
  return resolveBaseline(before, now)
}
