// Which configuration holds on the command line: the named file as it is; otherwise the one at the base revision, tightened by the one in the
// working tree; without a base the one that is there.
import { readFileSync } from 'node:fs'
import { loadBaseline } from '../config/baseline.ts'
import { CONFIG_PATHS, defaultConfig, loadConfig } from '../config/load.ts'
import { ConfigurationError, type BaselineEntry, type Config, type NamedFile } from '../config/model.ts'
import { resolvePolicy } from '../config/policy.ts'

/** How files are asked for by name at one commit or in one directory. */
export type FileAt = (path: string) => Promise<NamedFile>

export interface PolicySources {
  readonly named: string | null
  readonly profiles: readonly string[]
  readonly head: FileAt
  /** null without a base */
  readonly base: FileAt | null
}

export interface ReadPolicy {
  readonly config: Config
  readonly changed: boolean
  readonly notices: readonly string[]
}

export async function readPolicy(sources: PolicySources): Promise<ReadPolicy> {
  const resolved = await resolve(sources)
  if (sources.profiles.length === 0) return resolved
  const checked = loadConfig(`profiles: ${JSON.stringify(sources.profiles)}`, '--profile')
  return { ...resolved, config: { ...resolved.config, profiles: checked.profiles } }
}

async function resolve(sources: PolicySources): Promise<ReadPolicy> {
  if (sources.named !== null) return { config: loadConfig(readText(sources.named), sources.named), changed: false, notices: [] }
  const head = await configAt(sources.head)
  if (sources.base === null) return { config: head ?? defaultConfig(), changed: false, notices: [] }
  try {
    return resolvePolicy(await configAt(sources.base), head)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const repaired = resolvePolicy(null, head)
    return { ...repaired, notices: [`The configuration of the base is broken (${error.message}); the defaults are the policy until this is merged.`, ...repaired.notices] }
  }
}

async function configAt(fileAt: FileAt): Promise<Config | null> {
  const found: { readonly path: string; readonly bytes: Uint8Array }[] = []
  for (const path of CONFIG_PATHS) {
    const file = await fileAt(path)
    if (file.kind === 'refused') throw new ConfigurationError(`${path}: ${file.reason}`)
    if (file.kind === 'file') found.push({ path, bytes: file.bytes })
  }
  const [first, second] = found
  if (first === undefined) return null
  if (second !== undefined) throw new ConfigurationError(`${first.path} and ${second.path}: there are two configurations; keep one of them`)
  return loadConfig(decode(first.bytes, first.path), first.path)
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigurationError(`${path}: is not UTF-8 text`)
  }
}

function readText(path: string): string {
  try {
    return decode(readFileSync(path), path)
  } catch (error) {
    if (error instanceof ConfigurationError) throw error
    throw new ConfigurationError(`${path}: cannot be read (${errorCode(error)})`)
  }
}

export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error'
}

/** Accepted findings: the file of the option, or of the configuration as it stands at the base. */
export async function readBaseline(option: string | null, config: Config, sources: PolicySources): Promise<readonly BaselineEntry[]> {
  if (option !== null) return loadBaseline(readText(option), option)
  if (config.baseline === null) return []
  const file = await (sources.base ?? sources.head)(config.baseline)
  if (file.kind !== 'file') throw new ConfigurationError(`${config.baseline}: ${file.kind === 'refused' ? file.reason : 'no such file'} (named by baseline)`)
  return loadBaseline(decode(file.bytes, config.baseline), config.baseline)
}
