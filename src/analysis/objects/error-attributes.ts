// Attributes of errors: what code stores on them, their arguments, the errors they came from, their notes.
// An error of a builtin class is a value without fields of its own; what is stored on it is kept beside it. Errors of the tree are objects like others.
import { EXCEPTIONS } from '../language/exception-hierarchy.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import type { Atom, ClassAtom, InstanceAtom, SpecialAtom, Value } from '../domain/values.ts'
import { makeTuple } from '../domain/containers.ts'
import { setField } from './namespaces.ts'

const BUILTIN: ReadonlySet<string> = new Set(EXCEPTIONS)
/** Attributes that are the first argument. */
const FIRST: ReadonlyMap<string, string> = new Map([
  ['SystemExit', 'code'],
  ['StopIteration', 'value'],
])

/** A class of the tree below a builtin exception. */
export function isErrorClass(cls: ClassAtom): boolean {
  return cls.mro.some((base) => base.kind === 'native' && BUILTIN.has(base.name))
}

/** The object that `raise ValueError` makes; every other value is what is raised. */
export function madeError(m: Machine, atom: Atom, site: SpecialAtom['site']): Value {
  return atom.kind === 'native' && BUILTIN.has(atom.name)
    ? m.domain.special('exception', [], [atom.name], site)
    : m.domain.of(atom)
}

/** `BaseException.__new__` keeps the arguments of the constructor, whatever `__init__` does with them. */
export function keepArguments(frame: Frame, object: InstanceAtom, pos: readonly Value[]): void {
  const m = frame.machine
  const { p, e } = object.cls?.site ?? { p: 0, e: 0 }
  setField(m, object, 'args', makeTuple(frame, { p, e }, pos))
}

/** `raise error from cause` while `context` is handled. */
export function setOrigin(frame: Frame, error: Value, cause: Value | null, context: Value | null): void {
  if (cause !== null) setErrorAttribute(frame, error, '__cause__', cause)
  if (context !== null) setErrorAttribute(frame, error, '__context__', context)
}

function setErrorAttribute(frame: Frame, error: Value, name: string, value: Value): void {
  for (const atom of error.atoms) {
    if (atom.kind === 'special') storeOnError(frame, atom, name, value)
    else if (atom.kind === 'instance') setField(frame.machine, atom, name, value)
  }
}

/** `error.name = value` */
export function storeOnError({ machine: m }: Frame, error: SpecialAtom, name: string, value: Value): void {
  if (error.type !== 'exception') return
  let fields = m.errorFields.get(error)
  if (fields === undefined) {
    fields = new Map()
    m.errorFields.set(error, fields)
  }
  // summaries that asked for it before do not say so
  if (!fields.has(name)) m.memo.clear()
  m.store.write(m.store.cellIn(fields, name, 0), value)
}

/** What was stored on an error under a name; empty when nothing was. */
export function storedOnError(m: Machine, error: Atom, name: string): Value {
  const cell = error.kind === 'instance' ? error.fields.get(name) : m.errorFields.get(error)?.get(name)
  return cell === undefined ? m.domain.bottom : m.domain.withoutUnbound(m.store.read(cell))
}

/** An attribute of a builtin error, or null when nothing is known of it. */
export function errorAttribute(frame: Frame, error: SpecialAtom, name: string): Value | null {
  const m = frame.machine
  const stored = storedOnError(m, error, name)
  if (stored.atoms.length > 0) return stored
  if (name === 'exceptions') return listed(frame, error, error.parts.slice(1))
  if (name === 'args') return listed(frame, error, error.parts)
  const known = error.names[0] !== '?'
  if (known && FIRST.get(error.names[0] ?? '') === name) return error.parts[0] ?? m.domain.none
  return known ? sharedAttribute(m, m.domain.of(error), name) : null
}

/** Attributes of every error that nobody has set: where it came from, and its methods. */
export function sharedAttribute(m: Machine, error: Value, name: string): Value | null {
  if (name === '__cause__' || name === '__context__') return m.domain.none
  return name === 'with_traceback' || name === 'add_note' ? m.domain.native(`exception.${name}`, error) : null
}

function listed(frame: Frame, error: SpecialAtom, parts: readonly Value[]): Value {
  const { p, e } = error.site ?? { p: 0, e: 0 }
  return makeTuple(frame, { p, e }, parts)
}
