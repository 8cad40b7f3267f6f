// Callables that the configuration or the catalogue says are stored for later, called at once, or called when an event is emitted.
import type { CatalogueRow } from '../../catalogue/model.ts'
import { contextObject } from '../entries/startup.ts'
import { recordNote } from '../machine/frames.ts'
import { implied, siteOf } from '../machine/sites.ts'
import { runWork, start } from '../suspended/awaiting.ts'
import { madeByCall, type LibraryCall } from '../domain/instances.ts'
import { argumentExpression } from './predicates.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import {
  NO_ARGS,
  only,
  positional,
  stringOf,
  type Atom,
  type CallArgs,
  type InstanceAtom,
  type Value,
} from '../domain/values.ts'

const matches = (symbol: string, path: string): boolean =>
  symbol.startsWith('*.') ? path.endsWith(symbol.slice(1)) || path === symbol.slice(2) : path === symbol

/** The call as a pattern of the configuration; null when none applies. */
export function patternCall(frame: Frame, call: LibraryCall): Value | null {
  const m = frame.machine
  const { options } = m
  for (const event of options.events) {
    if (matches(event.subscribe, call.path)) return store(frame, call, event.arguments)
    if (matches(event.emit, call.path)) return emit(frame, call)
  }
  for (const deferral of options.deferrals)
    if (matches(deferral.symbol, call.path)) return store(frame, call, deferral.arguments)
  for (const invoker of options.invokers) {
    if (!matches(invoker.symbol, call.path)) continue
    let out = m.domain.none
    for (const value of selected(call.args, invoker.arguments))
      out = m.ops.call(frame, value, positional(), implied(call.site, 'invoke'))
    return out
  }
  return EMITTERS.test(call.path) && call.self !== null && call.self.slots.size > 0 ? emit(frame, call) : null
}

/** Names under which systems run what was subscribed; only looked at on an object that something was subscribed to. */
const EMITTERS = /\.(?:emit|publish|dispatch|fire|trigger|notify|send|send_robust)$/

function selected(args: CallArgs, where: readonly (number | string)[]): Value[] {
  const out: Value[] = []
  for (const place of where) {
    if (place === '*') out.push(...args.pos)
    const value = typeof place === 'number' ? args.pos[place] : args.kw.get(place)
    if (value !== undefined) out.push(value)
  }
  if (out.length === 0 && args.restPos !== null) out.push(args.restPos)
  return out
}

/** Keeps callables under the first constant argument of the call, for an emitter of the same object. */
function store(frame: Frame, call: LibraryCall, where: readonly (number | string)[]): Value {
  const m = frame.machine
  checkDeferred(frame, call, where)
  const values = selected(call.args, where)
  const event = call.args.pos.map((v) => stringOf(v)).find((text) => text !== null) ?? '*'
  const kept = subscriptions(m, call)
  for (const value of values) m.ops.push(kept.holder, `${kept.prefix}${event}`, value)
  return values.length === 1 && call.args.pos.length === 1 ? (values[0] ?? m.domain.none) : m.domain.none
}

function emit(frame: Frame, call: LibraryCall): Value | null {
  const m = frame.machine
  const event = call.args.pos.map((v) => stringOf(v)).find((text) => text !== null)
  const kept = subscriptions(m, call)
  const stored = event === undefined ? allEvents(m, kept) : m.ops.slot(kept.holder, `${kept.prefix}${event}`)
  if (stored.atoms.length === 0) return null
  const rest = event === undefined ? call.args.pos : call.args.pos.slice(1)
  for (const atom of stored.atoms) {
    const value = m.ops.callAtom(
      frame,
      atom,
      { ...call.args, pos: rest },
      implied({ ...call.site, resolution: Math.max(call.site.resolution, 1) as 1 | 2 }, 'invoke'),
    )
    if (value.atoms.some((a) => a.kind === 'generator' && a.type === 'coroutine')) runWork(frame, value, call.site)
  }
  return m.domain.none
}

interface Subscriptions {
  readonly holder: InstanceAtom
  readonly prefix: string
}

/** Where callables are kept by event: on the receiver, or under its path on the context when it comes from outside of the tree. */
function subscriptions(m: Machine, { self, path }: LibraryCall): Subscriptions {
  if (self !== null) return { holder: self, prefix: 'event:' }
  return { holder: contextObject(m), prefix: `event of ${path.slice(0, path.lastIndexOf('.'))}:` }
}

function allEvents(m: Machine, { holder, prefix }: Subscriptions): Value {
  return m.domain.joinAll(
    [...holder.slots.keys()].filter((k) => k.startsWith(prefix)).map((k) => m.ops.slot(holder, k)),
  )
}

/** A registration that got something nobody can call got the result of a call: what ran, ran now. */
export function checkDeferred(frame: Frame, call: LibraryCall, where: readonly (number | string)[]): void {
  for (const value of selected(call.args, where)) {
    for (const atom of value.atoms) {
      const func = functionOf(atom)
      if (func !== null) recordNote(frame, { note: 'hook', site: call.site.site, text: call.path, function: func })
    }
    if (value.atoms.length === 0 || !value.atoms.every((a) => !isCallable(frame, a))) continue
    const isStarted = value.atoms.every((a) => a.kind === 'generator')
    // what comes out of `**options` is written nowhere in the call: then the call itself is the place
    const x = argumentExpression(call.site.expr, where) ?? (isStarted ? call.site.expr : null)
    // a value that no call made (None, a text, a list) is somebody's decision, not a call by mistake; routes may be lists
    const made = x?.k === 'call' || x?.k === 'await' || isStarted
    const isRoutes = call.path.startsWith('django.urls.') && value.atoms.every((a) => a.kind === 'container')
    if (x !== null && made && !isRoutes)
      recordNote(frame, {
        note: 'hook-called',
        site: call.site.site,
        text: call.path,
        function: null,
        argument: siteOf(frame, x),
      })
  }
}

function functionOf(atom: Atom): Extract<Atom, { kind: 'function' }> | null {
  if (atom.kind === 'function') return atom
  if (atom.kind === 'bound') return functionOf(atom.func)
  if (atom.kind === 'special' && atom.parts[0] !== undefined) {
    const inner = only(atom.parts[0])
    return inner === null ? null : functionOf(inner)
  }
  return null
}

function isCallable(frame: Frame, atom: Atom): boolean {
  if (atom.kind === 'const' || atom.kind === 'typed' || atom.kind === 'container' || atom.kind === 'module')
    return false
  if (atom.kind === 'generator') return false
  if (atom.kind === 'instance' && atom.cls !== null)
    return (
      frame.machine.ops.typeMethod(frame, atom, '__call__') !== null || atom.cls.mro.some((b) => b.kind === 'external')
    )
  return true
}

/** Invokers, forcers and deferrals of the catalogue. */
export function applyCallback(frame: Frame, row: CatalogueRow, call: LibraryCall): void {
  const m = frame.machine
  const where = row.arguments ?? []
  const plain = where.filter((w) => typeof w === 'number' || !w.startsWith('<'))
  const site: CallSite = implied(call.site, 'invoke')
  if (row.role === 'deferral') {
    if (row.event !== undefined && call.self !== null)
      for (const value of selected(call.args, plain)) m.ops.push(call.self, `kept:${row.event}`, value)
    return checkDeferred(frame, call, plain)
  }
  if (row.event !== undefined) {
    const carriers = selected(call.args, plain)
    runOwn(frame, where, carriers, call)
    return runKept(frame, row.event, carriers, call)
  }
  for (const value of [...selected(call.args, plain), ...ownMethods(frame, where, call)]) {
    const run = (inner: Frame): void => {
      if (row.role === 'forcer') forceValue(inner, value, site)
      else {
        const result = m.ops.call(inner, value, argumentsOf(inner, row, call), implied(site))
        if (row.when === 'awaited') forceValue(inner, result, site)
      }
    }
    if (row.timing === 'scheduled' || row.timing === 'thread' || row.timing === 'process' || row.timing === 'later')
      start(frame, {
        key: `row${call.site.site.p}:${value.id}`,
        loop: row.timing === 'scheduled',
        owner: null,
        holds: [value],
        run: (inner) => (run(inner), m.domain.none),
      })
    else run(frame)
  }
}

/** What an invoker gives its callables: an object of the type that the row names and what follows the callable, or nobody knows what. */
function argumentsOf(frame: Frame, row: CatalogueRow, call: LibraryCall): CallArgs {
  if (row.passes === undefined) return { ...NO_ARGS, restPos: frame.machine.domain.unknown('untyped-parameter') }
  const first = madeByCall(frame, row.passes, call)
  return { ...call.args, pos: [frame.machine.domain.of(first), ...call.args.pos.slice(1)] }
}

/** `<self.run>`: a method of the receiver. */
function ownMethods(frame: Frame, where: readonly (number | string)[], call: LibraryCall): Value[] {
  if (call.self === null) return []
  const self = frame.machine.domain.of(call.self)
  return where.flatMap((place) => {
    const name = typeof place === 'string' ? /^<self\.(\w+)>$/.exec(place)?.[1] : undefined
    return name === undefined ? [] : [frame.machine.ops.getAttribute(frame, self, name, implied(call.site, 'property'))]
  })
}

/** `<argument 0>.register`: a method that the argument's class in the tree overrides is called with the receiver. */
function runOwn(
  frame: Frame,
  where: readonly (number | string)[],
  carriers: readonly Value[],
  call: LibraryCall,
): void {
  const m = frame.machine
  const names = where.flatMap((place) =>
    typeof place === 'string' ? (/^<argument 0>\.(\w+)$/.exec(place)?.[1] ?? []) : [],
  )
  const receiver = call.self === null ? m.domain.unknown('untyped-parameter') : m.domain.of(call.self)
  for (const carrier of carriers.flatMap((value) => value.atoms))
    for (const name of names) {
      const own = carrier.kind === 'instance' && carrier.cls !== null ? m.ops.typeMethod(frame, carrier, name) : null
      const args = positional(receiver, m.domain.unknown('untyped-parameter'))
      if (own !== null) m.ops.call(frame, own, args, implied(call.site, 'invoke'))
    }
}

/** Runs what the arguments have kept for this event; an argument that is registered with a receiver of its kind hands its callables on to it. */
function runKept(frame: Frame, event: string, carriers: readonly Value[], call: LibraryCall): void {
  const m = frame.machine
  const unknown = m.domain.unknown('untyped-parameter')
  for (const carrier of carriers.flatMap((value) => value.atoms)) {
    if (carrier.kind !== 'instance') continue
    const kept = m.ops.slot(carrier, `kept:${event}`)
    if (kept.atoms.length === 0) continue
    const later = call.self !== null && call.self.ext !== null && call.self.ext === carrier.ext
    if (later) m.ops.push(call.self, `kept:${event}`, kept)
    else m.ops.call(frame, kept, positional(unknown), implied(call.site, 'invoke'))
  }
}

/** Runs coroutines and consumes iterables that a forcer was given; plain values are left alone. */
function forceValue(frame: Frame, value: Value, site: CallSite): void {
  const m = frame.machine
  for (const atom of value.atoms) {
    if (atom.kind === 'generator' && atom.type === 'coroutine') m.ops.await(frame, m.domain.of(atom), site)
    else if (atom.kind === 'generator' || (atom.kind === 'instance' && atom.pending === null))
      m.ops.iterate(frame, m.domain.of(atom), implied(site, 'iterate'), () => true)
    else if (atom.kind === 'instance') m.ops.await(frame, m.domain.of(atom), site)
  }
}
