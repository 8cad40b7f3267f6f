// The value that the framework calls for an entry point: a module attribute, a constructor, or a method of an object that it builds.
// The object gets what the framework injects, before the method is called.
import { newFrame, newSummary } from './frames.ts'
import type { CallSite, Frame, Machine } from './machine.ts'
import { moduleEnv } from './modules.ts'
import {
  NO_ARGS,
  RESOLVED,
  only,
  type Atom,
  type CallArgs,
  type FunctionAtom,
  type ModuleAtom,
  type Site,
  type Value,
} from './values.ts'
import type { EntryRequest } from './facts.ts'

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

/** The application context: one object per entry point. */
export function contextValue(m: Machine, frame: Frame): Value {
  const type = m.options.contextType
  const key = `context:${type}`
  let atom: Atom | undefined = frame.context.allocations.get(key)
  if (atom === undefined) {
    atom = m.domain.make({
      kind: 'instance',
      cls: null,
      ext: type,
      resolution: RESOLVED,
      fields: new Map(),
      site: null,
      multiple: false,
      pending: null,
      slots: new Map(),
    })
    frame.context.allocations.set(key, atom)
  }
  return m.domain.of(atom)
}

interface Target {
  readonly callee: Value
  readonly definition: Site | null
}

/** The value that the framework calls: a module attribute, or a method of an object that it builds. */
export function resolveEntry(m: Machine, frame: Frame, request: EntryRequest, at: CallSite): Target | null {
  const [first, ...rest] = (request.qualname ?? '').split('.')
  const cell = frame.module.fields.get(first ?? '')
  if (cell === undefined || m.store.read(cell) === m.domain.unbound) return null
  let value = m.domain.filter(m.store.read(cell), (a) => a.kind !== 'unbound')
  const method = rest[0]
  if (method === undefined) return { callee: value, definition: definitionOf(value) }
  const cls = only(value)
  if (cls?.kind !== 'class') return null
  if (method === '__init__')
    return { callee: value, definition: definitionOf(m.ops.getAttribute(frame, value, method, at, null)) ?? cls.site }
  // work of the constructor belongs to this entry point, unless the constructor is one itself
  const building = request.receiver === 'silent' ? { ...rootFrame(m, frame.module), context: frame.context } : frame
  const made = m.ops.instantiate(building, cls, NO_ARGS, at)
  const object = only(made) ?? m.ops.newInstance(frame, cls, at)
  for (const name of request.injects)
    if (object.kind === 'instance')
      m.ops.setField(
        object,
        name,
        name === 'app_context' ? contextValue(m, frame) : m.domain.unknown('untyped-parameter'),
      )
  value = m.ops.getAttribute(frame, m.domain.of(object), method, at, null)
  return value.atoms.every((a) => a.kind === 'unknown') ? null : { callee: value, definition: definitionOf(value) }
}

/** The arguments that the framework gives: the context where the configuration names its parameter, otherwise by position. */
export function entryArguments(m: Machine, frame: Frame, request: EntryRequest, callee: Value): CallArgs {
  const unknown = m.domain.unknown('untyped-parameter')
  const params = functionBehind(only(callee))?.fn.params ?? []
  const index = request.context === null ? -1 : params.findIndex((p) => p.n === request.context)
  if (index < 0)
    return { ...NO_ARGS, pos: request.arguments.map((kind) => (kind === 'context' ? contextValue(m, frame) : unknown)) }
  const kw = new Map([[request.context ?? '', contextValue(m, frame)]])
  return { pos: [], kw, restPos: params.length > 1 ? unknown : null, restKw: null }
}

function functionBehind(atom: Atom | null): FunctionAtom | null {
  if (atom === null) return null
  if (atom.kind === 'function') return atom
  if (atom.kind === 'bound') return functionBehind(atom.func)
  if (atom.kind === 'special' && atom.parts[0] !== undefined) return functionBehind(only(atom.parts[0]))
  return null
}

function definitionOf(value: Value): Site | null {
  const func = functionBehind(value.atoms[0] ?? null)
  return func === null ? null : { module: func.env.module.info, p: func.fn.np, e: func.fn.ne }
}
