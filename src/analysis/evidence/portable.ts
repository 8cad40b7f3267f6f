// Facts as text and back, so that an entry point whose files did not change needs no second analysis. Modules are named by their files and found
// again in the program at hand; the request is not part of it, because whoever asks has it.
// Must stay true: what comes back says the same as what went in, or nothing comes back.
import type { FunctionIr } from '../../ir/model.ts'
import { objectsIn } from '../../ir/nodes.ts'
import type { Program } from '../../program/program.ts'
import type { EntryFacts, EntryRequest, HookFact } from './facts.ts'
import type { ModuleInfo } from '../domain/values.ts'

/** The key under which a module is named in the text. No field of a fact is called like this. */
const MODULE = '$module'

/** Null when a fact stands in code that is no file of the program (text given to `exec`). */
export function toText(facts: EntryFacts, program: Program): string | null {
  const { request: _, depends: _depends, hooks, ...rest } = facts
  const draft = {
    ...rest,
    hooks: hooks.map(({ site, symbol, module, qualname, p }) => ({ site, symbol, module, qualname, p })),
  }
  let portable = true
  const text = JSON.stringify(draft, (_key, value: unknown) => {
    if (!isModule(value)) return value
    if (program.modules.get(value.file) !== value) portable = false
    return { [MODULE]: value.file }
  })
  return portable ? text : null
}

export function fromText(text: string, request: EntryRequest, program: Program): Omit<EntryFacts, 'depends'> | null {
  let complete = true
  const read = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) value[i] = read(value[i])
      return value
    }
    const record = value as Record<string, unknown>
    const file = record[MODULE]
    if (typeof file === 'string') {
      const module = program.modules.get(file)
      if (module === undefined) complete = false
      return module
    }
    for (const name of Object.keys(record)) record[name] = read(record[name])
    return record
  }
  const found = read(parsed(text)) as
    | (Omit<EntryFacts, 'request' | 'depends' | 'hooks'> & Pick<EntryFacts, 'hooks'>)
    | null
  if (found === null || !complete || !LISTS.every((name) => Array.isArray(found[name]))) return null
  const hooks = found.hooks.map(({ site, symbol, module, qualname, p }) =>
    hookFact(site, symbol, module, { qualname, p }),
  )
  return { ...found, request, hooks }
}

/** Fields without which a text holds no facts. */
const LISTS = ['operations', 'hidden', 'unknowns', 'unread', 'hooks', 'hooksCalled', 'files', 'suppressed'] as const

/** A hook whose function is looked up in its module when somebody wants to see its body. */
export function hookFact(
  site: HookFact['site'],
  symbol: string,
  module: ModuleInfo,
  { qualname, p }: Pick<FunctionIr, 'qualname' | 'p'>,
): HookFact {
  return { site, symbol, module, qualname, p, definition: () => functionAt(module, qualname, p) }
}

function functionAt(module: ModuleInfo, qualname: string, p: number): FunctionIr | null {
  for (const value of objectsIn(module.ir.body))
    if ('params' in value && 'qualname' in value && 'p' in value && value.qualname === qualname && value.p === p)
      return value as FunctionIr
  return null
}

/** A copy that can go to another thread: modules are named by their files. Of plain values and arrays. */
export function withoutModules(value: unknown): unknown {
  return mapped(value, (found) => (isModule(found) ? { [MODULE]: found.file } : null))
}

/** The copy, with modules of this program, which are read first. Throws where one cannot be had. */
export async function withModules<T>(copy: unknown, program: Program): Promise<T> {
  const files = new Set<string>()
  mapped(copy, (found) => {
    const file = (found as Record<string, unknown>)[MODULE]
    if (typeof file === 'string') files.add(file)
    return null
  })
  await program.read([...files])
  return mapped(copy, (found) => {
    const file = (found as Record<string, unknown>)[MODULE]
    if (typeof file !== 'string') return null
    const module = program.modules.get(file)
    if (module === undefined) throw new Error(`${file} cannot be read`)
    return module
  }) as T
}

/** A copy in which objects are replaced for which there is something else. */
function mapped(value: unknown, instead: (found: object) => object | null): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((it) => mapped(it, instead))
  return (
    instead(value) ??
    Object.fromEntries(Object.entries(value).map(([name, it]: [string, unknown]) => [name, mapped(it, instead)]))
  )
}

function isModule(value: unknown): value is ModuleInfo & { readonly file: string } {
  return typeof value === 'object' && value !== null && 'ir' in value && 'isPackage' in value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
