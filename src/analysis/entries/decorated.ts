// Decorator-style modules: the phase comes from the decorators of the module class, never from method names. Strings link to methods and to the
// service class in the `services` module beside it. What the framework does before a method runs is kept as the request's setup.
import type { ClassIr, Expr } from '../../ir/model.ts'
import { lastName } from '../../ir/nodes.ts'
import type { DecoratorNames } from '../../profiles/model.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import { stringsOf } from './constants.ts'
import {
  classOf,
  definitionOf,
  dottedPath,
  functionEntry,
  lineageOf,
  moduleEntry,
  type ClassPlace,
} from './requests.ts'
import type { EntryArgument, EntryRequest, Setup } from '../evidence/facts.ts'
import type { Site } from '../domain/values.ts'

/** A decorator that is called (or not) above a class. */
interface Decorator {
  readonly name: string
  readonly x: Expr
  readonly module: LoadedModule
}

/** A class that the loader would take, under the name by which api.py knows it. */
interface Candidate {
  readonly name: string
  readonly cls: ClassIr
  readonly decorators: readonly Decorator[]
  /** it, or a base in the tree, sets MODULE_ID: the loader takes no other class */
  readonly identified: boolean
}

/** Entry points of the decorated class of one api.py. The loader takes the first by name that has an id, imported ones included. */
export async function decoratedClasses(
  program: Program,
  file: string,
  names: DecoratorNames,
  profile: string,
): Promise<EntryRequest[]> {
  const module = program.modules.get(file)
  if (module === undefined) return []
  const found = (await candidates(program, module, names)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const loaded = found.find((it) => it.identified)
  const out: EntryRequest[] = []
  for (const chosen of loaded === undefined ? found : [loaded])
    out.push(...(await classEntries(program, module, chosen, { names, profile })))
  return out.length === 0 ? [] : [moduleEntry(file, profile), ...out]
}

/** Whether the module has a class with one of the decorators. */
export function hasDecoratedClass(module: LoadedModule, names: DecoratorNames): boolean {
  return module.ir.body.some((s) => s.k === 'class' && ownDecorators(module, s.cls, names).length > 0)
}

async function candidates(program: Program, module: LoadedModule, names: DecoratorNames): Promise<Candidate[]> {
  const out: Candidate[] = []
  for (const s of module.ir.classes.length === 0 ? [] : module.ir.body)
    if (s.k === 'class') out.push(...(await candidate(program, { module, cls: s.cls }, s.cls.name, names)))
  if (out.length > 0 || module.ir.names.includes(names.function)) return out
  for (const name of module.ir.names) {
    if (!/^[A-Z]/.test(name)) continue
    const target = classOf(await definitionOf(program, module, name))
    if (target !== null) out.push(...(await candidate(program, target, name, names)))
  }
  return out
}

async function candidate(
  program: Program,
  place: ClassPlace,
  name: string,
  names: DecoratorNames,
): Promise<Candidate[]> {
  const lineage = await lineageOf(program, place)
  // a subclass shares the metadata of its decorated base; decorators apply from the bottom up, the base's came first
  const decorators = lineage.flatMap((c) => ownDecorators(c.module, c.cls, names))
  if (decorators.length === 0) return []
  const identified = lineage.some((c) =>
    c.cls.body.some(
      (s) =>
        (s.k === 'assign' && s.targets.some((t) => t.k === 'name' && t.id === names.identity)) ||
        (s.k === 'ann' && s.target.k === 'name' && s.target.id === names.identity && s.x !== null),
    ),
  )
  return [{ name, cls: place.cls, decorators, identified }]
}

function ownDecorators(module: LoadedModule, cls: ClassIr, names: DecoratorNames): Decorator[] {
  return cls.decorators.flatMap((x) => {
    const callee = x.k === 'call' ? x.f : x
    const written = lastName(callee)
    const path = dottedPath(callee, module)
    const name = path?.slice(path.lastIndexOf('.') + 1) ?? written
    return name !== null && names.marks.includes(name) ? [{ name, x, module }] : []
  })
}

interface Rules {
  readonly names: DecoratorNames
  readonly profile: string
}

const siteOf = (d: Decorator): Site => ({ module: d.module, p: d.x.p, e: d.x.e })

async function classEntries(
  program: Program,
  module: LoadedModule,
  chosen: Candidate,
  rules: Rules,
): Promise<EntryRequest[]> {
  const { names, profile } = rules
  const { decorators } = chosen
  const steps: { readonly name: string; readonly cause: Site }[] = []
  const unlinked: Site[] = []
  // the lower decorator runs first, so its names come first
  for (const d of decorators.toReversed()) {
    if (d.name !== names.sequence || ((await keyword(program, d, 'phase')) ?? ['phase1'])[0] !== 'phase1') continue
    const methods = await positionals(program, d)
    if (methods === null) unlinked.push(siteOf(d))
    else steps.push(...methods.map((name) => ({ name, cause: siteOf(d) })))
  }
  const service = await serviceOf(program, module, decorators, names)
  if (service === null) unlinked.push(...decorators.filter((d) => d.name === names.service).map(siteOf))
  const registered = await Promise.all(
    decorators.filter((d) => d.name === names.registration).map((d) => first(program, d, 'service_name')),
  )
  const setup: Setup = {
    service,
    names: registered.flatMap((name) => name ?? []),
    access: decorators.some((d) => d.name === names.access.decorator) ? names.access.method : null,
    steps: [...new Set(steps.map((step) => step.name))],
  }
  const method = (name: string, causes: readonly Site[], assumed: boolean): EntryRequest => ({
    ...functionEntry(module.file, `${chosen.name}.${name}`, profile, assumed ? ['context'] : []),
    receiver: 'silent',
    injects: ['app_context', 'service_instance'],
    assumed,
    causes,
    setup,
    unlinked: name === '__init__' ? unlinked : [],
  })
  const out: EntryRequest[] = [method('__init__', [], false)]
  for (const step of steps) out.push(method(step.name, [step.cause], false))
  if (service !== null)
    out.push({
      ...functionEntry(service.file, `${service.name}.__init__`, profile, service.arguments),
      receiver: 'construct',
      link: service.link,
      causes: service.causes,
      keywords: service.keywords,
    })
  if (chosen.cls.body.some((s) => s.k === 'def' && s.fn.name === 'initialize')) out.push(method('initialize', [], true))
  return out
}

async function keyword(program: Program, d: Decorator, name: string): Promise<readonly string[] | null> {
  const arg = d.x.k === 'call' ? d.x.a.find((a) => a.n === name) : undefined
  return arg === undefined ? null : stringsOf(program, d.module, arg.x)
}

async function positionals(program: Program, d: Decorator): Promise<readonly string[] | null> {
  const args = d.x.k === 'call' ? d.x.a.filter((a) => a.n === undefined) : []
  const parts = await Promise.all(args.map((a) => stringsOf(program, d.module, a.x)))
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? [])
}

/** The first argument, by position or keyword; null when it is computed or missing. */
async function first(program: Program, d: Decorator, name: string): Promise<string | null> {
  const args = d.x.k === 'call' ? d.x.a : []
  const arg = args.find((a) => a.n === name) ?? args.find((a) => a.n === undefined)
  const strings = arg === undefined ? null : await stringsOf(program, d.module, arg.x)
  return strings?.length === 1 ? (strings[0] ?? null) : null
}

/** The service class that the framework builds: `services.py` beside api.py, or the package of that name. */
async function serviceOf(
  program: Program,
  module: LoadedModule,
  decorators: readonly Decorator[],
  names: DecoratorNames,
): Promise<NonNullable<Setup['service']> | null> {
  const creation = decorators.find((d) => d.name === names.service)
  if (creation === undefined) return null
  const name = await first(program, creation, 'service_class')
  const folder = module.file.slice(0, module.file.lastIndexOf('/') + 1)
  const file = [`${folder}services/__init__.py`, `${folder}services.py`].find((path) => program.files.has(path))
  if (name === null || file === undefined) return null
  const injection = decorators.find((d) => d.name === names.injection)
  const injected = injection === undefined ? ['app_context'] : await positionals(program, injection)
  const keywords = creation.x.k === 'call' ? (creation.x.a.find((a) => a.n === 'constructor_args') ?? null) : null
  return {
    file,
    name,
    arguments: (injected ?? []).map(
      (dependency): EntryArgument => (dependency === 'app_context' ? 'context' : { service: dependency }),
    ),
    keywords: keywords === null ? null : { module: creation.module, x: keywords.x },
    link: siteOf(creation),
    causes: [creation, injection].flatMap((d) => (d === undefined ? [] : siteOf(d))),
  }
}
