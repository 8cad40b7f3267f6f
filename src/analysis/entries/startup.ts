// What the framework does around an entry point: it builds the module object and its service, registers the service under its names, and runs the
// earlier steps. Services that another module registers are made the same way, by running that module's own start first. Work done here belongs
// to those entry points: it is not reported again.
import { instanceDraft } from '../domain/instances.ts'
import { newFrame, newSummary } from '../machine/frames.ts'
import { implied, unwritten } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { moduleAtom, moduleEnv, runModule } from '../language/bodies.ts'
import {
  ASSUMED,
  NO_ARGS,
  only,
  type CallArgs,
  type InstanceAtom,
  type ModuleAtom,
  type Value,
} from '../domain/values.ts'
import type { EntryArgument, EntryRequest, Written } from '../evidence/facts.ts'
import { targetOf } from './requests.ts'

export function rootFrame(m: Machine, module: ModuleAtom): Frame {
  const site = { module: module.info, p: 0, e: 0 }
  return newFrame(m, {
    env: moduleEnv(m, module),
    function: null,
    name: '',
    context: m.rootContext,
    summary: newSummary(m, '', module.info, site),
  })
}

export function contextValue(m: Machine): Value {
  return m.domain.of(contextObject(m))
}

/** The application context: one object per entry point. */
export function contextObject(m: Machine): InstanceAtom {
  const type = m.options.contextType
  const key = `context:${type}`
  const known = m.rootContext.allocations.get(key)
  if (known?.kind === 'instance') return known
  const atom = m.domain.make(instanceDraft({ cls: null, ext: type, site: null }))
  m.rootContext.allocations.set(key, atom)
  return atom
}

export function argumentValue(frame: Frame, argument: EntryArgument, at: CallSite): Value {
  const m = frame.machine
  if (argument === 'context') return contextValue(m)
  if (argument === 'unknown') return m.domain.unknown('untyped-parameter')
  const get = m.ops.getAttribute(frame, contextValue(m), 'get_service', at)
  return m.ops.call(frame, get, { ...NO_ARGS, pos: [m.domain.constant('str', argument.service)] }, at)
}

/** Keyword arguments that the source spells out as a dictionary; its module has been imported before. */
export function keywordValues(frame: Frame, written: Written | null): CallArgs['kw'] {
  const m = frame.machine
  const module = written === null ? null : moduleAtom(m, written.module.file)
  if (written === null || module === null) return NO_ARGS.kw
  const aside = rootFrame(m, module)
  runModule(aside, module.info.file, { module: module.info, p: 0, e: 0 })
  const { known } = m.ops.entries(frame, m.ops.evaluate(aside, written.x))
  m.stopped = false
  return known
}

/** Builds the module object as the framework has it when it calls `method`: with its service, and after the steps before that one. */
export function prepared(frame: Frame, request: EntryRequest, object: InstanceAtom, at: CallSite): void {
  const m = frame.machine
  const aside = rootFrame(m, frame.module)
  for (const name of request.injects)
    m.ops.setField(object, name, name === 'app_context' ? contextValue(m) : m.domain.unknown('untyped-parameter'))
  grantAccess(aside, request, object, at)
  const service = serviceValue(aside, request, at)
  if (service !== null) {
    m.ops.setField(object, 'service_instance', service)
    register(m, request.setup?.names ?? [], service)
  }
  const method = request.qualname?.split('.')[1]
  for (const step of request.setup?.steps ?? []) {
    if (step === method) break
    run(aside, m.ops.getAttribute(aside, m.domain.of(object), step, at), NO_ARGS, at)
  }
}

/** The method that `@require_services` adds: it asks the context. A decorator that stands in the tree has added it to the class by itself. */
function grantAccess(aside: Frame, request: EntryRequest, object: InstanceAtom, at: CallSite): void {
  const name = request.setup?.access ?? null
  if (name === null || object.cls?.fields.has(name) === true) return
  const { ops } = aside.machine
  ops.setField(object, name, ops.getAttribute(aside, contextValue(aside.machine), 'get_service', at))
}

function serviceValue(aside: Frame, request: EntryRequest, at: CallSite): Value | null {
  const m = aside.machine
  const service = request.setup?.service ?? null
  if (service === null) return null
  runModule(aside, service.file, at.site)
  m.stopped = false
  const module = moduleAtom(m, service.file)
  const cell = module?.fields.get(service.name)
  if (module === null || cell === undefined) return null
  const cls = m.domain.withoutUnbound(m.store.read(cell))
  const args: CallArgs = {
    ...NO_ARGS,
    pos: service.arguments.map((argument) => argumentValue(aside, argument, at)),
    kw: keywordValues(aside, service.keywords),
  }
  const made = run(aside, cls, args, at)
  // a constructor that raises leaves no service: its methods are looked at all the same
  return made.atoms.length === 0 ? null : made
}

function register(m: Machine, names: readonly string[], service: Value): void {
  for (const name of names) m.ops.setSlot(contextObject(m), `service:${name}`, service)
}

/** Calls something the way the framework does, and awaits what it gives. Nothing of it is recorded for the running entry point. */
function run(aside: Frame, callee: Value, args: CallArgs, at: CallSite): Value {
  const m = aside.machine
  if (callee.atoms.length === 0) return m.domain.bottom
  const value = m.ops.call(aside, callee, args, at)
  const running = m.loopRunning
  if (value.atoms.some((a) => a.kind === 'generator' && a.type === 'coroutine')) {
    m.loopRunning = true
    m.ops.await(aside, value, implied(at, 'await'))
    m.loopRunning = running
  }
  m.stopped = false
  return value
}

/**
 * The service that other modules of the tree register under a name, or nothing (the module may come later, so `None` is possible as well).
 * Null when nobody registers it.
 */
export function providedService(m: Machine, key: string): Value | null {
  const context = contextObject(m)
  m.asked.add(key)
  const providers = m.options.providers.get(key) ?? []
  if (providers.length === 0) return null
  const slot = `service:${key}`
  let out = m.domain.bottom
  for (const provider of providers) {
    if (m.providing.has(provider.id)) continue
    m.providing.add(provider.id)
    const before = new Map([...context.slots].map(([name, cell]) => [name, m.store.read(cell)]))
    const detached = m.detached
    start(m, provider)
    m.detached = detached
    out = m.domain.join(out, assumed(m, m.ops.slot(context, slot)))
    // what was registered on the way is as sure as the order in which modules start
    for (const [name, cell] of context.slots)
      if (name.startsWith('service:') && before.get(name) !== m.store.read(cell))
        m.ops.setSlot(context, name, m.domain.join(before.get(name) ?? m.domain.bottom, assumed(m, m.store.read(cell))))
    m.providing.delete(provider.id)
  }
  if (out.atoms.length === 0) return null
  const value = m.domain.join(out, m.domain.none)
  m.ops.setSlot(context, slot, value)
  return value
}

/** The service that the configuration gives a class for, built as services usually are: with the context first. Null when no file has the class. */
export function builtService(m: Machine, path: string): Value | null {
  const target = targetOf(m.program, '', path)
  const module = target === null ? null : moduleAtom(m, target.file)
  if (target === null || module === null) return null
  const aside = rootFrame(m, module)
  const at = unwritten({ module: module.info, p: 0, e: 0 }, 'call', ASSUMED)
  const { detached } = m
  runModule(aside, module.info.file, at.site)
  m.stopped = false
  const cell = module.fields.get(target.name)
  const cls = cell === undefined ? null : only(m.store.read(cell))
  const args = { ...NO_ARGS, pos: [contextValue(m)], restPos: m.domain.unknown('untyped-parameter') }
  const made = cls?.kind === 'class' ? run(aside, m.domain.of(cls), args, at) : m.domain.bottom
  m.detached = detached
  return made.atoms.length === 0 ? null : assumed(m, made)
}

/** Runs another module's start, as far as the registration of its services needs it. */
function start(m: Machine, provider: EntryRequest): void {
  const module = moduleAtom(m, provider.file)
  if (module === null) return
  const aside = rootFrame(m, module)
  const at = unwritten({ module: module.info, p: 0, e: 0 }, 'call', ASSUMED)
  runModule(aside, provider.file, at.site)
  m.stopped = false
  const [first = '', method] = (provider.qualname ?? '').split('.')
  const cell = module.fields.get(first)
  if (cell === undefined) return
  const value = m.domain.withoutUnbound(m.store.read(cell))
  if (method === undefined) {
    run(aside, value, { ...NO_ARGS, pos: [contextValue(m)] }, at)
    return
  }
  const cls = only(value)
  const object = cls?.kind === 'class' ? only(m.ops.instantiate(aside, cls, NO_ARGS, at)) : null
  m.stopped = false
  if (object?.kind === 'instance') prepared(aside, provider, object, at)
}

/** The same objects, reached by an assumption. */
function assumed(m: Machine, value: Value): Value {
  return m.domain.joinAll(
    value.atoms.flatMap((atom) => {
      if (atom.kind === 'unbound' || (atom.kind === 'const' && atom.type === 'none')) return []
      if (atom.kind === 'instance' && atom.resolution === 0)
        return [m.domain.of(m.domain.intern(`assumed:${atom.id}`, () => ({ ...atom, resolution: ASSUMED })))]
      if (atom.kind === 'function' || atom.kind === 'bound') return [m.domain.special('assumed', [m.domain.of(atom)])]
      return [m.domain.of(atom)]
    }),
  )
}
