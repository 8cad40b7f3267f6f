// The value that the framework calls for an entry point: a module attribute, a constructor, or a method of an object that it builds.
// The object gets what the framework injects, before the method is called.
import type { CallSite, Frame } from '../machine/machine.ts'
import { argumentValue, contextValue, keywordValues, prepared, rootFrame } from './startup.ts'
import { NO_ARGS, only, type Atom, type CallArgs, type FunctionAtom, type Site, type Value } from '../domain/values.ts'
import type { EntryRequest } from '../evidence/facts.ts'

interface Target {
  readonly callee: Value
  readonly definition: Site | null
}

/** What is certainly no function: `initialize = None`. */
const NOT_CALLED: ReadonlySet<string> = new Set(['const', 'typed', 'container', 'module'])

/** The value that the framework calls: a module attribute, or a method of an object that it builds. */
export function resolveEntry(frame: Frame, request: EntryRequest, at: CallSite): Target | null {
  const m = frame.machine
  const [first, ...rest] = (request.qualname ?? '').split('.')
  const cell = frame.module.fields.get(first ?? '')
  if (cell === undefined || m.store.read(cell) === m.domain.unbound) return null
  let value = m.domain.withoutUnbound(m.store.read(cell))
  const method = rest[0]
  if (method === undefined)
    return value.atoms.every((a) => NOT_CALLED.has(a.kind)) ? null : { callee: value, definition: definitionOf(value) }
  const cls = only(value)
  if (cls?.kind !== 'class') return null
  // a static method or a class method, called on the class
  if (request.receiver === null) {
    const callee = m.ops.getAttribute(frame, value, method, at)
    return { callee, definition: definitionOf(callee) }
  }
  if (method === '__init__')
    return { callee: value, definition: definitionOf(m.ops.getAttribute(frame, value, method, at)) ?? cls.site }
  // work of the constructor belongs to this entry point, unless the constructor is one itself
  const building = request.receiver === 'silent' ? rootFrame(m, frame.module) : frame
  const made = m.ops.instantiate(building, cls, NO_ARGS, at)
  const object = only(made) ?? m.ops.newInstance(frame, cls, at)
  if (request.receiver === 'silent') m.stopped = false
  if (object.kind === 'instance') prepared(frame, request, object, at)
  value = m.ops.getAttribute(frame, m.domain.of(object), method, at)
  return value.atoms.every((a) => a.kind === 'unknown') ? null : { callee: value, definition: definitionOf(value) }
}

/** The arguments that the framework gives: the context where the configuration names its parameter, otherwise by position. */
export function entryArguments(frame: Frame, request: EntryRequest, callee: Value, at: CallSite): CallArgs {
  const unknown = frame.machine.domain.unknown('untyped-parameter')
  const params = functionBehind(only(callee))?.fn.params ?? []
  const named = params.filter((p) => p.kind === 'a' || p.kind === 'a/').slice(only(callee)?.kind === 'bound' ? 1 : 0)
  const index = request.context === null ? -1 : params.findIndex((p) => p.n === request.context)
  if (index < 0)
    return {
      ...NO_ARGS,
      pos: request.arguments.map((argument) => argumentValue(frame, argument, at)),
      // what else the framework gives is not known
      restPos: named.length > request.arguments.length ? unknown : null,
      kw: keywordValues(frame, request.keywords),
    }
  const kw = new Map([[request.context ?? '', contextValue(frame.machine)]])
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
  const [func] = value.atoms.flatMap((atom) => functionBehind(atom) ?? [])
  return func === undefined ? null : { module: func.env.module.info, p: func.fn.np, e: func.fn.ne }
}
