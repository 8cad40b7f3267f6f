// One tree, analysed: its entry points found and run, its findings, and what an edit of it is measured by. Entry points whose files are the
// same as in a tree that was analysed before keep their facts.
// Must stay true: base, head and every edited copy of the head are analysed in the same way, and give what an analysis from nothing gives.
import { analyse } from '../analysis/entry.ts'
import { plain } from '../analysis/evidence/fact-store.ts'
import { analyseLinked, factsOf, type KnownFacts, type LinkedFacts, type Wanted } from '../analysis/evidence/linked.ts'
import type { ContentSearch } from '../analysis/entries/content-search.ts'
import { findEntries, searched } from '../analysis/entries/entries.ts'
import { manifestFiles } from '../analysis/entries/manifests.ts'
import type { EntryFacts, EntryRequest } from '../analysis/evidence/facts.ts'
import type { AnalysisOptions } from '../analysis/machine/options.ts'
import type { AddedSuppression } from '../findings/model.ts'
import { functionEntry } from '../analysis/entries/requests.ts'
import type { Catalogue } from '../catalogue/lookup.ts'
import type { Profile } from '../profiles/model.ts'
import type { Program } from '../program/program.ts'
import type { RuleContext } from '../rules/database.ts'
import { evaluate, type Evaluation } from '../rules/evaluate.ts'
import { secondPhases } from '../rules/modules.ts'
import { analysisOptions } from './options.ts'
import type { Tried } from './suggestions.ts'
import { aheadOf, type Asking } from './team.ts'

/** One tree as a review compares it with another. */
export interface Tree {
  readonly program: Program
  readonly evaluation: Evaluation
  /** suppression comments of all files that took part */
  readonly suppressions: readonly AddedSuppression[]
}

/** A tree that was analysed in this run. */
export interface AnalysedTree extends Tree {
  /** where entry points are looked for */
  readonly files: readonly string[]
  readonly requests: readonly EntryRequest[]
  readonly linked: LinkedFacts
}

/** What every tree of one review is analysed with. */
export interface Tools extends Asking {
  readonly profiles: readonly Profile[]
  readonly catalogue: Catalogue
  readonly search: ContentSearch
  readonly rules: RuleContext
  readonly expired: () => boolean
}

/** Entry points of a tree, and functions that are looked at beside them. */
export type EntriesIn = Pick<Wanted, 'requests' | 'beside'>

export const NOTHING_KNOWN: KnownFacts = { alone: () => null, again: () => null }

/** Finds and runs the entry points of one tree. Those whose files are as in a tree that was analysed before keep their facts. */
export async function analyseTree(program: Program, tools: Tools): Promise<AnalysedTree> {
  return analysed(program, searched(program, tools.config), tools, () => NOTHING_KNOWN)
}

/** The tree after an edit of one file: what cannot see the file keeps its facts. */
export async function analyseEdited(
  before: AnalysedTree,
  program: Program,
  path: string,
  tools: Tools,
): Promise<AnalysedTree> {
  return analysed(program, before.files, tools, (requests) => untouched(before, requests, path))
}

async function analysed(
  program: Program,
  files: readonly string[],
  tools: Tools,
  knownFor: (requests: readonly EntryRequest[]) => KnownFacts,
): Promise<AnalysedTree> {
  const wanted = await wantedIn(program, files, tools)
  const { requests } = wanted
  const linked = await factsIn(program, { ...wanted, known: knownFor(requests) }, tools)
  return {
    program,
    files,
    requests,
    linked,
    evaluation: await evaluated(program, files, linked, tools),
    get suppressions() {
      return suppressionsIn(program)
    },
  }
}

/** The entry points of a tree, and the functions that are looked at beside them. */
export async function wantedIn(program: Program, files: readonly string[], tools: Tools): Promise<EntriesIn> {
  const { profiles, config, search } = tools
  const requests = await findEntries({ program, search }, files, profiles, config.entryPoints)
  search.forget()
  const beside = secondPhases(program, profiles, requests).map(({ file, name, profile }) =>
    functionEntry(file, name, profile.id, ['context']),
  )
  return { requests, beside }
}

/** Facts of entry points of a tree. */
export function factsIn(program: Program, wanted: Wanted, tools: Tools): Promise<LinkedFacts> {
  return analyseLinked(program, tools.catalogue, wanted, optionsOf(tools, program))
}

/** What the rules say of facts. `files`: where entry points were looked for. */
export async function evaluated(
  program: Program,
  files: readonly string[],
  linked: LinkedFacts,
  { profiles, rules }: Tools,
): Promise<Evaluation> {
  return evaluate({
    program,
    profiles,
    files,
    manifests: await manifestFiles(program, profiles),
    facts: factsOf(linked),
    advisory: linked.beside,
    context: rules,
  })
}

function suppressionsIn(program: Program): AddedSuppression[] {
  return [...program.modules.values()].flatMap(({ file, ir }) =>
    ir.suppressions.map(({ line, rules, reason }) => ({ file, line, rules, reason })),
  )
}

/** Facts of a tree that an edit of one file leaves as they are. */
function untouched(before: AnalysedTree, requests: readonly EntryRequest[], path: string): KnownFacts {
  const { alone, beside, again, providers } = before.linked
  // what is imported early counts differently for all others
  if (earlyFiles(requests) !== earlyFiles(before.requests)) return NOTHING_KNOWN
  const touched = before.program.importers(path)
  const holds = (f: EntryFacts | undefined, request: EntryRequest): f is EntryFacts =>
    f !== undefined &&
    !f.depends.surveyed &&
    !f.depends.files.some((file) => touched.has(file)) &&
    f.exhausted !== 'time' &&
    plain(f.request) === plain(request)
  // a function may be looked at beside the entry point that it is
  const byId = new Map([...beside, ...alone].map((f) => [f.request.id, f]))
  return {
    alone: (request) => {
      const f = byId.get(request.id)
      return holds(f, request) ? f : null
    },
    again: (request, now) => {
      const f = again.get(request.id)
      const same = (name: string): boolean =>
        (providers.get(name) ?? []).map(plain).join('\n') === (now.get(name) ?? []).map(plain).join('\n')
      return holds(f, request) && f.depends.services.every(same) ? f : null
    },
  }
}

function earlyFiles(requests: readonly EntryRequest[]): string {
  return requests.flatMap((r) => (r.early ? [r.file] : [])).join('\n')
}

function optionsOf(tools: Tools, program: Program): AnalysisOptions {
  const options = analysisOptions(tools)
  return { ...options, facts: { ...options.facts, ahead: aheadOf(program, tools) } }
}

/** Methods by which a framework is told of something: an edit must not lose one. */
const REGISTERS =
  /(?:^|\.)(?:register\w*|add_(?!all$)\w+|include_\w+|mount|init_app|subscribe\w*|signals?\.\w+\.connect)$/

/** A tree as the suggestions look at it. */
export function triedOf({ program, requests, evaluation }: AnalysedTree, tools: Tools): Tried {
  const known = new Map<string, Promise<ReadonlySet<string>>>()
  const graphOptions = { ...analysisOptions(tools), graph: true, progress: () => undefined }
  const find = async (entryPoint: string): Promise<ReadonlySet<string>> => {
    const wanted = requests.filter((r) => r.id === entryPoint)
    const facts = await analyse(program, tools.catalogue, wanted, graphOptions)
    return new Set(facts.flatMap((f) => f.edges.filter(([, to]) => REGISTERS.test(to)).map((edge) => edge.join('>'))))
  }
  return {
    evaluation,
    registrations: (entryPoint) => {
      const found = known.get(entryPoint) ?? find(entryPoint)
      known.set(entryPoint, found)
      return found
    },
  }
}
