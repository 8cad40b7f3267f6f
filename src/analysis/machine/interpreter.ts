// Ties the rooms of the machine together: the operations record, and a fresh machine for one program.
import { decide } from '../language/conditions.ts'
import type { Catalogue } from '../../catalogue/lookup.ts'
import type { Expr } from '../../ir/model.ts'
import type { Program } from '../../program/program.ts'
import { annotationValue, staticType } from '../language/annotations.ts'
import { deleteAttribute, setAttribute } from '../objects/attribute-writing.ts'
import { setField, setInNamespace } from '../objects/namespaces.ts'
import { emptyBooks, wholeBudget } from './memo.ts'
import { getAttribute } from '../objects/attributes.ts'
import { typeMethod } from '../objects/descriptors.ts'
import { awaitValue, suspend } from '../suspended/awaiting.ts'
import { builtinNames, callNative, nativeAttribute, objectMember } from '../library/builtins.ts'
import { call, callAtom } from './calls.ts'
import { defineClass } from '../objects/classes.ts'
import { instantiate, newInstance } from '../objects/construction.ts'
import { append, concatenate, keyValue, newContainer, setKey } from '../domain/containers.ts'
import { catches } from '../language/error-classes.ts'
import { raise } from '../language/raising.ts'
import { evaluate } from '../language/expressions.ts'
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
} from '../library/externals.ts'
import { fork } from './frames.ts'
import { define, makeFunction } from '../objects/definitions.ts'
import { runGenerator, suspended } from '../suspended/generators.ts'
import { iterate, nextElement, spread, startIteration } from '../language/iteration.ts'
import { newList } from '../domain/sequences.ts'
import type { CallSite, Frame, Machine } from './machine.ts'
import type { AnalysisOptions } from './options.ts'
import type { Operations } from './operations.ts'
import { moduleAtom, moduleEnv } from '../language/bodies.ts'
import { importByName, importStatement } from '../language/modules.ts'
import { isInstanceOf } from '../language/narrowing.ts'
import { generatedInit } from '../objects/records.ts'
import { applyCallback } from '../library/patterncalls.ts'
import { contains } from '../language/containment.ts'
import { finalise, finaliseLocals } from '../objects/finalising.ts'
import { deleteItem, entries, extend, format, getItem, hash, setItem, truth } from '../language/protocols.ts'
import { awaitSpecial } from '../library/awaited-specials.ts'
import { accessSpecial, callSpecial, specialAttribute, specialItem } from '../library/specials.ts'
import { leaveTransaction } from '../sqlalchemy/queries.ts'
import { enter, exit } from '../language/entering.ts'
import { unwind } from '../language/exit-stacks.ts'
import { push, setSlot, slot } from '../domain/slots.ts'
import { assign } from '../language/assignment.ts'
import { execute } from '../language/statements.ts'
import { Store } from '../domain/state.ts'
import { tracked } from '../evidence/tracked.ts'
import { storedAttributes } from '../objects/stored-attributes.ts'
import { compare } from '../language/operators.ts'
import { Domain } from '../domain/domain.ts'
import { only, stringOf, type Atom, type ClassAtom, type Context, type Value } from '../domain/values.ts'
import { enterContext } from '../language/with.ts'
import { decorate } from '../objects/decoration.ts'
import { dynamicClass, flatten, executeText, recordClass } from '../library/dynamic.ts'
import { modelled, library, namespaceObject, namespaceItem } from '../domain/namespaces.ts'
import { targetOf } from '../entries/requests.ts'

export function createMachine(
  program: Program,
  catalogue: Catalogue,
  options: AnalysisOptions,
  early: ReadonlySet<string>,
): Machine {
  const domain = new Domain()
  const store = new Store(domain)
  const rootContext: Context = { id: 0, parent: null, children: new Map(), allocations: new Map(), depth: 0 }
  const m: Machine = {
    domain,
    store,
    program: tracked(program),
    catalogue,
    options,
    rootContext,
    modules: new Map(),
    moduleStates: new Set(),
    placedModules: new Map(),
    textFunctions: new WeakSet(),
    decoratedElsewhere: new WeakSet(),
    libraryAttributes: new Map(),
    errorFields: new Map(),
    wanted: new Set(),
    early,
    moduleEnvs: new Map(),
    attributes: storedAttributes(domain, store),
    ...emptyBooks(),
    budget: wholeBudget(),
    moduleMemo: new Map(),
    runsOnOthers: new Map(),
    builtins: new Map(),
    cached: new Map(),
    registries: new Map(),
    providing: new Set(),
    waits: 'pass',
    left: null,
    goal: null,
    pausing: false,
    finalisers: false,
    nextRegion: 1,
    departures: null,
    madeIn: new Map(),
    handedOut: new Set(),
    renewedAt: new Map(),
    older: new Map(),
    stopped: false,
    slow: new Set(),
    rescued: new Map(),
    fresh: new Set(),
    failures: new Map(),
    results: new Map(),
    detached: [],
    detaching: false,
    nestedLoops: store.cell(domain.unbound, 0),
    runAs: store.cell(domain.none, 0),
    registryStage: store.cell(domain.unbound, 0),
    unseenCode: store.cell(domain.unbound, 0),
    depth: 0,
    deepest: 0,
    undecided: 0,
    turns: 0,
    phaseStart: 0,
    nextEnv: 1,
    nextContext: 1,
    ops: {} as Operations,
  }
  Object.assign(m.ops, operations(m))
  m.program.onSurvey = () => {
    m.surveyed = true
  }
  let folding = false
  domain.onFold = (kept, folded) => {
    // objects may hold each other: what is met while two are merged stays as it is
    if (folding) return
    folding = true
    kept.multiple = true
    folded.folded ??= kept
    for (const [name, cell] of folded.fields) {
      let target = kept.fields.get(name)
      if (target === undefined) {
        target = store.cell(domain.unbound, 0)
        kept.fields.set(name, target)
      }
      if (cell.value !== domain.unbound) store.weaken(target, cell.value)
    }
    folding = false
  }
  for (const [name, value] of builtinNames(m)) m.builtins.set(name, value)
  return m
}

function operations(m: Machine): Operations {
  return {
    evaluate: (f, x) => evaluate(f, x),
    execute: (f, body) => execute(f, body),
    call: (f, callee, args, at) => call(f, callee, args, at),
    callAtom: (f, callee, args, at) => callAtom(f, callee, args, at),
    getAttribute: (f, o, name, at) => getAttribute(f, o, name, at),
    setAttribute: (f, o, name, value, at) => setAttribute(f, o, name, value, at),
    deleteAttribute: (f, o, name, at) => deleteAttribute(f, o, name, at),
    setField: (o, name, value) => setField(m, o, name, value),
    typeMethod: (f, o, name) => typeMethod(f, o, name),
    truth: (f, value, at) => truth(f, value, at),
    decide: (f, x, value) => decide(f, x, value),
    iterate: (f, iterable, at, on) => iterate(f, iterable, at, on),
    startIteration: (f, iterable, at) => startIteration(f, iterable, at),
    spread: (f, iterable, at) => spread(f, iterable, at),
    next: (f, iterator, at) => nextElement(f, iterator, at).value,
    entries: (f, value, at) => entries(f, value, at ?? null),
    await: (f, value, at) => awaitValue(f, value, at),
    suspend: (f, turns) => suspend(f, turns),
    importModule: (f, name, anchor, site) => importByName(f, name, anchor, site),
    importStatement: (f, s) => importStatement(f, s),
    assign: (f, target, value) => assign(f, target, value),
    annotate: (f, value, annotation) => annotated(f, value, annotation),
    raise: (f, error) => {
      raise(f, error)
      m.stopped = true
    },
    catches: (_f, error, classes) => catches(m, error, m.domain.joinAll(classes)),
    fork: (f, alternatives, undecided) => fork(f, alternatives, undecided),
    maybe: (f, _site, run) => maybe(f, run),
    define: (f, fn) => define(f, fn),
    decorate: (f, decorator, value, at) => decorate(f, decorator, value, at),
    defineClass: (f, cls) => defineClass(f, cls),
    recordClass,
    dynamicClass: (f, args, at, metaclass) => dynamicClass(f, args, at, metaclass ?? null),
    makeFunction: (f, fn) => makeFunction(f, fn),
    moduleEnv: (module) => moduleEnv(m, module),
    classOf: (atom) => classOf(atom),
    classByPath: (path) => classByPath(m, path),
    instantiate: (f, cls, args, at) => instantiate(f, cls, args, at),
    newInstance: (f, cls, at) => newInstance(f, cls, `n${at.site.module.file}:${at.site.p}:${cls.id}`, at.site),
    constructBase: (f, o, path, args, at) => constructBase(f, o, path, args, at),
    generatedInit: (f, o, cls, args, at) => generatedInit(f, o, cls, args, at),
    objectMember: (self, name) => objectMember(m, self, name),
    isInstance: (atom, type) => isInstanceOf(m, atom, [type]),
    flatten: (value) => flatten(m, value),
    staticType: (env, x) => staticType(m, env, x),
    callNative: (f, native, args, at) => callNative(f, native, args, at),
    nativeAttribute: (_f, native, name) => nativeAttribute(m, native, name),
    callSpecial: (f, atom, args, at) => callSpecial(f, atom, args, at),
    accessSpecial: (f, atom, self, cls, at) => accessSpecial(f, atom, self, cls, at),
    specialAttribute: (f, atom, name, at) => specialAttribute(f, atom, name, at),
    specialItem: (f, atom, _key, at) => specialItem(f, atom, at),
    awaitSpecial: (f, atom, at) => awaitSpecial(f, atom, at),
    enter: (f, atom, at, async) => enter(f, atom, at, async),
    exit,
    enterContext: (f, manager, at, async, body) => enterContext(f, manager, at, async, body),
    unwind: (f, stacks, at, leaving) => unwind(f, stacks, at, leaving),
    callExternal: (f, atom, args, at, self) => callExternal(f, atom, args, at, self ?? null),
    callInstance: (f, atom, args, at) => callInstance(f, atom, args, at),
    externalAttribute: (f, atom, name, at) => externalAttribute(f, atom, name, at),
    externalMember: (f, path, self, name, at) => externalMember(f, path, self, name, at),
    awaitExternal: (f, atom, at) => awaitExternal(f, atom, at),
    leaveExternal: (atom, raised) => leaveTransaction(m, atom, raised),
    enterExternal: (f, atom, at) => enterExternal(f, atom, at),
    iterateExternal: (f, atom, at, on) => iterateExternal(f, atom, at, on),
    startExternal: (f, atom, at) => startExternal(f, atom, at),
    evaluateExternal: (f, atom, names, at) => evaluateExternal(f, atom, names, at),
    externalItem: (f, atom, key, at) => externalItem(f, atom, key, at),
    setExternalItem: (_f, atom, key, value) => setExternalItem(m, atom, key, value),
    applyCallback: (f, row, libraryCall) => applyCallback(f, row, libraryCall),
    runGenerator: (f, generator, at, onYield) => runGenerator(f, generator, at, onYield),
    suspended: (f, func, args, type, at) => suspended(f, func, args, type, at),
    getItem: (f, o, key, at) => getItem(f, o, key, at),
    setItem: (f, o, key, value, at) => setItem(f, o, key, value, at),
    deleteItem: (f, o, key, at) => deleteItem(f, o, key, at),
    contains: (f, needle, haystack, at, negated) => contains(f, needle, haystack, at, negated),
    equal: (f, a, b, at) => equality(f, a, b, at),
    format: (f, value, conversion, at) => format(f, value, conversion, at),
    hash: (f, value, at) => hash(f, value, at),
    extend: (f, atom, value, at) => extend(f, atom, value, at),
    concatenate: (f, left, right, at) => concatenate(f, left, right, at),
    finalise: (f, value, at) => finalise(f, value, at),
    finaliseLocals: (f, result, possible) => finaliseLocals(f, result, possible),
    newCollection: (f, type, node) => newContainer(f, type, node),
    collect: (atom, value, key) => (key === null ? append(m, atom, value) : setKey(m, atom, key, value)),
    newList: (f, node, list, any, type) => newList(f, node, list, any, type),
    keyValue: (key) => keyValue(m, key),
    slot: (o, name) => slot(m, o, name),
    setSlot: (o, name, value) => setSlot(m, o, name, value),
    push: (o, name, value) => push(m, o, name, value),
    modelled: (f, type, native) => modelled(f, type, native),
    plainObject: (f, at) => m.domain.of(library(f, 'builtins.object', at)),
    namespace: (f, native) => namespaceObject(f, native),
    namespaceItem: (_f, native, key) => namespaceItem(m, native.self, key),
    setNamespaceItem: (native, key, value) => {
      const name = stringOf(key)
      if (name !== null && native.self !== null) setInNamespace(m, native.self, name, value)
    },
    executeText: (f, text, expression, native) => executeText(f, text, expression, native),
  }
}

function annotated(frame: Frame, value: Value, annotation: Expr): Value {
  const open = value.atoms.some(
    (a) => a.kind === 'unknown' && (a.reason === 'untyped-parameter' || a.reason === 'attribute'),
  )
  return open ? (annotationValue(frame.machine, frame.env, annotation) ?? value) : value
}

function maybe(frame: Frame, run: () => void): void {
  fork(frame, [() => (run(), true), () => true], true)
}

/** The class of the tree that an object is of; of a class, its metaclass. */
function classOf(atom: Atom): ClassAtom | null {
  if (atom.kind === 'class') return atom.metaclass?.kind === 'class' ? atom.metaclass : null
  return atom.kind === 'instance' ? atom.cls : null
}

/** The class of the tree at a dotted path, when its module is loaded: library types that the tree itself defines are followed, not looked up. */
function classByPath(m: Machine, path: string): ClassAtom | null {
  const target = targetOf(m.program, '', path)
  const cell = target === null ? undefined : moduleAtom(m, target.file)?.fields.get(target.name)
  const atom = cell === undefined ? null : only(cell.value)
  return atom?.kind === 'class' ? atom : null
}

function equality(frame: Frame, a: Value, b: Value, at: CallSite): boolean | null {
  const result = only(compare(frame, '==', a, b, at))
  return result?.kind === 'const' && typeof result.value === 'boolean' ? result.value : null
}
