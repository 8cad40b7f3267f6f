// A program that remembers what was asked of it beyond its contents: which names were looked up from which file, and whether somebody went through
// all files. A static closure answers for its own imports; the rest is what this tells.
import type { ImportResult, Program } from '../../program/program.ts'

/** A look-up and its answer. */
export interface Lookup {
  readonly from: string
  readonly module: string
  readonly level: number
  readonly result: ImportResult
}

export interface TrackedProgram extends Program {
  /** look-ups so far that no closure's key tells, each once */
  readonly lookups: () => Iterable<Lookup>
  /** called when somebody goes through the list of files or of modules */
  onSurvey: () => void
}

export function tracked(program: Program): TrackedProgram {
  const results = new Map<string, ImportResult>()
  const lookups: Lookup[] = []
  const survey = (): void => out.onSurvey()
  const out: TrackedProgram = {
    ...program,
    files: surveyed(program.files, survey),
    modules: surveyed(program.modules, survey),
    get parsed() {
      return program.parsed
    },
    resolve: (from, module, level) => {
      const key = `${level}\0${from}\0${module}`
      const known = results.get(key)
      if (known !== undefined) return known
      const result = program.resolve(from, module, level)
      results.set(key, result)
      if (!program.answers(from, module, level)) lookups.push({ from, module, level, result })
      return result
    },
    lookups: () => lookups,
    onSurvey: () => undefined,
  }
  return out
}

/** The same map; `get` and `has` ask for one file, everything else goes through all. */
function surveyed<V>(map: ReadonlyMap<string, V>, survey: () => void): ReadonlyMap<string, V> {
  const all = (): ReadonlyMap<string, V> => {
    survey()
    return map
  }
  return {
    get: (key) => map.get(key),
    has: (key) => map.has(key),
    get size() {
      return all().size
    },
    forEach: (each) => all().forEach(each),
    entries: () => all().entries(),
    keys: () => all().keys(),
    values: () => all().values(),
    [Symbol.iterator]: () => all()[Symbol.iterator](),
  }
}
