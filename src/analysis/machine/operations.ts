// The operations that the machine's rooms call on each other, by name. interpreter.ts fills them in; a room that needs another one uses `m.ops`.
import type { BinaryOperation } from '../language/operators.ts'
import type { Construction } from '../objects/construction.ts'
import type { ExternalCallee, LibraryRead } from '../library/externals.ts'
import type { Receiver } from '../objects/members.ts'
import type { ItemWrite } from '../language/protocols.ts'
import type { AttributeWrite } from '../objects/attribute-writing.ts'
import type { Node } from './sites.ts'
import type { RecordDraft } from '../library/dynamic.ts'
import type { CatalogueRow } from '../../catalogue/model.ts'
import type { ClassIr, Expr, FunctionIr, Stmt } from '../../ir/model.ts'
import type { Exiting } from '../language/entering.ts'
import type { LibraryCall } from '../domain/instances.ts'
import type { CallSite, Decision, Frame, GeneratorRun } from './machine.ts'
import type { NativeCall } from '../natives/native.ts'
import type {
  Atom,
  CallArgs,
  ClassAtom,
  ContainerAtom,
  Env,
  ExternalAtom,
  FunctionAtom,
  GeneratorAtom,
  InstanceAtom,
  ModuleAtom,
  NativeAtom,
  Site,
  SpecialAtom,
  Value,
} from '../domain/values.ts'

export interface Operations {
  readonly evaluate: (frame: Frame, x: Expr) => Value
  readonly execute: (frame: Frame, body: readonly Stmt[]) => boolean
  readonly call: (frame: Frame, callee: Value, args: CallArgs, at: CallSite) => Value
  readonly callAtom: (frame: Frame, callee: Atom, args: CallArgs, at: CallSite) => Value
  readonly getAttribute: (frame: Frame, object: Value, name: string, at: CallSite) => Value
  readonly setAttribute: (frame: Frame, write: AttributeWrite, at: CallSite) => void
  readonly deleteAttribute: (frame: Frame, object: Value, name: string, at: CallSite) => void
  readonly setField: (object: InstanceAtom, name: string, value: Value) => void
  /** the method of the type, bound, as implicit protocol calls look it up; null when the type has none */
  readonly typeMethod: (frame: Frame, object: Atom, name: string) => Value | null
  readonly truth: (frame: Frame, value: Value, at: CallSite) => { readonly t: boolean; readonly f: boolean }
  readonly decide: (frame: Frame, x: Expr, value: Value) => Decision
  /** runs `on` for each element; whether the iteration may come to its end */
  readonly iterate: (frame: Frame, iterable: Value, at: CallSite, on: (element: Value) => boolean) => boolean
  readonly startIteration: (frame: Frame, iterable: Value, at: CallSite) => Value
  readonly spread: (
    frame: Frame,
    iterable: Value,
    at: CallSite,
  ) => { readonly elements: readonly Value[] | null; readonly any: Value }
  readonly next: (frame: Frame, iterator: Atom, at: CallSite) => Value
  readonly entries: (
    frame: Frame,
    value: Value,
    at?: CallSite,
  ) => { readonly known: ReadonlyMap<string, Value>; readonly any: Value; readonly exact: boolean }
  readonly await: (frame: Frame, value: Value, at: CallSite) => Value
  readonly suspend: (frame: Frame, turns?: number) => void
  readonly importModule: (frame: Frame, name: string, anchor: string | null, site: Site) => Value
  readonly importStatement: (frame: Frame, s: Extract<Stmt, { k: 'import' | 'from' }>) => boolean
  readonly assign: (frame: Frame, target: Expr, value: Value) => void
  readonly annotate: (frame: Frame, value: Value, annotation: Expr) => Value
  readonly raise: (frame: Frame, error: Value) => void
  readonly catches: (error: Value, classes: readonly Value[]) => boolean | null
  /** something that may or may not happen */
  readonly maybe: (frame: Frame, run: () => void) => void
  readonly define: (frame: Frame, fn: FunctionIr) => Value
  readonly decorate: (frame: Frame, decorator: Value, value: Value, at: CallSite) => Value
  readonly defineClass: (frame: Frame, cls: ClassIr) => Value
  readonly recordClass: (frame: Frame, record: RecordDraft, at: CallSite) => Value
  readonly dynamicClass: (frame: Frame, args: CallArgs, at: CallSite, metaclass?: ClassAtom | null) => Value
  readonly makeFunction: (frame: Frame, fn: FunctionIr) => FunctionAtom
  readonly moduleEnv: (module: ModuleAtom) => Env
  readonly classOf: (atom: Atom) => ClassAtom | null
  readonly classByPath: (path: string) => ClassAtom | null
  readonly instantiate: (frame: Frame, cls: ClassAtom, args: CallArgs, at: CallSite) => Value
  readonly newInstance: (frame: Frame, cls: ClassAtom, at: CallSite) => InstanceAtom
  readonly constructBase: (frame: Frame, path: string, start: Construction) => void
  readonly generatedInit: (frame: Frame, start: Construction) => void
  readonly objectMember: (self: Value, name: string) => Value | null
  readonly isInstance: (atom: Atom, type: Atom) => boolean | null
  /** the members of tuples of classes, nested ones too */
  readonly flatten: (value: Value) => readonly Atom[]
  readonly staticType: (env: Env, x: Expr) => Value | null
  readonly callNative: (frame: Frame, native: NativeAtom, args: CallArgs, at: CallSite) => Value
  readonly nativeAttribute: (native: NativeAtom, name: string) => Value
  readonly callSpecial: (frame: Frame, atom: SpecialAtom, args: CallArgs, at: CallSite) => Value
  readonly accessSpecial: (frame: Frame, atom: SpecialAtom, receiver: Receiver, at: CallSite) => Value
  readonly specialAttribute: (frame: Frame, atom: SpecialAtom, name: string, at: CallSite) => Value
  readonly specialItem: (frame: Frame, atom: SpecialAtom, at: CallSite) => Value
  readonly awaitSpecial: (frame: Frame, atom: SpecialAtom, at: CallSite) => Value
  readonly enter: (frame: Frame, atom: Atom, at: CallSite, async: boolean) => Value
  readonly exit: (frame: Frame, atom: Atom, at: CallSite, leaving: Exiting) => Value
  readonly enterContext: (
    frame: Frame,
    manager: Value,
    at: CallSite & { readonly async: boolean },
    body: (entered: Value) => boolean,
  ) => boolean
  readonly unwind: (frame: Frame, stacks: Value, at: CallSite, leaving: Exiting) => Value
  readonly callExternal: (frame: Frame, callee: ExternalCallee, args: CallArgs, at: CallSite) => Value
  readonly callInstance: (frame: Frame, atom: InstanceAtom, args: CallArgs, at: CallSite) => Value
  readonly externalAttribute: (frame: Frame, atom: ExternalAtom | InstanceAtom, name: string, at: CallSite) => Value
  readonly externalMember: (frame: Frame, read: LibraryRead, at: CallSite) => Value | null
  readonly awaitExternal: (frame: Frame, atom: InstanceAtom, at: CallSite) => Value
  readonly leaveExternal: (atom: InstanceAtom, raised: boolean) => void
  readonly enterExternal: (frame: Frame, atom: InstanceAtom | ExternalAtom, at: CallSite) => Value
  readonly iterateExternal: (
    frame: Frame,
    atom: InstanceAtom | ExternalAtom,
    at: CallSite,
    on: (element: Value) => boolean,
  ) => boolean
  readonly startExternal: (frame: Frame, atom: InstanceAtom, at: CallSite) => void
  readonly evaluateExternal: (frame: Frame, atom: InstanceAtom, names: readonly string[], at: CallSite) => void
  readonly externalItem: (frame: Frame, atom: InstanceAtom, key: Value, at: CallSite) => Value
  readonly setExternalItem: (atom: InstanceAtom, key: Value, value: Value) => void
  readonly applyCallback: (frame: Frame, row: CatalogueRow, call: LibraryCall) => void
  readonly runGenerator: (
    frame: Frame,
    generator: GeneratorAtom,
    at: CallSite,
    onYield: NonNullable<Frame['onYield']>,
  ) => GeneratorRun
  readonly suspended: (frame: Frame, func: FunctionAtom, args: ReadonlyMap<string, Value>, at: CallSite) => Value
  readonly getItem: (frame: Frame, object: Value, key: Value, at: CallSite) => Value
  readonly setItem: (frame: Frame, write: ItemWrite, at: CallSite) => void
  readonly deleteItem: (frame: Frame, object: Value, key: Value, at: CallSite) => void
  readonly contains: (frame: Frame, test: BinaryOperation, at: CallSite) => Value
  readonly equal: (frame: Frame, a: Value, b: Value, at: CallSite) => boolean | null
  readonly format: (frame: Frame, value: Value, conversion: string, at: CallSite) => void
  readonly hash: (frame: Frame, value: Value, at: CallSite) => void
  readonly extend: (frame: Frame, atom: ContainerAtom, value: Value, at: CallSite) => void
  readonly concatenate: (frame: Frame, left: ContainerAtom, right: Value, at: CallSite) => Value | null
  readonly finalise: (frame: Frame, value: Value, at: CallSite) => void
  readonly finaliseLocals: (frame: Frame, result: Value, possible: boolean) => void
  readonly newCollection: (frame: Frame, type: string, node: Node) => ContainerAtom
  /** adds an element (key null) or an entry */
  readonly collect: (atom: ContainerAtom, value: Value, key: Value | null) => void
  readonly newList: (frame: Frame, node: Node, elements: readonly Value[] | Value, type?: string) => Value
  readonly keyValue: (key: string) => Value
  readonly slot: (object: InstanceAtom, name: string) => Value
  readonly setSlot: (object: InstanceAtom, name: string, value: Value) => void
  readonly push: (object: InstanceAtom, name: string, value: Value) => void
  readonly modelled: (frame: Frame, type: string, native: NativeCall) => Value
  readonly plainObject: (frame: Frame, at: CallSite) => Value
  readonly namespaceItem: (namespace: NativeAtom, key: Value) => Value
  readonly setNamespaceItem: (native: NativeAtom, key: Value, value: Value) => void
  readonly executeText: (frame: Frame, text: string, expression: boolean, native: NativeCall) => Value
}
