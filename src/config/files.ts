// From files to a policy: finds the configuration in a tree, refuses what is no text file in its place, and puts base and head together.
// The tree is asked through a function, so that a commit, a working tree and a directory are all the same here.
import { loadBaseline } from './baseline.ts'
import { CONFIG_PATHS, loadConfig } from './load.ts'
import { ConfigurationError } from './model.ts'
import type { BaselineEntry, Config, NamedFile } from './model.ts'
import { resolvePolicy } from './policy.ts'
import type { Policy } from './policy.ts'

/** Answers what stands at a path of one tree. */
export type AskFile = (path: string) => Promise<NamedFile>

/**
 * The head as it will be when it is merged: a file that it has as it was where it branched off (`fork`, the merge base) is the base's. So a branch
 * that is merely older than a change of the policy is not taken for one that changes it.
 */
export function merged(head: AskFile, base: AskFile, fork: AskFile): AskFile {
  return async (path) => {
    const [now, before] = [await head(path), await fork(path)]
    return areEqual(now, before) ? base(path) : now
  }
}

function areEqual(a: NamedFile, b: NamedFile): boolean {
  if (a.kind === 'file') return b.kind === 'file' && Buffer.compare(a.bytes, b.bytes) === 0
  return a.kind === b.kind
}

/** The configuration of a tree, null if it has none. A ConfigurationError if there are two, or it is not what it should be. */
export async function configAt(ask: AskFile): Promise<Config | null> {
  const found: { path: string; file: NamedFile }[] = []
  for (const path of CONFIG_PATHS) {
    const file = await ask(path)
    if (file.kind !== 'absent') found.push({ path, file })
  }
  const [first, second] = found
  if (first === undefined) return null
  if (second !== undefined)
    throw new ConfigurationError(`${first.path} and ${second.path}: two configurations; keep one of them`)
  return loadConfig(textOf(first.file, first.path), first.path)
}

/**
 * The policy for a change. A configuration that is broken in the base and sound in the head can be merged: until then the defaults are
 * the policy, tightened by the head. A broken head is a ConfigurationError.
 */
export async function policyBetween(base: AskFile, head: AskFile): Promise<Policy> {
  const after = await configAt(head)
  try {
    return resolvePolicy(await configAt(base), after)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const policy = resolvePolicy(null, after)
    const notice = `The configuration of the base is broken (${error.message}); until this is merged the defaults are the policy.`
    return { ...policy, changed: true, notices: [notice, ...policy.notices] }
  }
}

/** The entries of a baseline file; null if it is not there. */
export async function baselineAt(ask: AskFile, path: string): Promise<readonly BaselineEntry[] | null> {
  const file = await ask(path)
  return file.kind === 'absent' ? null : loadBaseline(textOf(file, path), path)
}

export interface BaselinePolicy {
  readonly entries: readonly BaselineEntry[]
  readonly notices: readonly string[]
}

/** Entries of the base that the head still has: dropping one is stricter, adding one is looser and waits for the merge. */
export function resolveBaseline(
  base: readonly BaselineEntry[] | null,
  head: readonly BaselineEntry[] | null,
): BaselinePolicy {
  const kept = new Set((head ?? []).map((entry) => entry.fingerprint))
  const known = new Set((base ?? []).map((entry) => entry.fingerprint))
  const gained = [...kept].filter((fingerprint) => !known.has(fingerprint)).length
  return {
    entries: (base ?? []).filter((entry) => kept.has(entry.fingerprint)),
    notices:
      gained === 0
        ? []
        : [
            `Baseline: ${gained} more ${gained === 1 ? 'entry' : 'entries'}; this is looser, so it applies after the merge.`,
          ],
  }
}

/** First line of a Git LFS pointer (Git LFS specification). */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/'

/** The text of a file that has to be there. Throws a ConfigurationError for everything that is no text file. */
export function textOf(file: NamedFile, path: string): string {
  if (file.kind === 'absent') throw new ConfigurationError(`${path}: no such file`)
  if (file.kind === 'refused') throw new ConfigurationError(`${path}: ${file.reason}`)
  if (file.bytes.includes(0)) throw new ConfigurationError(`${path}: a binary file`)
  const text = decoded(file.bytes)
  if (text === null) throw new ConfigurationError(`${path}: not UTF-8 text`)
  if (text.startsWith(LFS_POINTER)) throw new ConfigurationError(`${path}: a Git LFS pointer, not the file itself`)
  return text
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
