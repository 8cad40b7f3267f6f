// What is kept of a tree that was judged: what the rules said, which files took part and what they import, and on what each entry point hangs.
// Must stay true: an entry's record names everything by which a change of the tree can reach its facts or what the rules say of them.
import { createHash } from 'node:crypto'
import { namesModules, plain } from '../analysis/evidence/fact-store.ts'
import type { EntryFacts, EntryRequest } from '../analysis/evidence/facts.ts'
import type { LinkedFacts } from '../analysis/evidence/linked.ts'
import type { AddedSuppression } from '../findings/model.ts'
import type { Profile } from '../profiles/model.ts'
import type { Program } from '../program/program.ts'
import type { Evaluation } from '../rules/evaluate.ts'
import type { AnalysedTree } from './tree.ts'

/** One analysis of an entry point, or of a second-phase function that stands beside one. */
export interface EntryRecord {
  readonly id: string
  readonly file: string
  /** by itself, again with the services of others, or beside an entry point */
  readonly role: 'alone' | 'again' | 'beside'
  /** names the request, with the contents of the modules in which parts of it are written */
  readonly asked: string
  /** where the closures start of all files that took part */
  readonly starts: readonly string[]
  /** names of services that it asks others for */
  readonly services: readonly string[]
  readonly registers: readonly string[]
  /** the analysis went through all files of the tree */
  readonly surveyed: boolean
  /** functions (`file::name`) of which the rules speak because of this entry point, wherever they stand */
  readonly functions: readonly string[]
}

/** A tree as it was judged. */
export interface TreeRecord {
  readonly evaluation: Evaluation
  readonly suppressions: readonly AddedSuppression[]
  /** the files that took part */
  readonly files: readonly string[]
  /** for each of them, those of them that it imports, by their places in the list */
  readonly imports: readonly (readonly number[])[]
  readonly entries: readonly EntryRecord[]
  /** entry points that others import or call: what is said of one hangs on which others there are */
  readonly isEntangled: boolean
}

const LISTS = ['suppressions', 'files', 'imports', 'entries'] as const

/** The record that was kept, or null when it is none. */
export function recordIn(kept: unknown): TreeRecord | null {
  const found = kept as Partial<TreeRecord> | null
  return found?.evaluation !== undefined && LISTS.every((name) => Array.isArray(found[name]))
    ? (found as TreeRecord)
    : null
}

/** The record of a tree that was analysed in this run. */
export function recordOfTree(
  { program, evaluation, suppressions, linked, requests }: AnalysedTree,
  profiles: readonly Profile[],
): TreeRecord {
  const files = [...program.modules.keys()]
  return {
    evaluation,
    suppressions,
    files,
    imports: importsAmong(files, program),
    entries: entriesOf(linked, profiles),
    isEntangled: areEntangled(requests),
  }
}

/** For each file of the list those of the list that it imports, by their places in it. */
export function importsAmong(files: readonly string[], program: Program): TreeRecord['imports'] {
  const places = new Map(files.map((file, at) => [file, at]))
  return files.map((file) => program.targetsOf(file).flatMap((target) => places.get(target) ?? []))
}

/** What files import, by the file; only of files that `isWanted`. */
export function importsIn(
  { files, imports }: Pick<TreeRecord, 'files' | 'imports'>,
  isWanted: (file: string) => boolean = () => true,
): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, readonly string[]>()
  for (const [at, file] of files.entries())
    if (isWanted(file))
      out.set(
        file,
        (imports[at] ?? []).flatMap((target) => files[target] ?? []),
      )
  return out
}

/** These files and all to which ways lead from them. */
export function followed(ways: ReadonlyMap<string, readonly string[]>, from: Iterable<string>): ReadonlySet<string> {
  const seen = new Set(from)
  for (const file of seen) for (const next of ways.get(file) ?? []) seen.add(next)
  return seen
}

/** What others do to an entry point beyond its services: it is imported before them, or they run into it. */
export function areEntangled(requests: readonly EntryRequest[]): boolean {
  return requests.some(({ early, reenters }) => early || reenters)
}

/** Records of all analyses of a tree. */
export function entriesOf({ alone, beside, again }: LinkedFacts, profiles: readonly Profile[]): EntryRecord[] {
  const second = new Map(
    profiles.flatMap(({ id, secondPhase }) => (secondPhase === null ? [] : [[id, secondPhase.name]])),
  )
  const recordOf =
    (role: EntryRecord['role']) =>
    (facts: EntryFacts): EntryRecord => {
      const { request, depends, asks, registers, hooks, definition } = facts
      const { id, file, qualname, profile } = request
      const own = second.get(profile)
      return {
        id,
        file,
        role,
        asked: askedOf(request),
        starts: [...new Set([file, ...depends.files])],
        services: [...new Set([...asks, ...depends.services])],
        registers,
        surveyed: depends.surveyed,
        functions: [
          ...hooks.map((hook) => `${hook.module.file}::${hook.qualname}`),
          ...(qualname === null || own === undefined ? [] : [`${file}::${own}`]),
          ...(role === 'beside' && definition !== null ? [`${definition.module.file}::${qualname}`] : []),
        ],
      }
    }
  return [
    ...alone.map(recordOf('alone')),
    ...[...again.values()].map(recordOf('again')),
    ...beside.map(recordOf('beside')),
  ]
}

/** Names a request. Parts of it may be written in modules: then it is another one when those are. */
export function askedOf(request: EntryRequest): string {
  const contents: string[] = []
  if (namesModules(request))
    JSON.stringify(request, (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('ir' in value) || !('id' in value)) return value
      contents.push(String(value.id))
      return null
    })
  return createHash('sha1')
    .update(JSON.stringify([plain(request), contents]))
    .digest('base64')
}
