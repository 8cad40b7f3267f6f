// Two pieces of advice about modules in the function style, read from the code without following it: model classes that nobody registers,
// and second-phase functions that use the database service without asking for its state. Notes: they inform and never fail a check.
// Must stay true: where the code says it in a way that is not understood here, nothing is reported.
import type { EntryFacts } from '../analysis/evidence/facts.ts'
import type { RawFinding } from '../findings/model.ts'
import { definitionIn } from '../ir/lookup.ts'
import type { ClassOutline, FunctionIr, ModuleIr } from '../ir/model.ts'
import type { LoadedModule, Program } from '../program/program.ts'
import type { RuleContext } from './database.ts'
import { type Call, callsIn, lastName, nodesIn } from '../ir/nodes.ts'
import { plainFinding } from './modules.ts'
import { rangeOf } from './places.ts'

const REGISTRATION = 'register_models'

/** Model classes beside an entry point that no `register_models` of that module names. */
export function unregisteredModels(program: Program, facts: readonly EntryFacts[], context: RuleContext): RawFinding[] {
  const entries = facts.filter(({ request, found }) => {
    const isFunctionStyle = request.qualname !== null && !request.qualname.includes('.')
    return found && isFunctionStyle && (context.profileOf(request.profile)?.secondPhase ?? null) !== null
  })
  const below = byFolder(program, new Set(entries.map(({ request }) => folderOf(request.file))))
  return entries.flatMap(({ request }) => {
    const modules = below.get(folderOf(request.file)) ?? []
    return context.madeOf(`unregistered models ${request.id}`, modules, () =>
      unregisteredIn(modules, request.id, context),
    )
  })
}

function unregisteredIn(modules: readonly LoadedModule[], entryPoint: string, context: RuleContext): RawFinding[] {
  const registered = registeredNames(modules)
  if (registered === null) return []
  return modules.flatMap((module) =>
    modelClasses(module)
      .filter(({ name }) => !registered.has(name))
      .flatMap((cls) => {
        const finding = plainFinding(context, {
          rule: 'unregistered-model',
          entryPoint,
          workFunction: `${module.file}::${cls.qualname}`,
          location: rangeOf({ module, p: cls.np, e: cls.ne }),
          message: `The model \`${cls.name}\` is never passed to \`${REGISTRATION}\`: its table may not exist when it is used first.`,
        })
        return finding === null ? [] : [finding]
      }),
  )
}

/** The folder of a file: '' is the root, others end with a slash. */
function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/') + 1)
}

/** The modules in and below each of the folders. */
function byFolder(program: Program, folders: ReadonlySet<string>): ReadonlyMap<string, readonly LoadedModule[]> {
  const out = new Map<string, LoadedModule[]>([...folders].map((folder) => [folder, []]))
  for (const module of program.modules.values())
    for (let folder = folderOf(module.file); ; folder = folderOf(folder.slice(0, -1))) {
      out.get(folder)?.push(module)
      if (folder === '') break
    }
  return out
}

/** Names in all calls of `register_models`; null if one of them is not a list of names. */
function registeredNames(modules: readonly LoadedModule[]): ReadonlySet<string> | null {
  const names = new Set<string>()
  for (const module of modules) {
    const own = module.derive('registered models', (ir) =>
      // most files register nothing: their statements are not even looked at
      module.text.includes(REGISTRATION) ? registeredIn(ir) : [],
    )
    if (own === null) return null
    for (const name of own) names.add(name)
  }
  return names
}

function registeredIn(ir: ModuleIr): string[] | null {
  const names: string[] = []
  for (const call of callsIn(ir.body)) {
    if (lastName(call.f) !== REGISTRATION) continue
    for (const { x, s } of call.a) {
      const listed = x.k === 'list' || x.k === 'tuple' ? x.xs.map(lastName) : [null]
      if (s !== undefined || listed.includes(null)) return null
      for (const name of listed) if (name !== null) names.push(name)
    }
  }
  return names
}

/** Classes at the top of a module that have a table of their own. */
function modelClasses({ ir }: LoadedModule): readonly ClassOutline[] {
  return ir.classes.filter(({ assigns }) => assigns.includes('__tablename__'))
}

/** Names under which the framework hands out the database and what works on it. */
const DATABASE_SERVICE = /^(?:core\.database(?:\.\w+)*|db_service)$/
/** What a function says that asks for the state of a service, itself or through a helper. */
const ASKS = /initiali[sz]ed|ready|available|health/i

/** Second-phase functions, registered or found by their name, that use the database service and never ask for its state. */
export function uncheckedServices(program: Program, facts: readonly EntryFacts[], context: RuleContext): RawFinding[] {
  const seen = new Set<string>()
  return facts.flatMap(({ request, hooks }) => {
    const profile = context.profileOf(request.profile)
    if (profile?.secondPhase === undefined || profile.secondPhase === null || request.qualname === null) return []
    const own = program.modules.get(request.file)
    const { name } = profile.secondPhase
    const functions = [
      ...hooks.map(({ module, qualname, p, definition }) => ({
        module,
        use: module.derive(`unchecked ${qualname} ${p}`, () => uncheckedUse(definition())),
      })),
      ...(own === undefined
        ? []
        : [{ module: own, use: own.derive(`unchecked ${name}`, (ir) => uncheckedUse(functionOf(ir, name))) }]),
    ]
    return functions.flatMap(({ module, use }) => {
      const id = `${module.file}::${use?.qualname}`
      if (use === null || seen.has(id)) return []
      seen.add(id)
      const finding = plainFinding(context, {
        rule: 'unchecked-database-service',
        entryPoint: request.id,
        workFunction: id,
        location: rangeOf({ module, p: use.np, e: use.ne }),
        message: `\`${use.qualname}\` uses the database service without asking whether it is there and initialised.`,
      })
      return finding === null ? [] : [finding]
    })
  })
}

/** A function by its qualified name; null when that is a class, or nothing. */
function functionOf(ir: ModuleIr, name: string): FunctionIr | null {
  const found = definitionIn(ir, name)
  return found !== null && 'params' in found ? found : null
}

type Use = Pick<FunctionIr, 'qualname' | 'np' | 'ne'>

/** Where the function stands, if it uses the database service unchecked. */
function uncheckedUse(fn: FunctionIr | null): Use | null {
  return fn === null || !usesUnchecked(fn) ? null : { qualname: fn.qualname, np: fn.np, ne: fn.ne }
}

function usesUnchecked({ body }: FunctionIr): boolean {
  const asks = nodesIn(body).some(
    (node) => (node.k === 'attr' && ASKS.test(node.n)) || (node.k === 'name' && ASKS.test(node.id)),
  )
  return (
    !asks && callsIn(body).some((call) => lastName(call.f) === 'get_service' && DATABASE_SERVICE.test(firstText(call)))
  )
}

function firstText({ a }: Call): string {
  const x = a[0]?.x
  return x?.k === 'const' && typeof x.v === 'string' ? x.v : ''
}
