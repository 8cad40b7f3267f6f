// Which configuration holds: the base's, tightened by what the head changes. The texts come from git trees, never from a checkout; a
// symlink, directory, submodule or binary in the configuration's place is an error, not an empty configuration.
// Must stay true: an author cannot loosen the gate with the change that it judges, and a broken configuration never switches it off.
import { loadBaseline } from '../config/baseline.ts'
import { CONFIG_PATHS, loadConfig } from '../config/load.ts'
import { ConfigurationError, type BaselineEntry, type Config, type FailOn } from '../config/model.ts'
import { resolvePolicy } from '../config/policy.ts'
import type { CommitReader } from '../github/commit.ts'
import type { TreeEntry } from '../github/trees.ts'
import type { Outcome } from '../publish/model.ts'
import type { Inputs } from './inputs.ts'

export interface Policy {
  readonly config: Config
  readonly failOn: FailOn
  readonly baseline: readonly BaselineEntry[]
  /** the head loosens or changes something that applies after the merge */
  readonly changed: boolean
  readonly notices: readonly string[]
}

export interface PolicyCommits {
  readonly head: CommitReader
  /** null: the head is the only commit, its configuration is taken as it is */
  readonly policy: CommitReader | null
}

const DEFAULT_FAIL_ON: FailOn = 'error'

/** Throws a ConfigurationError that names the file; a refusal means that a file could not be read. */
export async function readPolicy(commits: PolicyCommits, inputs: Inputs): Promise<Outcome<Policy>> {
  const texts = await readTexts(commits, inputs)
  if (!texts.ok) return texts
  const resolved = resolve(texts.value, commits.policy !== null)
  const config = withInputs(resolved.config, inputs)
  const baseline = await readBaseline(commits, inputs.baseline ?? config.baseline)
  if (!baseline.ok) return baseline
  return {
    ok: true,
    value: {
      config,
      failOn: inputs.failOn ?? config.failOn ?? DEFAULT_FAIL_ON,
      baseline: baseline.value.entries,
      changed: resolved.changed || baseline.value.notices.length > 0,
      notices: [...resolved.notices, ...baseline.value.notices],
    },
  }
}

interface Text {
  readonly file: string
  readonly text: string
}

interface Texts {
  readonly head: Text | null
  /** a wrong base is a value: the head may repair it */
  readonly base: Text | ConfigurationError | null
}

async function readTexts({ head, policy }: PolicyCommits, inputs: Inputs): Promise<Outcome<Texts>> {
  const paths = inputs.config === null ? CONFIG_PATHS : [inputs.config]
  const base = policy === null ? null : await settled(() => readText(policy, paths))
  if (base !== null && !(base instanceof ConfigurationError) && !base.ok) return base
  const baseText = base === null || base instanceof ConfigurationError ? base : base.value
  const now = await readText(head, paths)
  if (!now.ok) return now
  if (inputs.config !== null && now.value === null && baseText === null)
    throw new ConfigurationError(`input config: the repository has no file ${JSON.stringify(inputs.config)}`)
  return { ok: true, value: { head: now.value, base: baseText } }
}

async function settled<T>(job: () => Promise<T>): Promise<T | ConfigurationError> {
  try {
    return await job()
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
}

interface Resolved {
  readonly config: Config
  readonly changed: boolean
  readonly notices: readonly string[]
}

function resolve({ head, base }: Texts, compared: boolean): Resolved {
  const headConfig = head === null ? null : loadConfig(head.text, head.file)
  if (!compared) return { ...resolvePolicy(headConfig, headConfig), changed: false, notices: [] }
  const baseConfig = parsed(base)
  if (!(baseConfig instanceof ConfigurationError)) return resolvePolicy(baseConfig, headConfig)
  // equal and broken is broken; another text that is sound repairs it, and until it is merged the defaults hold
  const repaired = resolvePolicy(null, headConfig)
  const notice = `The configuration of the base branch is broken (${baseConfig.message}); the defaults are the policy until this is merged.`
  return { ...repaired, notices: [notice, ...repaired.notices] }
}

function parsed(text: Texts['base']): Config | ConfigurationError | null {
  if (text === null || text instanceof ConfigurationError) return text
  try {
    return loadConfig(text.text, text.file)
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
}

/** Profiles of the input replace the configuration's; they are checked by the same rules. */
function withInputs(config: Config, { profiles }: Inputs): Config {
  if (profiles.length === 0) return config
  const checked = loadConfig(`profiles: ${JSON.stringify(profiles)}`, 'input profiles')
  return { ...config, profiles: checked.profiles }
}

async function readText(reader: CommitReader, paths: readonly string[]): Promise<Outcome<Text | null>> {
  const found = paths.flatMap((path) => reader.entry(path) ?? [])
  const [entry, second] = found
  if (entry === undefined) return { ok: true, value: null }
  if (second !== undefined)
    throw new ConfigurationError(`${entry.path} and ${second.path}: there are two configurations; keep one of them`)
  return readFile(reader, entry)
}

/** Largest configuration or baseline that is read at all, in bytes; the configuration's own limit is smaller. */
const LARGEST = 5_000_000

async function readFile(reader: CommitReader, entry: TreeEntry): Promise<Outcome<Text>> {
  const { path, kind, size } = entry
  if (kind !== 'file') throw new ConfigurationError(`${path}: is a ${kind}, not a file`)
  if (size > LARGEST) throw new ConfigurationError(`${path}: is larger than ${LARGEST} bytes`)
  const content = await reader.content(entry)
  if (!(content instanceof Uint8Array))
    return { ok: false, refusal: { kind: 'unavailable', status: 0, message: `${path}: ${content.message}` } }
  const text = decoded(content)
  if (text === null) throw new ConfigurationError(`${path}: is not UTF-8 text`)
  if (text.startsWith('version https://git-lfs.github.com/spec/'))
    throw new ConfigurationError(`${path}: is a Git LFS pointer, not the file itself`)
  return { ok: true, value: { file: path, text } }
}

function decoded(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

interface BaselineState {
  readonly entries: readonly BaselineEntry[]
  readonly notices: readonly string[]
}

/** Entries of the policy's commit that the head still has: fewer is tightening, more is loosening and waits for the merge. */
async function readBaseline({ head, policy }: PolicyCommits, path: string | null): Promise<Outcome<BaselineState>> {
  if (path === null) return { ok: true, value: { entries: [], notices: [] } }
  const now = await entriesAt(head, path)
  if (!now.ok) return now
  const before = policy === null ? now : await entriesAt(policy, path)
  if (!before.ok) return before
  if (now.value === null && before.value === null)
    throw new ConfigurationError(`baseline: the repository has no file ${JSON.stringify(path)}`)
  const kept = new Set((now.value ?? []).map(({ fingerprint }) => fingerprint))
  const known = new Set((before.value ?? []).map(({ fingerprint }) => fingerprint))
  const added = [...kept].filter((fingerprint) => !known.has(fingerprint)).length
  return {
    ok: true,
    value: {
      entries: (before.value ?? []).filter(({ fingerprint }) => kept.has(fingerprint)),
      notices:
        added === 0
          ? []
          : [`${path}: ${added} added baseline ${added === 1 ? 'entry applies' : 'entries apply'} after the merge.`],
    },
  }
}

async function entriesAt(reader: CommitReader, path: string): Promise<Outcome<readonly BaselineEntry[] | null>> {
  const entry = reader.entry(path)
  if (entry === null) return { ok: true, value: null }
  const read = await readFile(reader, entry)
  return read.ok ? { ok: true, value: loadBaseline(read.value.text, path) } : read
}
