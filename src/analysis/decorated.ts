// Decorator-style modules: the phase comes from the decorators of the module class, never from method names. Strings link to methods and to the
// service class in services.py beside it.
import type { ClassIr, Expr } from '../ir/model.ts'
import type { DecoratorNames } from '../profiles/model.ts'
import type { LoadedModule, Program } from '../program/program.ts'
import { functionEntry, moduleEntry } from './requests.ts'
import type { EntryRequest } from './facts.ts'
import type { Site } from './values.ts'

interface Decorator {
  readonly name: string
  readonly x: Expr
  readonly strings: readonly string[]
  readonly keywords: ReadonlyMap<string, string | readonly string[]>
}

/** Entry points of the decorated classes of one api.py. */
export function decoratedClasses(
  program: Program,
  file: string,
  names: DecoratorNames,
  profile: string,
): EntryRequest[] {
  const module = program.modules.get(file)
  if (module === undefined) return []
  const out: EntryRequest[] = []
  for (const s of module.ir.body) {
    if (s.k !== 'class') continue
    const decorators = s.cls.decorators.flatMap((x) => readDecorator(x))
    if (!decorators.some((d) => names.marks.includes(d.name))) continue
    out.push(moduleEntry(file, profile), ...classEntries(program, module, s.cls, decorators, { names, profile }))
  }
  return out
}

/** Whether the module has a class with one of the decorators. */
export function hasDecoratedClass(module: LoadedModule, names: DecoratorNames): boolean {
  return module.ir.body.some(
    (s) => s.k === 'class' && s.cls.decorators.some((x) => readDecorator(x).some((d) => names.marks.includes(d.name))),
  )
}

function readDecorator(x: Expr): Decorator[] {
  const callee = x.k === 'call' ? x.f : x
  const name = callee.k === 'name' ? callee.id : callee.k === 'attr' ? callee.n : null
  if (name === null) return []
  const text = (a: Expr): string[] =>
    a.k === 'const' && typeof a.v === 'string' ? [a.v] : a.k === 'list' || a.k === 'tuple' ? a.xs.flatMap(text) : []
  const args = x.k === 'call' ? x.a : []
  const keywords = new Map<string, string | readonly string[]>()
  for (const arg of args)
    if (arg.n !== undefined) keywords.set(arg.n, text(arg.x).length === 1 ? (text(arg.x)[0] ?? '') : text(arg.x))
  return [{ name, x, strings: args.filter((a) => a.n === undefined).flatMap((a) => text(a.x)), keywords }]
}

interface Rules {
  readonly names: DecoratorNames
  readonly profile: string
}

function classEntries(
  program: Program,
  module: LoadedModule,
  cls: ClassIr,
  decorators: readonly Decorator[],
  rules: Rules,
): EntryRequest[] {
  const { names, profile } = rules
  const site = (x: Expr): Site => ({ module, p: x.p, e: x.e })
  const method = (name: string, causes: readonly Site[], assumed: boolean): EntryRequest => ({
    ...functionEntry(module.file, `${cls.name}.${name}`, profile, assumed ? ['context'] : []),
    receiver: 'silent',
    injects: ['app_context', 'service_instance'],
    assumed,
    causes,
  })
  const out: EntryRequest[] = [method('__init__', [], false)]
  for (const d of decorators) {
    if (d.name === names.sequence && (d.keywords.get('phase') ?? 'phase1') === 'phase1')
      out.push(...d.strings.map((name) => method(name, [site(d.x)], false)))
    if (d.name !== names.service) continue
    const service = d.keywords.get('service_class') ?? d.strings[0]
    const file = `${module.file.slice(0, module.file.lastIndexOf('/') + 1)}services.py`
    if (typeof service !== 'string' || service === '' || !program.files.has(file)) continue
    const injection = decorators.find((other) => other.name === names.injection)
    const args =
      injection === undefined
        ? (['context'] as const)
        : injection.strings.map((name) => (name === 'app_context' ? ('context' as const) : ('unknown' as const)))
    out.push({
      ...functionEntry(file, `${service}.__init__`, profile, args),
      receiver: 'construct',
      link: site(d.x),
      causes: [site(d.x)],
    })
  }
  if (cls.body.some((s) => s.k === 'def' && s.fn.name === 'initialize')) out.push(method('initialize', [], true))
  return out
}
