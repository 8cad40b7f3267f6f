// The analyser's half of the differential oracle: what it says about main.py::initialize of a small program that lives in memory.
// Plain facts with lines; one catalogue for all programs, one fresh machine for each.
import { createContentSearch } from '../../src/analysis/entries/content-search.ts'
import { findEntries } from '../../src/analysis/entries/entries.ts'
import { analyse } from '../../src/analysis/entry.ts'
import type { EntryFacts } from '../../src/analysis/evidence/facts.ts'
import { createIrStore } from '../../src/cache/ir-store.ts'
import { createCatalogue } from '../../src/catalogue/lookup.ts'
import { loadConfig } from '../../src/config/load.ts'
import { profileNamed } from '../../src/profiles/index.ts'
import { openProgram } from '../../src/program/program.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { position } from '../../src/text/lines.ts'
import type { Files, Reported, Verdict } from './model.ts'

/** The configuration under which programs are analysed: probe.db is a database operation, initialize(ctx) of main.py the entry point. */
export const CONFIGURATION = `profiles: [modular-python-framework]
entry-points:
  - { files: "main.py", function: initialize, context: ctx }
operations:
  - { symbol: "probe.db", kind: query }
deferrals:
  - { symbol: "*.hook", arguments: [0] }
  - { symbol: "*.include", arguments: [0] }
  - { symbol: "*.on", arguments: [1] }
events:
  - { subscribe: "*.on", arguments: [1], emit: "*.emit" }
`

const ENTRY = 'main.py::initialize'

/** Makes the analyser: program in, what it reports out. */
export function createAnalyser(): (files: Files) => Promise<Verdict> {
  const config = loadConfig(CONFIGURATION, 'phasegate.yml')
  const profile = profileNamed('modular-python-framework')
  const profiles = profile === null ? [] : [profile]
  const catalogue = createCatalogue([...config.operations, ...profiles.flatMap((p) => p.operations)], config.services)
  const options = {
    contextType: profile?.contextType ?? '',
    services: new Map<string, string>(),
    graph: false,
    expired: () => false,
    progress: () => undefined,
    invokers: [...config.invokers, ...profiles.flatMap((p) => p.invokers)],
    deferrals: [...config.deferrals, ...profiles.flatMap((p) => p.deferrals)],
    events: config.events,
    providers: new Map(),
    facts: null,
  }
  return async (files) => {
    const program = await openProgram(memoryReader(files), createIrStore(null))
    const entries = await findEntries({ program, search: createContentSearch() }, [], [], config.entryPoints)
    const requests = entries.filter((r) => r.id === ENTRY)
    const facts = await analyse(program, catalogue, requests, options)
    return verdictOf(facts[0] ?? null)
  }
}

function verdictOf(facts: EntryFacts | null): Verdict {
  if (facts === null) return { reported: [], unknowns: [], incomplete: 'no entry point' }
  const incomplete = facts.exhausted ?? (facts.unread.length > 0 ? `unread ${facts.unread.join(' ')}` : null)
  return {
    reported: facts.operations.map((fact): Reported => {
      const { module, p, e } = fact.site
      const { line } = position(module.ir.lines, p)
      return {
        phase: fact.phase,
        file: module.file,
        line,
        endLine: position(module.ir.lines, Math.max(p, e - 1)).line,
        tag: tagOf(module.text.slice(p, e)),
        inside: [...module.text.slice(p, e).matchAll(/db\(\s*(\d{4,})/g)].map((found) => Number(found[1])),
        may: fact.may,
        resolution: fact.resolution,
        handler: fact.guards.some(({ site }) => isHandler(site.module.text, site.p, site.e)),
      }
    }),
    unknowns: facts.unknowns.map(({ site, reason }) => ({
      file: site.module.file,
      line: position(site.module.ir.lines, site.p).line,
      endLine: position(site.module.ir.lines, Math.max(site.p, site.e - 1)).line,
      reason,
    })),
    incomplete,
  }
}

/** The guard of what happens only if something raised: a `try`, or a context manager that may swallow it. */
function isHandler(text: string, p: number, e: number): boolean {
  const before = text.slice(text.lastIndexOf('\n', p) + 1, p)
  return text.slice(p, e) === 'try' || /^\s*(?:async )?with /.test(before)
}

/** `db(1017)` stands for itself; code in a string is told apart by its line only. */
function tagOf(text: string): number | null {
  const found = /^[\w.]+\(\s*(\d{4,})/.exec(text)
  return found === null ? null : Number(found[1])
}
