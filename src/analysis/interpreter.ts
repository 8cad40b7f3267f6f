// Ties the rooms of the machine together: the operations record, and a fresh machine for one program.
import type { Catalogue } from '../catalogue/lookup.ts'
import { lowerSource } from '../ir/lower.ts'
import type { Expr, ModuleIr, Stmt } from '../ir/model.ts'
import type { Program } from '../program/program.ts'
import { annotationValue, staticType } from './annotations.ts'
import { deleteAttribute, getAttribute, setAttribute, setField, typeMethod } from './attributes.ts'
import { awaitValue, suspend } from './awaiting.ts'
import { builtinNames, callNative, nativeAttribute, objectMember } from './builtins.ts'
import { call, callAtom } from './calls.ts'
import { defineClass, instantiate, linearise, newInstance } from './classes.ts'
import { append, concatenate, keyValue, newContainer, setKey } from './containers.ts'
import { catches, raise } from './exceptions.ts'
import { evaluate } from './expressions.ts'
import {
  awaitExternal,
  callExternal,
  callInstance,
  constructBase,
  enterExternal,
  evaluateExternal,
  externalAttribute,
  externalItem,
  externalMember,
  iterateExternal,
  setExternalItem,
  startExternal,
} from './externals.ts'
import { allocate, fork, newEnv, newFrame } from './frames.ts'
import { define, makeFunction } from './functions.ts'
import { generatorResult, runGenerator, suspended } from './generators.ts'
import { iterate, newList, nextElement, spread, startIteration } from './iteration.ts'
import type { AnalysisOptions, CallSite, Frame, Machine } from './machine.ts'
import type { Operations } from './operations.ts'
import { importByName, importStatement, moduleAtom, moduleEnv } from './modules.ts'
import { isInstanceOf } from './narrowing.ts'
import { bind } from './names.ts'
import type { NativeCall } from './natives/native.ts'
import { generatedInit, rawMember } from './natives/objects.ts'
import { applyCallback } from './patterncalls.ts'
import {
  contains,
  decide,
  deleteItem,
  entries,
  extend,
  finalise,
  format,
  getItem,
  hash,
  setItem,
  truth,
} from './protocols.ts'
import {
  accessSpecial,
  awaitSpecial,
  callSpecial,
  enter,
  exit,
  push,
  setSlot,
  slot,
  specialAttribute,
  specialItem,
  unwind,
} from './specials.ts'
import { assign, execute } from './statements.ts'
import { Store } from './state.ts'
import { compare } from './operators.ts'
import { Domain } from './domain.ts'
import {
  only,
  RESOLVED,
  stringOf,
  type Atom,
  type CallArgs,
  type ClassAtom,
  type Context,
  type Value,
} from './values.ts'
import { enterContext } from './with.ts'

/** Most calls analysed and expressions evaluated per entry point; more is reported as incomplete (budget). */
export const MAX_CALLS = 20_000
export const MAX_OPERATIONS = 1_000_000

export function createMachine(program: Program, catalogue: Catalogue, options: AnalysisOptions): Machine {
  const domain = new Domain()
  const store = new Store(domain)
  const rootContext: Context = { id: 0, parent: null, children: new Map(), allocations: new Map(), depth: 0 }
  const m: Machine = {
    domain,
    store,
    program,
    catalogue,
    options,
    rootContext,
    modules: new Map(),
    wanted: new Set(),
    moduleEnvs: new Map(),
    storedAttributes: new Set(),
    budget: { calls: MAX_CALLS, operations: 0, exhausted: null },
    memo: new Map(),
    moduleMemo: new Map(),
    active: new Map(),
    contexts: new Map(),
    merged: new Map(),
    heat: new Map(),
    builtins: new Map(),
    cached: new Map(),
    registries: new Map(),
    running: [],
    detached: [],
    detaching: false,
    loopRunning: false,
    depth: 0,
    turns: 0,
    loopDepth: 0,
    phaseStart: 0,
    nextEnv: 1,
    nextContext: 1,
    ops: {} as Operations,
  }
  Object.assign(m.ops, operations(m))
  domain.onFold = (kept, folded) => {
    kept.multiple = true
    for (const [name, cell] of folded.fields) {
      let target = kept.fields.get(name)
      if (target === undefined) {
        target = store.cell(domain.unbound, 0)
        kept.fields.set(name, target)
      }
      if (cell.value !== domain.unbound) store.weaken(target, cell.value)
    }
  }
  for (const [name, value] of builtinNames(m)) m.builtins.set(name, value)
  return m
}

function operations(m: Machine): Operations {
  return {
    evaluate: (f, x) => evaluate(m, f, x),
    execute: (f, body) => execute(m, f, body),
    call: (f, callee, args, at, x) => call(m, f, callee, args, at, x),
    callAtom: (f, callee, args, at, x) => callAtom(m, f, callee, args, at, x),
    getAttribute: (f, o, name, at, x) => getAttribute(m, f, o, name, at, x),
    setAttribute: (f, o, name, value, at) => setAttribute(m, f, o, name, value, at),
    deleteAttribute: (f, o, name, at) => deleteAttribute(m, f, o, name, at),
    setField: (o, name, value) => setField(m, o, name, value),
    typeMethod: (f, o, name) => typeMethod(m, f, o, name),
    truth: (f, value, at) => truth(m, f, value, at),
    decide: (f, x, value) => decide(m, f, x, value),
    iterate: (f, iterable, at, on) => iterate(m, f, iterable, at, on),
    startIteration: (f, iterable, at) => startIteration(m, f, iterable, at),
    spread: (f, iterable, at) => spread(m, f, iterable, at),
    next: (f, iterator, at) => nextElement(m, f, iterator, at).value,
    entries: (f, value) => entries(m, f, value),
    await: (f, value, at) => awaitValue(m, f, value, at),
    suspend: (f) => suspend(m, f),
    importModule: (f, name, anchor, site) => importByName(m, f, name, anchor, site),
    importStatement: (f, s) => importStatement(m, f, s),
    assign: (f, target, value) => assign(m, f, target, value),
    annotate: (f, value, annotation) => annotated(m, f, value, annotation),
    raise: (f, error) => raise(m, f, error),
    catches: (_f, error, classes) => catches(m, error, m.domain.joinAll(classes)),
    fork: (f, alternatives, undecided) => fork(m, f, alternatives, undecided),
    maybe: (f, _site, run) => maybe(m, f, run),
    define: (f, fn) => define(m, f, fn),
    decorate: (f, decorator, value, at) => decorate(m, f, decorator, value, at),
    defineClass: (f, cls) => defineClass(m, f, cls),
    dynamicClass: (f, args, at) => dynamicClass(m, f, args, at),
    makeFunction: (f, fn) => makeFunction(m, f, fn),
    moduleEnv: (module) => moduleEnv(m, module),
    classOf: (atom) => classOf(atom),
    classByPath: (path) => classByPath(m, path),
    instantiate: (f, cls, args, at) => instantiate(m, f, cls, args, at),
    newInstance: (f, cls, at) => newInstance(m, f, cls, `n${at.site.module.file}:${at.site.p}:${cls.id}`, at.site),
    constructBase: (f, o, path, args, at) => constructBase(m, f, o, path, args, at),
    generatedInit: (f, o, cls, args, at) => generatedInit(m, f, o, cls, args, at),
    objectMember: (self, name) => objectMember(m, self, name),
    isInstance: (atom, type) => isInstanceOf(m, atom, [type]),
    flatten: (value) => flatten(m, value),
    staticType: (env, x) => staticType(m, env, x),
    callNative: (f, native, args, at, x) => callNative(m, f, native, args, at, x),
    nativeAttribute: (f, native, name, at) => nativeAttribute(m, f, native, name, at),
    callSpecial: (f, atom, args, at) => callSpecial(m, f, atom, args, at),
    accessSpecial: (f, atom, self, cls, at) => accessSpecial(m, f, atom, self, cls, at),
    specialAttribute: (f, atom, name, at) => specialAttribute(m, f, atom, name, at),
    specialItem: (f, atom, key, at) => specialItem(m, f, atom, key, at),
    awaitSpecial: (f, atom, at) => awaitSpecial(m, f, atom, at),
    enter: (f, atom, at, async) => enter(m, f, atom, at, async),
    exit: (f, atom, at, async) => exit(m, f, atom, at, async),
    enterContext: (f, manager, at, async, body) => enterContext(m, f, manager, at, async, body),
    unwind: (f, stacks, at) => unwind(m, f, stacks, at),
    callExternal: (f, atom, args, at, x, self) => callExternal(m, f, atom, args, at, x, self ?? null),
    callInstance: (f, atom, args, at, x) => callInstance(m, f, atom, args, at, x),
    externalAttribute: (f, atom, name, at, x) => externalAttribute(m, f, atom, name, at, x),
    externalMember: (f, path, self, name, at, x) => externalMember(m, f, path, self, name, at, x),
    awaitExternal: (f, atom, at) => awaitExternal(m, f, atom, at),
    enterExternal: (f, atom, at) => enterExternal(m, f, atom, at),
    iterateExternal: (f, atom, at, on) => iterateExternal(m, f, atom, at, on),
    startExternal: (f, atom, at) => startExternal(m, f, atom, at),
    evaluateExternal: (f, atom, names, at) => evaluateExternal(m, f, atom, names, at),
    externalItem: (f, atom, key, at) => externalItem(m, f, atom, key, at),
    setExternalItem: (_f, atom, key, value) => setExternalItem(m, atom, key, value),
    applyCallback: (f, row, libraryCall) => applyCallback(m, f, row, libraryCall),
    runGenerator: (f, generator, at, onYield) => runGenerator(m, f, generator, at, onYield),
    generatorResult: (f, generator) => generatorResult(m, f, generator),
    suspended: (f, func, args, type, at) => suspended(m, f, func, args, type, at),
    getItem: (f, o, key, at) => getItem(m, f, o, key, at),
    setItem: (f, o, key, value, at) => setItem(m, f, o, key, value, at),
    deleteItem: (f, o, key, at) => deleteItem(m, f, o, key, at),
    contains: (f, needle, haystack, at, negated) => contains(m, f, needle, haystack, at, negated),
    equal: (f, a, b, at) => equality(m, f, a, b, at),
    format: (f, value, conversion, at) => format(m, f, value, conversion, at),
    hash: (f, value, at) => hash(m, f, value, at),
    extend: (f, atom, value, at) => extend(m, f, atom, value, at),
    concatenate: (f, left, right, at) => concatenate(m, f, left, right, at),
    finalise: (f, value, at) => finalise(m, f, value, at),
    newCollection: (f, type, node) => newContainer(m, f, type, node),
    collect: (atom, value, key) => (key === null ? append(m, atom, value) : setKey(m, atom, key, value)),
    newList: (f, node, list, any, type) => newList(m, f, node, list, any, type),
    keyValue: (key) => keyValue(m, key),
    slot: (o, name) => slot(m, o, name),
    setSlot: (o, name, value) => setSlot(m, o, name, value),
    push: (o, name, value) => push(m, o, name, value),
    modelled: (f, type, native) => modelled(m, f, type, native),
    plainObject: (f, at) => m.domain.of(library(m, f, 'builtins.object', at)),
    namespace: (f, native) => namespaceObject(m, f, native),
    namespaceItem: (f, native, key) => namespaceItem(m, f, native.self, key),
    setNamespaceItem: (f, native, key, value, at) => {
      const name = stringOf(key)
      if (name !== null && native.self !== null) m.ops.setAttribute(f, native.self, name, value, at)
    },
    executeText: (f, text, expression, native) => executeText(m, f, text, expression, native),
  }
}

function annotated(m: Machine, frame: Frame, value: Value, annotation: Expr): Value {
  const open = value.atoms.some(
    (a) => a.kind === 'unknown' && (a.reason === 'untyped-parameter' || a.reason === 'attribute'),
  )
  return open ? (annotationValue(m, frame.env, annotation) ?? value) : value
}

function maybe(m: Machine, frame: Frame, run: () => void): void {
  fork(m, frame, [() => (run(), true), () => true], true)
}

/** Applies a decorator. What an unknown library does to the function is assumed to be: the same callable comes back. */
function decorate(m: Machine, frame: Frame, decorator: Value, value: Value, at: CallSite): Value {
  const unknown = decorator.atoms.every(
    (a) =>
      a.kind === 'external' ||
      a.kind === 'unknown' ||
      (a.kind === 'instance' && a.cls === null) ||
      (a.kind === 'bound' && a.func.kind === 'external'),
  )
  const result = m.ops.call(frame, decorator, { pos: [value], kw: new Map(), restPos: null, restKw: null }, at, null)
  if (!unknown) return result
  const modelledResult =
    result.atoms.length > 0 &&
    result.atoms.every(
      (a) =>
        a.kind !== 'external' &&
        a.kind !== 'unknown' &&
        !(a.kind === 'instance' && a.cls === null) &&
        !(a.kind === 'const' && a.type === 'none'),
    )
  if (modelledResult) return result
  return value.atoms.every((a) => a.kind === 'class') ? value : m.domain.special('assumed', [value])
}

function classOf(atom: Atom): ClassAtom | null {
  return atom.kind === 'instance' ? atom.cls : null
}

/** The class of the tree at a dotted path, when its module is loaded: library types that the tree itself defines are followed, not looked up. */
function classByPath(m: Machine, path: string): ClassAtom | null {
  const cut = path.lastIndexOf('.')
  if (cut < 0) return null
  const file = m.program.resolve('', path.slice(0, cut), 0)
  if (file.kind !== 'file') return null
  const module = moduleAtom(m, file.file)
  const cell = module?.fields.get(path.slice(cut + 1))
  const atom = cell === undefined ? null : only(cell.value)
  return atom?.kind === 'class' ? atom : null
}

function flatten(m: Machine, value: Value): readonly Atom[] {
  return value.atoms.flatMap((atom) => {
    if (atom.kind !== 'container') return [atom]
    return [...atom.known.values()].flatMap((cell) => flatten(m, m.store.read(cell)))
  })
}

function equality(m: Machine, frame: Frame, a: Value, b: Value, at: CallSite): boolean | null {
  const result = only(compare(m, frame, '==', a, b, at))
  return result?.kind === 'const' && typeof result.value === 'boolean' ? result.value : null
}

function library(m: Machine, frame: Frame, type: string, at: CallSite): Extract<Atom, { kind: 'instance' }> {
  return allocate(frame, `obj${at.site.module.file}:${at.site.p}:${type}`, () =>
    m.domain.make({
      kind: 'instance',
      cls: null,
      ext: type,
      resolution: RESOLVED,
      fields: new Map(),
      site: at.site,
      multiple: false,
      pending: null,
      slots: new Map(),
    }),
  )
}

function modelled(m: Machine, frame: Frame, type: string, native: NativeCall): Value {
  return m.domain.of(library(m, frame, type, native.site))
}

function namespaceObject(m: Machine, frame: Frame, native: NativeCall): Value {
  const object = library(m, frame, 'types.SimpleNamespace', native.site)
  for (const [name, value] of native.args.kw) setField(m, object, name, value)
  return m.domain.of(object)
}

function namespaceItem(m: Machine, frame: Frame, owner: Value | null, key: Value): Value {
  const name = stringOf(key)
  const atom = owner === null ? null : only(owner)
  if (name === null || atom === null) return m.domain.unknown('dynamic-getattr', true)
  return rawMember(m, frame, atom, name) ?? m.builtins.get(name) ?? m.domain.unknown('attribute')
}

/** `type(name, bases, namespace)`. */
function dynamicClass(m: Machine, frame: Frame, args: CallArgs, at: CallSite): Value {
  const bases = flatten(m, args.pos[1] ?? m.domain.bottom).filter(
    (b) => b.kind === 'class' || b.kind === 'external' || b.kind === 'native',
  )
  const name = stringOf(args.pos[0] ?? m.domain.bottom) ?? 'type'
  const made = allocate(frame, `type${at.site.p}:${bases.map((b) => b.id).join(',')}`, () => {
    const mro: Atom[] = []
    const cls = {
      name,
      qualname: name,
      p: at.site.p,
      e: at.site.e,
      np: at.site.p,
      ne: at.site.e,
      bases: [],
      decorators: [],
      body: [],
      locals: [],
      globals: [],
      nonlocals: [],
    }
    const env = newEnv(m, { kind: 'class', parent: null, module: frame.module, names: [] })
    const atom = m.domain.make({
      kind: 'class',
      cls,
      env,
      site: at.site,
      bases,
      mro,
      metaclass: null,
      fields: new Map(),
      traits: new Set<string>(),
    })
    mro.push(atom, ...linearise(bases))
    return atom
  })
  for (const [key, value] of m.ops.entries(frame, args.pos[2] ?? m.domain.bottom).known)
    m.ops.setAttribute(frame, m.domain.of(made), key, value, at)
  return m.domain.of(made)
}

/** `exec("…")`, `eval("…")`: literal code runs here; everything it does stands on the line of the call. */
function executeText(m: Machine, frame: Frame, text: string, expression: boolean, native: NativeCall): Value {
  const ir = relocate(lowerSource(expression ? text.trim() : text), native.site.site.p, native.site.site.e)
  const namespace = only(native.args.pos[1] ?? native.args.kw.get('globals') ?? m.domain.bottom)
  const env =
    namespace?.kind === 'container'
      ? newEnv(m, { kind: 'function', parent: null, module: frame.module, names: ir.names })
      : frame.env
  if (namespace?.kind === 'container')
    for (const [key, value] of m.ops.entries(frame, m.domain.of(namespace)).known) bind(m, env, key, value)
  const inner: Frame = newFrame(m, {
    env,
    function: frame.function,
    name: frame.name,
    context: frame.context,
    summary: frame.summary,
  })
  inner.may = frame.may
  inner.guards = frame.guards
  const first = ir.body[0]
  if (expression && ir.body.length === 1 && first?.k === 'expr') return m.ops.evaluate(inner, first.x)
  m.ops.execute(inner, ir.body)
  if (namespace?.kind === 'container')
    for (const [name, cell] of env.vars)
      if (cell.value !== m.domain.unbound) setKey(m, namespace, m.domain.constant('str', name), m.store.read(cell))
  return m.domain.none
}

/** The same code with every position moved to one place. */
function relocate(ir: ModuleIr, p: number, e: number): ModuleIr {
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move)
    if (value === null || typeof value !== 'object') return value
    const out: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value))
      out[key] = key === 'p' || key === 'np' ? p : key === 'e' || key === 'ne' ? e : move(item)
    return out
  }
  return { ...ir, body: move(ir.body) as readonly Stmt[] }
}
