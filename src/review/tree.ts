// One tree, analysed: its entry points found and run, its findings, and what an edit of it is measured by. Entry points whose files are the
// same as in a tree that was analysed before keep their facts.
// Must stay true: base, head and every edited copy of the head are analysed in the same way.
import { analyse } from '../analysis/entry.ts'
import type { TextStore } from '../analysis/evidence/fact-store.ts'
import { analyseLinked } from '../analysis/evidence/linked.ts'
import { findEntries, searched } from '../analysis/entries/entries.ts'
import type { EntryFacts, EntryRequest } from '../analysis/evidence/facts.ts'
import type { AnalysisOptions } from '../analysis/machine/machine.ts'
import { functionEntry } from '../analysis/entries/requests.ts'
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
}

/** What every tree of one review is analysed with. */
export interface Tools {
  readonly profiles: readonly Profile[]
  readonly catalogue: Catalogue
  readonly config: Config
  /** what was found out before, in this run or earlier ones of the same program */
  readonly texts: TextStore
  readonly progress: (message: string) => void
  readonly expired: () => boolean
}

/** Finds and runs the entry points of one tree. Those whose files are as in a tree that was analysed before keep their facts. */
export async function analyseTree(program: Program, tools: Tools): Promise<Tree> {
  const { profiles, catalogue, config } = tools
  const files = searched(program, config)
  const requests = await findEntries(program, files, profiles, config.entryPoints, new Map())
  const options = optionsOf(tools, false)
  const facts = await analyseLinked(program, catalogue, requests, options, tools.progress)
  const seconds = secondPhases(program, profiles, facts).map(({ file, name, profile }) =>
    functionEntry(file, name, profile.id, ['context']),
  )
  const advisory = await analyse(program, catalogue, seconds, options, () => undefined)
  const context: RuleContext = { profileOf: profileNamed, severities: config.rules }
  return { program, requests, facts, evaluation: evaluate({ program, profiles, files, facts, advisory, context }) }
}

function optionsOf({ profiles, config, texts, expired }: Tools, graph: boolean): AnalysisOptions {
  return {
    facts: { texts, settings: JSON.stringify([profiles.map((p) => p.id), config]) },
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
