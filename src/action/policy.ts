// Which configuration holds: the base's, tightened by what the head changes. The files come from git trees, never from a checkout; a
// symlink, directory, submodule or binary in the configuration's place is an error, not an empty configuration.
// Must stay true: an author cannot loosen the gate with the change that it judges, and a broken configuration never switches it off.
import { baselineAt, configAt, merged, policyBetween, resolveBaseline, textOf, type AskFile } from '../config/files.ts'
import { defaultConfig, loadConfig } from '../config/load.ts'
import { ConfigurationError, type BaselineEntry, type Config, type FailOn, type NamedFile } from '../config/model.ts'
import { resolvePolicy, type Policy as Resolved } from '../config/policy.ts'
import { withProfiles } from '../config/profiles.ts'
import type { CommitReader } from '../github/commit.ts'
import type { Outcome, Refusal } from '../publish/model.ts'
import type { Inputs } from './inputs.ts'

export interface Policy {
  readonly config: Config
  readonly failOn: FailOn
  readonly baseline: readonly BaselineEntry[]
  readonly changed: boolean
  readonly notices: readonly string[]
}

export interface PolicyCommits {
  readonly head: CommitReader
  /** null: the head is the only commit, its configuration is taken as it is */
  readonly policy: CommitReader | null
  /** the merge base: what the head has as it was there is not its own */
  readonly base: CommitReader | null
}

type PolicyInputs = Pick<Inputs, 'config' | 'profiles' | 'failOn' | 'baseline'>

const DEFAULT_FAIL_ON: FailOn = 'error'

/** Throws a ConfigurationError that names the file; a refusal means that a file could not be read. */
export async function readPolicy(commits: PolicyCommits, inputs: PolicyInputs): Promise<Outcome<Policy>> {
  const unread: Refusal[] = []
  const base = commits.policy === null ? null : asking(commits.policy, unread)
  const head = headOf(commits, base, unread)
  try {
    const resolved = await resolve(head, base, inputs.config)
    const config = withProfiles(resolved.config, inputs.profiles, 'input profiles')
    const baseline = await readBaseline(head, base, inputs.baseline ?? config.baseline)
    const failOn = inputs.failOn ?? config.failOn ?? DEFAULT_FAIL_ON
    const changed = resolved.changed || baseline.notices.length > 0
    const notices = [...resolved.notices, ...baseline.notices]
    if (unread.length === 0)
      return { ok: true, value: { config, failOn, baseline: baseline.entries, changed, notices } }
  } catch (error) {
    // a file that could not be read looks like a wrong one; that it was not read is the better reason
    if (!(error instanceof ConfigurationError) || unread.length === 0) throw error
  }
  const [refusal] = unread
  return {
    ok: false,
    refusal: refusal ?? { kind: 'unavailable', status: 0, message: 'the configuration could not be read' },
  }
}

function headOf(commits: PolicyCommits, base: AskFile | null, unread: Refusal[]): AskFile {
  const head = asking(commits.head, unread)
  const isCurrent = commits.base === null || commits.base.commit === commits.policy?.commit
  return base === null || commits.base === null || isCurrent ? head : merged(head, base, asking(commits.base, unread))
}

/** Largest file that is read at all, in bytes: a baseline may be long, and a configuration has its own, smaller limit. */
const LARGEST = 10_000_000

/** Files of a commit by name; contents that the host does not give are noted, because they are not the author's mistake. */
function asking(reader: CommitReader, unread: Refusal[]): AskFile {
  return async (path): Promise<NamedFile> => {
    const entry = reader.entry(path)
    if (entry === null) return { kind: 'absent' }
    if (entry.kind !== 'file') return { kind: 'refused', reason: `is a ${entry.kind}, not a file` }
    if (entry.size > LARGEST) return { kind: 'refused', reason: `is larger than ${LARGEST / 1_000_000} MB` }
    const content = await reader.content(entry)
    if (content instanceof Uint8Array) return { kind: 'file', bytes: content }
    unread.push({ kind: 'unavailable', status: 0, message: `${path}: ${content.message}` })
    return { kind: 'refused', reason: content.message }
  }
}

async function resolve(head: AskFile, base: AskFile | null, path: string | null): Promise<Resolved> {
  if (path !== null) return resolveNamed(head, base, path)
  if (base !== null) return policyBetween(base, head)
  return { config: (await configAt(head)) ?? defaultConfig(), changed: false, notices: [] }
}

/** The same for a file that the workflow names. */
async function resolveNamed(head: AskFile, base: AskFile | null, path: string): Promise<Resolved> {
  const after = await configNamed(head, path)
  const before = base === null ? after : await settled(configNamed(base, path))
  if (after === null && before === null)
    throw new ConfigurationError(`input config: the repository has no file ${JSON.stringify(path)}`)
  if (base === null) return { config: after ?? defaultConfig(), changed: false, notices: [] }
  if (!(before instanceof ConfigurationError)) return resolvePolicy(before, after)
  const repaired = resolvePolicy(null, after)
  const notice = `The configuration of the base is broken (${before.message}); until this is merged the defaults are the policy.`
  return { ...repaired, changed: true, notices: [notice, ...repaired.notices] }
}

async function configNamed(ask: AskFile, path: string): Promise<Config | null> {
  const file = await ask(path)
  return file.kind === 'absent' ? null : loadConfig(textOf(file, path), path)
}

async function settled<T>(job: Promise<T>): Promise<T | ConfigurationError> {
  try {
    return await job
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
}

interface BaselineState {
  readonly entries: readonly BaselineEntry[]
  readonly notices: readonly string[]
}

async function readBaseline(head: AskFile, base: AskFile | null, path: string | null): Promise<BaselineState> {
  if (path === null) return { entries: [], notices: [] }
  const now = await baselineAt(head, path)
  const before = base === null ? now : await baselineAt(base, path)
  if (now === null && before === null)
    throw new ConfigurationError(`baseline: the repository has no file ${JSON.stringify(path)}`)
  return base === null ? { entries: now ?? [], notices: [] } : resolveBaseline(before, now)
}
