// A tree that differs from one that was judged before in the contents of some files: what cannot see these files is judged as before, the rest is
// analysed again. Must stay true: the judgement is to the byte what an analysis of the whole tree gives. Wherever that is not certain by what was
// kept of the tree before (the conditions below), there is no successor, and the whole tree is analysed.
import { searched } from '../analysis/entries/entries.ts'
import type { EntryRequest } from '../analysis/evidence/facts.ts'
import type { LinkedFacts, Registering } from '../analysis/evidence/linked.ts'
import { folderOf } from '../program/marks.ts'
import type { Program } from '../program/program.ts'
import { joined, type Evaluation } from '../rules/evaluate.ts'
import {
  areEntangled,
  askedOf,
  entriesOf,
  followed,
  importsAmong,
  importsIn,
  type EntryRecord,
  type TreeRecord,
} from './record.ts'
import { evaluated, factsIn, NOTHING_KNOWN, wantedIn, type EntriesIn, type Tools } from './tree.ts'

/** A tree that was judged before, with the same paths and marks. */
export interface Predecessor {
  readonly record: TreeRecord
  /** files with another content now */
  readonly changed: ReadonlySet<string>
}

export interface Successor {
  readonly record: TreeRecord
  /** of the entry points that were analysed for it */
  readonly linked: LinkedFacts
}

/** Judges a tree by what is known of the one before; null where only an analysis of the whole tree can tell. */
export async function judgedAfter(before: Predecessor, program: Program, tools: Tools): Promise<Successor | null> {
  const { record, changed } = before
  if (!canPrecede(record)) return null
  program.recall(importsIn(record, (file) => !changed.has(file)))
  const files = searched(program, tools.config)
  const wanted = await wantedIn(program, files, tools)
  if (areEntangled(wanted.requests)) return null
  const settled = settledFiles(before, wanted)
  const isSettled = ({ file }: { readonly file: string }): boolean => settled.has(file)
  const rest = record.entries.filter(isSettled)
  // what took part because of them takes part in this tree as well
  const loaded = new Set(record.files)
  await program.read(program.closure(rest.flatMap(({ starts }) => starts)).filter((file) => loaded.has(file)))
  const linked = await factsIn(
    program,
    { ...openIn(wanted, isSettled), known: NOTHING_KNOWN, others: registering(wanted, rest) },
    tools,
  )
  const now = entriesOf(linked, tools.profiles)
  const parts = { before, program, rest, gone: record.entries.filter((entry) => !isSettled(entry)), now }
  if (!areApart(parts)) return null
  const found = await evaluated(
    program,
    files.filter((file) => !settled.has(file)),
    linked,
    tools,
  )
  if (speaksOf(found, settled)) return null
  const loadedNow = [...program.modules.keys()]
  return {
    linked,
    record: {
      evaluation: joined(found, about(record.evaluation, settled)),
      suppressions: record.suppressions.filter(({ file }) => program.modules.has(file)),
      files: loadedNow,
      imports: importsAmong(loadedNow, program),
      entries: [...rest, ...now],
      isEntangled: false,
    },
  }
}

/** What is said of one entry point hangs on no other one, and on no file beyond those that it reaches. */
function canPrecede({ isEntangled, evaluation, entries }: TreeRecord): boolean {
  return !isEntangled && evaluation.incomplete.length === 0 && !entries.some(({ surveyed }) => surveyed)
}

/** Files of which all entry points are the ones that they were, and reach no file with another content. */
function settledFiles({ record, changed }: Predecessor, { requests, beside }: EntriesIn): ReadonlySet<string> {
  const touched = importersOf(changed, record)
  // advice about a module is read from all files in its folder
  const folders = new Set([...changed].flatMap(foldersAround))
  const settled = new Map<string, string[]>()
  const touchedFiles = new Set<string>()
  for (const { id, file, role, asked, starts } of record.entries) {
    if (starts.some((start) => touched.has(start)) || folders.has(folderOf(file))) touchedFiles.add(file)
    if (role !== 'again') push(settled, file, `${role} ${id} ${asked}`)
  }
  const now = new Map<string, string[]>()
  for (const request of requests) push(now, request.file, `alone ${request.id} ${askedOf(request)}`)
  for (const request of beside) push(now, request.file, `beside ${request.id} ${askedOf(request)}`)
  const same = (file: string, found: readonly string[]): boolean =>
    found.toSorted().join('\n') === settled.get(file)?.toSorted().join('\n')
  return new Set([...now].flatMap(([file, found]) => (!touchedFiles.has(file) && same(file, found) ? [file] : [])))
}

function push(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

/** These files and all that import one of them, directly or not. */
function importersOf(files: ReadonlySet<string>, record: TreeRecord): ReadonlySet<string> {
  const importers = new Map<string, string[]>()
  for (const [from, targets] of importsIn(record)) for (const target of targets) push(importers, target, from)
  return followed(importers, files)
}

/** Files that entry points saw in the tree before. */
function reached(imports: ReadonlyMap<string, readonly string[]>, entries: readonly EntryRecord[]): Iterable<string> {
  return followed(
    imports,
    entries.flatMap(({ starts }) => starts),
  )
}

/** The folder of a path and those around it; '' is the tree. */
function foldersAround(path: string): string[] {
  const out = [folderOf(path)]
  for (let folder = out[0] ?? ''; folder !== ''; out.push(folder)) folder = folderOf(folder)
  return out
}

/** What has to be looked at. */
function openIn({ requests, beside }: EntriesIn, isSettled: (request: EntryRequest) => boolean): EntriesIn {
  return {
    requests: requests.filter((request) => !isSettled(request)),
    beside: beside.filter((request) => !isSettled(request)),
  }
}

/** Entry points that are known, as others see them: they may register services. */
function registering({ requests }: EntriesIn, known: readonly EntryRecord[]): readonly Registering[] {
  const byId = new Map(known.flatMap((entry) => (entry.role === 'alone' ? [[entry.id, entry.registers]] : [])))
  return requests.flatMap((request) => {
    const registers = byId.get(request.id)
    return registers === undefined ? [] : [{ request, registers }]
  })
}

interface Parts {
  readonly before: Predecessor
  readonly program: Program
  /** entry points that are judged as before */
  readonly rest: readonly EntryRecord[]
  /** the others, as they were and as they are */
  readonly gone: readonly EntryRecord[]
  readonly now: readonly EntryRecord[]
}

/** Whether nothing that is said of one part hangs on the other one. */
function areApart(parts: Parts): boolean {
  const { program, now } = parts
  return (
    program.isSteady &&
    program.unreadable.size === 0 &&
    !now.some(({ surveyed }) => surveyed) &&
    haveSameProviders(parts) &&
    haveOwnFunctions(parts) &&
    haveOwnMentions(parts) &&
    haveNoComments(parts)
  )
}

/** The services for which the rest asks are registered by the same entry points as before. */
function haveSameProviders({ rest, gone, now }: Parts): boolean {
  const wanted = new Set(rest.flatMap(({ services }) => services))
  const told = (entries: readonly EntryRecord[]): string =>
    entries
      .flatMap(({ role, id, asked, registers }) => {
        const names = role === 'alone' ? registers.filter((name) => wanted.has(name)) : []
        return names.length === 0 ? [] : [JSON.stringify([id, asked, names])]
      })
      .toSorted()
      .join('\n')
  return wanted.size === 0 || told(gone) === told(now)
}

/** A function is said once, for the first that hands it over, and as registered by whoever does: both parts have their own. */
function haveOwnFunctions({ rest, gone, now }: Parts): boolean {
  const others = new Set(rest.flatMap(({ functions }) => functions))
  return ![...gone, ...now].some(({ functions }) => functions.some((name) => others.has(name)))
}

/** No file that changed, came or went mentions a function of the rest: by that it may be registered in a way that was not seen. */
function haveOwnMentions({ before: { record, changed }, program, rest }: Parts): boolean {
  const homes = new Set(
    rest.flatMap(({ role, file, functions }) => (role === 'beside' ? [file, ...functions.map(fileOf)] : [])),
  )
  if (homes.size === 0) return true
  const old = importsIn(record)
  const files = new Set([...changed, ...program.modules.keys(), ...record.files])
  for (const file of files) {
    if (!changed.has(file) && program.modules.has(file) === old.has(file)) continue
    const targets = [...(old.get(file) ?? []), ...program.targetsOf(file)]
    if (targets.some((target) => homes.has(target))) return false
  }
  return true
}

/** No suppression stands where the entry points that are looked at again have seen it: whether it is used is a matter of all who see it. */
function haveNoComments({ before: { record, changed }, program, gone, now }: Parts): boolean {
  const commented = new Set(record.suppressions.map(({ file }) => file))
  const known = new Set(record.files)
  const folders = new Set([...gone, ...now].map(({ file }) => folderOf(file)))
  const seen = new Set([
    ...program.closure([...gone, ...now].flatMap(({ starts }) => starts)),
    ...reached(importsIn(record), gone),
  ])
  const isOld = [...commented].some(
    (file) => changed.has(file) || seen.has(file) || foldersAround(file).some((folder) => folders.has(folder)),
  )
  const isNew = [...program.modules.values()].some(
    ({ file, ir }) => (changed.has(file) || !known.has(file)) && ir.suppressions.length > 0,
  )
  return !isOld && !isNew
}

/** The file of an id of an entry point. */
function fileOf(id: string): string {
  return id.split('::')[0] ?? ''
}

const ABOUT_COMMENTS: ReadonlySet<string> = new Set(['unused-suppression', 'suppression-without-reason'])

/** Whether something is said of the entry points of these files. */
function speaksOf({ findings, entryPoints }: Evaluation, files: ReadonlySet<string>): boolean {
  return [...findings.map(({ entryPoint }) => entryPoint), ...entryPoints.map(({ id }) => id)].some((id) =>
    files.has(fileOf(id)),
  )
}

/** The part of an evaluation that is about the entry points of these files, and about comments that only they see. */
function about({ findings, notFollowed, entryPoints }: Evaluation, files: ReadonlySet<string>): Evaluation {
  return {
    findings: findings.filter(({ entryPoint, rule }) => ABOUT_COMMENTS.has(rule) || files.has(fileOf(entryPoint))),
    notFollowed: notFollowed.filter(({ entryPoint }) => files.has(fileOf(entryPoint))),
    incomplete: [],
    entryPoints: entryPoints.filter(({ id }) => files.has(fileOf(id))),
  }
}
