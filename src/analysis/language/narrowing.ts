// Narrowing: what a variable or attribute can still be once a condition is known to hold or to fail. Never has effects of its own.
import type { Expr } from '../../ir/model.ts'
import { BUILTIN_TYPES } from './annotations.ts'
import { catches } from './error-classes.ts'
import { EXCEPTIONS } from './exception-hierarchy.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { readingCell } from './names.ts'
import type { Cell } from '../domain/state.ts'
import type { Atom, ClassAtom, Value } from '../domain/values.ts'

type Keep = (atom: Atom) => boolean | null

/** Restricts what `condition` tests to the atoms that agree with its outcome. `null` from a test means "could be either" and is kept. */
export function assume(frame: Frame, condition: Expr, holds: boolean): void {
  switch (condition.k) {
    case 'un':
      if (condition.op === 'not') assume(frame, condition.x, !holds)
      return
    case 'bool':
      // all parts of a true `and` hold, all parts of a false `or` fail
      if ((condition.op === 'and') === holds) for (const part of condition.xs) assume(frame, part, holds)
      return
    case 'walrus':
      return
    case 'cmp':
      return assumeComparison(frame, condition, holds)
    case 'call':
      return assumeCall(frame, condition, holds)
    case 'name':
      if (frame.env.globals.has(condition.id)) turn(frame, condition.id, holds)
      return restrict(frame, condition, holds, (atom) => truthiness(atom))
    case 'attr':
      return restrict(frame, condition, holds, (atom) => truthiness(atom))
    default:
  }
}

/** Certain truth of an atom without running code, or null. */
export function truthiness(atom: Atom): boolean | null {
  switch (atom.kind) {
    case 'const':
      return !(atom.value === null || atom.value === false || atom.value === 0 || atom.value === '')
    case 'bound':
      // an attribute of a library object is called a method only because it may be one
      return atom.func.kind === 'external' ? null : true
    case 'function':
    case 'class':
    case 'module':
    case 'generator':
    case 'native':
      return true
    case 'external':
      // a path without a dot is a module: `import random`
      return /^\w+$/.test(atom.path) ? true : null
    default:
      return null
  }
}

function assumeComparison(frame: Frame, x: Extract<Expr, { k: 'cmp' }>, holds: boolean): void {
  const op = x.ops[0]
  const right = x.r[0]
  if (x.ops.length !== 1 || right === undefined || op === undefined) return
  const equal = op === '==' || op === 'is'
  if (!equal && op !== '!=' && op !== 'is not') return
  if (right.k === 'const')
    restrict(frame, x.l, holds === equal, (atom) =>
      atom.kind === 'const'
        ? atom.value === right.v && (atom.type === right.t || right.t !== 'none')
        : isOpaque(atom)
          ? null
          : false,
    )
}

function isOpaque(atom: Atom): boolean {
  return (
    atom.kind === 'unknown' ||
    atom.kind === 'external' ||
    atom.kind === 'typed' ||
    (atom.kind === 'instance' && atom.cls === null) ||
    (atom.kind === 'special' && atom.type === 'setting') ||
    (atom.kind === 'bound' && atom.func.kind === 'external')
  )
}

function assumeCall(frame: Frame, x: Extract<Expr, { k: 'call' }>, holds: boolean): void {
  const subject = x.a[0]?.x
  if (x.f.k !== 'name' || subject === undefined) return
  if (x.f.id === 'callable') {
    restrict(frame, subject, holds, (atom) => {
      if (isOpaque(atom)) return null
      return (
        atom.kind === 'function' ||
        atom.kind === 'bound' ||
        atom.kind === 'class' ||
        atom.kind === 'native' ||
        atom.kind === 'special' ||
        (atom.kind === 'instance' &&
          frame.machine.ops.classOf(atom)?.mro.some((c) => c.kind === 'class' && c.fields.has('__call__')) === true)
      )
    })
  } else if (x.f.id === 'isinstance' && x.a[1] !== undefined) {
    const types = classesOf(frame, x.a[1].x)
    if (types !== null) restrict(frame, subject, holds, (atom) => isInstanceOf(frame.machine, atom, types))
  }
}

function classesOf(frame: Frame, x: Expr): readonly Atom[] | null {
  const m = frame.machine
  if (x.k === 'tuple') {
    const parts = x.xs.map((part) => classesOf(frame, part))
    return parts.some((p) => p === null) ? null : parts.flatMap((p) => p ?? [])
  }
  if (x.k !== 'name') return null
  const cell = readingCell(m, frame.env, x.id)
  const value = cell === null ? m.builtins.get(x.id) : m.store.read(cell)
  if (value === undefined) return null
  return value.atoms.every((a) => a.kind === 'class' || a.kind === 'native') ? value.atoms : null
}

/** Objects of the standard library that are of no class that a test would name. */
function isLibraryPlain(atom: Atom): boolean {
  return atom.kind === 'instance' && (atom.ext === 'builtins.object' || atom.ext === 're.Match')
}

/** Whether an atom is an instance of one of the classes (in-tree classes and builtin types), or null when that is open. */
export function isInstanceOf(m: Machine, atom: Atom, types: readonly Atom[]): boolean | null {
  if (isLibraryPlain(atom))
    return types.every((t) => t.kind === 'native' || t.kind === 'class')
      ? types.some((t) => t.kind === 'native' && t.name === 'object')
      : null
  if (isOpaque(atom) && atom.kind !== 'typed') return null
  if (atom.kind === 'special' && atom.type === 'exception') return catches(m, m.domain.of(atom), m.domain.union(types))
  let open = false
  for (const type of types) {
    if (type.kind === 'native') {
      const actual = builtinTypeOf(atom)
      if (type.name === 'object') return true
      if (actual === null) open = open || mayBe(atom, type.name)
      else if (actual === type.name || (actual === 'bool' && type.name === 'int')) return true
    } else if (type.kind === 'class') {
      const cls: ClassAtom | null = m.ops.classOf(atom)
      if (cls?.mro.includes(type) === true) return true
      if (cls?.mro.some((c) => c.kind === 'class' && c.traits.has(`virtual:${type.id}`)) === true) return true
      const shaped = cls === null ? null : hasShape(cls, type)
      if (shaped === true) return true
      const decides = type.mro.some((c) => c.kind === 'class' && c.fields.has('__subclasshook__'))
      if (decides || cls?.mro.some((c) => c.kind === 'external') === true || isOfOpenType(atom)) open = true
    } else {
      const matching = type.kind === 'external' ? abstractTypes(type.path) : undefined
      const actual = builtinTypeOf(atom)
      if (matching === undefined || actual === null) open = true
      else if (matching.has(actual)) return true
    }
  }
  return open ? null : false
}

/** What stands for an object of the library is none of plain data, but it may be a class or a descriptor. */
function mayBe({ kind }: Atom, type: string): boolean {
  return kind === 'instance' || ((kind === 'native' || kind === 'special') && !BUILTIN_TYPES.has(type))
}

/** A class below a base that is not known may have any metaclass. */
function isOfOpenType(atom: Atom): boolean {
  return atom.kind === 'class' && atom.metaclass === null && atom.mro.some((base) => base.kind === 'unknown')
}

/** Builtin types that are instances of an abstract class of the library (documentation of collections.abc and numbers). */
const ABSTRACT: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    Mapping: 'dict defaultdict',
    MutableMapping: 'dict defaultdict',
    Sequence: 'list tuple str bytes range',
    MutableSequence: 'list',
    Set: 'set frozenset',
    MutableSet: 'set',
    Iterable: 'list tuple str bytes range dict defaultdict set frozenset',
    Collection: 'list tuple str bytes range dict defaultdict set frozenset',
    Sized: 'list tuple str bytes range dict defaultdict set frozenset',
    Container: 'list tuple str bytes range dict defaultdict set frozenset',
    Hashable: 'tuple str bytes range frozenset int float bool none type',
    Callable: 'type',
  }).map(([name, types]): [string, ReadonlySet<string>] => [name, new Set(types.split(' '))]),
)

function abstractTypes(path: string): ReadonlySet<string> | undefined {
  const name = /^(?:collections\.abc|typing)\.(\w+)$/.exec(path)?.[1]
  return name === undefined ? undefined : ABSTRACT.get(name)
}

/** Whether a class has all members of a protocol; null when the type is none. */
function hasShape(cls: ClassAtom, type: ClassAtom): boolean | null {
  if (!type.traits.has('protocol') || !type.bases.some((b) => b.kind === 'external')) return null
  const members = [...type.fields.keys()].filter((name) => !name.startsWith('__'))
  return members.every((name) => cls.mro.some((base) => base.kind === 'class' && base.fields.has(name)))
}

export function builtinTypeOf(atom: Atom): string | null {
  switch (atom.kind) {
    case 'typed':
      return atom.type.startsWith('slice') ? 'slice' : atom.type
    case 'const':
    case 'container':
      return atom.type
    case 'class':
      return 'type'
    case 'native':
      return BUILTIN_TYPES.has(atom.name) || EXCEPTIONS.includes(atom.name) ? 'type' : null
    default:
      return null
  }
}

function restrict(frame: Frame, subject: Expr, holds: boolean, test: Keep): void {
  const m = frame.machine
  if (subject.k === 'walrus')
    return restrict(frame, { k: 'name', id: subject.n, p: subject.p, e: subject.e }, holds, test)
  const cell = cellOf(frame, subject)
  if (cell === null) return
  const value: Value = m.store.read(cell)
  const kept = m.domain.filter(value, (atom) => test(atom) !== !holds)
  if (kept !== value && kept.atoms.length > 0) m.store.write(cell, kept)
}

/** A flag that this function sets as well: on the path on which somebody had changed it before, it is what that made it. */
function turn(frame: Frame, name: string, holds: boolean): void {
  const { domain, store } = frame.machine
  const cell = readingCell(frame.machine, frame.env, name)
  if (cell !== null && store.read(cell) === (holds ? domain.false : domain.true))
    store.write(cell, holds ? domain.true : domain.false)
}

/** The cell behind a name or a plain attribute of a single known object. */
function cellOf(frame: Frame, subject: Expr): Cell | null {
  const m = frame.machine
  if (subject.k === 'name') return readingCell(m, frame.env, subject.id)
  if (subject.k !== 'attr') return null
  const owner = cellOf(frame, subject.o)
  if (owner === null) return null
  const atoms = m.store.read(owner).atoms
  const atom = atoms[0]
  if (atoms.length !== 1 || atom === undefined) return null
  if (atom.kind === 'instance' || atom.kind === 'module' || atom.kind === 'class') {
    const cell = atom.fields.get(subject.n)
    return cell !== undefined && cell.value !== m.domain.unbound ? cell : null
  }
  return null
}
