// One tree, analysed: its entry points found and run, its findings, and what an edit of it is measured by. Entry points whose files are the
// same as in another analysed tree keep their facts.
// Must stay true: base, head and every edited copy of the head are analysed in the same way.
import { analyse } from '../analysis/entry.ts'
import { analyseLinked, independent } from '../analysis/linked.ts'
import { findEntries, searched } from '../analysis/entries.ts'
import type { EntryFacts, EntryRequest } from '../analysis/facts.ts'
import type { AnalysisOptions } from '../analysis/machine.ts'
import { functionEntry } from '../analysis/requests.ts'
import type { Catalogue } from '../catalogue/lookup.ts'
import type { Config } from '../config/model.ts'
import { profileNamed } from '../profiles/index.ts'
import type { Profile } from '../profiles/model.ts'
import type { Program } from '../program/program.ts'
import type { RuleContext } from '../rules/database.ts'
import { evaluate, type Evaluation } from '../rules/evaluate.ts'
import { secondPhases } from '../rules/modules.ts'
import type { Tried } from './suggestions.ts'

/** One analysed tree. */
export interface Tree {
  readonly program: Program
  readonly requests: readonly EntryRequest[]
  readonly evaluation: Evaluation
  readonly facts: readonly EntryFacts[]
  /** facts of second-phase functions */
  readonly advisory: readonly EntryFacts[]
}

/** What every tree of one review is analysed with. */
export interface Tools {
  readonly profiles: readonly Profile[]
  readonly catalogue: Catalogue
  readonly config: Config
  readonly progress: (message: string) => void
  readonly expired: () => boolean
}

/** Finds and runs the entry points of one tree. Those whose files are the same as in the other tree keep their facts. */
export async function analyseTree(program: Program, tools: Tools, other: Tree | null): Promise<Tree> {
  const { profiles, catalogue, config } = tools
  const files = searched(program, config)
  const requests = await findEntries(program, files, profiles, config.entryPoints, new Map())
  const options = optionsOf(tools, false)
  const kept =
    other === null ? [] : independent(reusable(program, { other, facts: other.facts }, requests), other.facts)
  const facts = await analyseLinked(program, catalogue, requests, kept, options, tools.progress)
  const seconds = secondPhases(program, profiles, facts).map(({ file, name, profile }) =>
    functionEntry(file, name, profile.id, ['context']),
  )
  const known = other === null ? [] : reusable(program, { other, facts: other.advisory }, seconds)
  const same = new Map(known.map((f) => [f.request.id, f]))
  const unknown = seconds.filter((r) => !same.has(r.id))
  const advisory = [...known, ...(await analyse(program, catalogue, unknown, options, () => undefined))]
  const context: RuleContext = { profileOf: profileNamed, severities: config.rules }
  return {
    program,
    requests,
    facts,
    advisory,
    evaluation: evaluate({ program, profiles, files, facts, advisory, context }),
  }
}

function optionsOf({ profiles, config, expired }: Tools, graph: boolean): AnalysisOptions {
  return {
    contextType: profiles.find((p) => p.contextType !== '')?.contextType ?? 'core.app_context.AppContext',
    services: new Map(Object.entries(config.services)),
    providers: new Map(),
    graph,
    expired,
    invokers: [...config.invokers, ...profiles.flatMap((p) => p.invokers)],
    deferrals: [...config.deferrals, ...profiles.flatMap((p) => p.deferrals)],
    events: config.events,
  }
}

/** Methods by which a framework is told of something: an edit must not lose one. */
const REGISTERS =
  /(?:^|\.)(?:register\w*|add_(?!all$)\w+|include_\w+|mount|init_app|subscribe\w*|signals?\.\w+\.connect)$/

/** A tree as the suggestions look at it. */
export function triedOf({ program, requests, evaluation }: Tree, tools: Tools): Tried {
  const registrations = async (entryPoint: string): Promise<ReadonlySet<string>> => {
    const wanted = requests.filter((r) => r.id === entryPoint)
    const facts = await analyse(program, tools.catalogue, wanted, optionsOf(tools, true), () => undefined)
    return new Set(facts.flatMap((f) => f.edges.filter(([, to]) => REGISTERS.test(to)).map((edge) => edge.join('>'))))
  }
  return { evaluation, registrations }
}

/** Facts of the other tree that hold here too: same files with same contents, and no file that could resolve a name differently. */
function reusable(
  program: Program,
  { other, facts }: { readonly other: Tree; readonly facts: readonly EntryFacts[] },
  requests: readonly EntryRequest[],
): EntryFacts[] {
  const here = program.files
  const there = other.program.files
  if (here.size !== there.size || [...here.keys()].some((path) => !there.has(path))) return []
  const same = (path: string): boolean => here.get(path)?.id === there.get(path)?.id
  const wanted = new Map(requests.map((r) => [r.id, r]))
  return facts.filter(
    (f) =>
      wanted.has(f.request.id) &&
      f.files.every(same) &&
      same(f.request.file) &&
      f.request.link === null &&
      f.request.causes.length === 0,
  )
}
