// Modules that an application is told to import when it starts: lists of names in its calls and in its configuration module. They are entry points,
// although no import statement leads to them. Names that are computed are not followed.
import type { Argument, Expr, Stmt } from '../../ir/model.ts'
import { lastName, objectsIn } from '../../ir/nodes.ts'
import type { EntryRule } from '../../profiles/model.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import { stringsOf } from './constants.ts'
import type { EntryRequest } from '../evidence/facts.ts'
import { moduleEntry } from './requests.ts'

type LinkedRule = Extract<EntryRule, { kind: 'linked-module' }>

interface Search {
  readonly program: Program
  readonly profile: string
}

/** Entry points of the modules that these files name. */
export async function linkedModules(
  { program, profile }: Search,
  files: readonly string[],
  rule: LinkedRule,
): Promise<EntryRequest[]> {
  await program.read(files)
  const targets = new Set<string>()
  const waiting = [...files]
  const seen = new Set(waiting)
  for (const file of waiting) {
    const module = program.modules.get(file)
    if (module === undefined) continue
    for (const { x, suffix, configures } of namesIn(module, rule)) {
      for (const name of (await stringsOf(program, module, x)) ?? []) {
        const result = program.resolve(file, `${name}${suffix}`, 0)
        if (result.kind !== 'file') continue
        targets.add(result.file)
        if (!configures || seen.has(result.file)) continue
        seen.add(result.file)
        await program.read([result.file])
        waiting.push(result.file)
      }
    }
  }
  return [...targets]
    .toSorted()
    .map((file) => Object.assign({}, moduleEntry(file, profile), { reenters: true as const }))
}

interface Link {
  readonly x: Expr
  readonly suffix: string
  /** what it names is a configuration module, which may name further ones */
  readonly configures: boolean
}

/** Expressions of a module that name modules. */
function namesIn(module: LoadedModule, rule: LinkedRule): Link[] {
  const out: Link[] = []
  const link = (x: Expr, suffix = '', configures = false): number => out.push({ x, suffix, configures })
  for (const value of objectsIn(module.ir.body)) {
    const node = value as Expr | Stmt
    if (node.k === 'call') {
      for (const arg of node.a) if (arg.n !== undefined && rule.keywords.includes(arg.n)) link(arg.x)
      const name = lastName(node.f)
      const call = rule.calls.find((it) => it.name === name)
      const first = firstOf(node.a)
      if (call !== undefined && first !== null) link(first, call.suffix, call.name === rule.configures)
    } else if (node.k === 'assign') {
      if (node.targets.some((t) => rule.assigned.includes(lastName(t) ?? ''))) link(node.x)
    }
  }
  return out
}

function firstOf(args: readonly Argument[]): Expr | null {
  return args.find((arg) => arg.n === undefined && arg.s === undefined)?.x ?? null
}
