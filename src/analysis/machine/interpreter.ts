// Ties the rooms of the machine together: the operations record, and a fresh machine for one program.
import { noProgress } from './started.ts'
import { libraryObject } from '../domain/instances.ts'
import { decide } from '../language/conditions.ts'
import type { Catalogue } from '../../catalogue/lookup.ts'
import type { Expr } from '../../ir/model.ts'
import type { Program } from '../../program/program.ts'
import { annotationValue, staticType } from '../language/annotations.ts'
import { deleteAttribute, setAttribute } from '../objects/attribute-writing.ts'
import { namespaceItem, setField, setInNamespace } from '../objects/namespaces.ts'
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
    bodyRuns: new Map(),
    builtins: new Map(),
    cached: new Map(),
    registries: new Map(),
    providing: new Set(),
    progress: noProgress(),
    deadline: store.cell(domain.none, 0),
    pausing: false,
    finalisers: false,
    nextRegion: 1,
    departures: null,
    madeIn: new Map(),
    handedOut: new Set(),
    renewedAt: new Map(),
    older: new Map(),
    stopped: false,
    contextual: { variables: new Set(), locals: new Set() },
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
      const target = store.cellIn(kept.fields, name, 0)
      if (cell.value !== domain.unbound) store.weaken(target, cell.value)
    }
    folding = false
  }
  for (const [name, value] of builtinNames(m)) m.builtins.set(name, value)
  return m
}

function operations(m: Machine): Operations {
  return {
    evaluate,
    execute,
    call,
    callAtom,
    getAttribute,
    setAttribute,
    deleteAttribute,
    setField: (o, name, value) => setField(m, o, name, value),
    typeMethod,
    truth,
    decide,
    iterate,
    startIteration,
    spread,
    next: (f, iterator, at) => nextElement(f, iterator, at).value,
    entries: (f, value, at) => entries(f, value, at ?? null),
    await: awaitValue,
    suspend,
    importModule: importByName,
    importStatement,
    assign,
    annotate: annotated,
    raise: (f, error) => {
      raise(f, error)
      m.stopped = true
    },
    catches: (error, classes) => catches(m, error, m.domain.joinAll(classes)),
    maybe,
    define,
    decorate,
    defineClass,
    recordClass,
    dynamicClass,
    makeFunction,
    moduleEnv: (module) => moduleEnv(m, module),
    classOf,
    classByPath: (path) => classByPath(m, path),
    instantiate,
    newInstance: (f, cls, at) => newInstance(f, cls, `n${at.site.module.file}:${at.site.p}:${cls.id}`, at.site),
    constructBase,
    generatedInit,
    objectMember: (self, name) => objectMember(m, self, name),
    isInstance: (atom, type) => isInstanceOf(m, atom, [type]),
    flatten: (value) => flatten(m, value),
    staticType: (env, x) => staticType(m, env, x),
    callNative,
    nativeAttribute: (native, name) => nativeAttribute(m, native, name),
    callSpecial,
    accessSpecial,
    specialAttribute,
    specialItem,
    awaitSpecial,
    enter,
    exit,
    enterContext,
    unwind,
    callExternal,
    callInstance,
    externalAttribute,
    externalMember,
    awaitExternal,
    leaveExternal: (atom, raised) => leaveTransaction(m, atom, raised),
    enterExternal,
    iterateExternal,
    startExternal,
    evaluateExternal,
    externalItem,
    setExternalItem: (atom, key, value) => setExternalItem(m, atom, key, value),
    applyCallback,
    runGenerator,
    suspended,
    getItem,
    setItem,
    deleteItem,
    contains,
    equal: equality,
    format,
    hash,
    extend,
    concatenate,
    finalise,
    finaliseLocals,
    newCollection: newContainer,
    collect: (atom, value, key) => (key === null ? append(m, atom, value) : setKey(m, atom, key, value)),
    newList,
    keyValue: (key) => keyValue(m, key),
    slot: (o, name) => slot(m, o, name),
    setSlot: (o, name, value) => setSlot(m, o, name, value),
    push: (o, name, value) => push(m, o, name, value),
    modelled: (f, type, native) => m.domain.of(libraryObject(f, type, native.site)),
    plainObject: (f, at) => m.domain.of(libraryObject(f, 'builtins.object', at)),
    namespaceItem: (namespace, key) => namespaceItem(m, namespace.self, key),
    setNamespaceItem: (native, key, value) => {
      const name = stringOf(key)
      if (name !== null && native.self !== null) setInNamespace(m, native.self, name, value)
    },
    executeText,
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
  const result = only(compare(frame, { op: '==', left: a, right: b }, at))
  return result?.kind === 'const' && typeof result.value === 'boolean' ? result.value : null
}
