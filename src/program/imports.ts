// What a module imports, as files: the static closure that is read before the analysis starts. Imports under TYPE_CHECKING count too, because
// annotations name what they import; what is imported by a computed name is asked for later.
import type { ImportResult, LoadedModule } from './program.ts'
import type { Roots } from './roots.ts'

export interface Imports {
  /** files that importing the module may run, function-local imports included */
  readonly targets: readonly string[]
  /** what every name that the module imports stands for, in order: equal answers mean that the imports do the same */
  readonly results: readonly ImportResult[]
  /** `level:module` of everything that was asked for these results */
  readonly asked: ReadonlySet<string>
}

export function importsOf({ file, ir }: LoadedModule, roots: Roots): Imports {
  const targets = new Set<string>()
  const results: ImportResult[] = []
  const add = (result: ImportResult): void => {
    if (result.kind === 'external') return
    for (const path of result.packages) targets.add(path)
    if (result.kind === 'file') targets.add(result.file)
  }
  const asked = new Set<string>()
  const ask = (module: string, level: number): ImportResult => {
    const result = roots.resolve(file, module, level)
    asked.add(`${level}:${module}`)
    results.push(result)
    return result
  }
  for (const { level, module, names } of ir.imports) {
    const result = ask(module, level)
    add(result)
    if (names === null) {
      if (module.includes('.')) ask(module.slice(0, module.indexOf('.')), level)
      continue
    }
    if (result.kind === 'external' || result.kind === 'missing') continue
    for (const name of names) {
      if (name === '*') continue
      const sub = ask(module === '' ? name : `${module}.${name}`, level)
      if (sub.kind === 'file') add(sub)
    }
  }
  return { targets: [...targets], results, asked }
}
