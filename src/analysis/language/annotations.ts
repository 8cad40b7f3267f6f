// Annotations as a stand-in for values: `db: Session` makes an assumed instance. Names are looked up without running anything.
import { instanceDraft } from '../domain/instances.ts'
import type { Expr } from '../../ir/model.ts'
import type { Machine } from '../machine/machine.ts'
import { readingCell } from './names.ts'
import { ASSUMED, type ClassAtom, type Env, type InstanceAtom, type Value } from '../domain/values.ts'

/** Wrappers whose argument is the type meant. */
const TRANSPARENT: ReadonlySet<string> = new Set([
  'typing.Optional',
  'typing.Union',
  'typing.Annotated',
  'typing.Final',
  'typing.ClassVar',
  'typing.Required',
  'typing_extensions.Annotated',
])

/** The value that an annotation promises, or null when it promises nothing the analysis can use. */
export function annotationValue(m: Machine, env: Env, annotation: Expr): Value | null {
  const type = staticType(m, env, annotation)
  if (type === null) return null
  const out: Value[] = []
  for (const atom of type.atoms) {
    if (atom.kind === 'class') out.push(m.domain.of(instanceByAnnotation(m, atom)))
    else if (atom.kind === 'external' && !atom.path.startsWith('?.') && !atom.path.startsWith('typing.'))
      out.push(m.domain.of(externalByAnnotation(m, atom.path)))
    else if (atom.kind === 'native' && BUILTIN_TYPES.has(atom.name)) out.push(m.domain.typed(atom.name))
    else if (atom.kind === 'typed' && atom.type !== 'object') out.push(m.domain.of(atom))
    else if (!(atom.kind === 'const' && atom.type === 'none')) return null
  }
  return out.length === 0 ? null : m.domain.joinAll(out)
}

/** Builtin types of plain data. */
export const BUILTIN_TYPES: ReadonlySet<string> = new Set([
  'str',
  'int',
  'float',
  'bool',
  'bytes',
  'list',
  'dict',
  'tuple',
  'set',
  'frozenset',
])

/** An instance of a class of the tree that nobody was seen to build: its attributes are those of the class. */
export function instanceByAnnotation(m: Machine, cls: ClassAtom): InstanceAtom {
  return m.domain.intern(`ann:${cls.id}`, () =>
    instanceDraft({ cls, ext: null, site: null, resolution: ASSUMED, multiple: true }),
  ) as InstanceAtom
}

export function externalByAnnotation(m: Machine, path: string): InstanceAtom {
  const type = m.catalogue.canonical(path)
  return m.domain.intern(`annx:${type}`, () =>
    instanceDraft({ cls: null, ext: type, site: null, resolution: ASSUMED, multiple: true }),
  ) as InstanceAtom
}

/** The class or classes that a type expression names. */
export function staticType(m: Machine, env: Env, x: Expr): Value | null {
  switch (x.k) {
    case 'name': {
      const cell = readingCell(m, env, x.id)
      const value = cell === null ? m.builtins.get(x.id) : m.domain.withoutUnbound(m.store.read(cell))
      return value === undefined || value.atoms.length === 0 ? (m.builtins.get(x.id) ?? null) : value
    }
    case 'attr': {
      const owner = staticType(m, env, x.o)
      return owner === null ? null : member(m, owner, x.n)
    }
    case 'sub': {
      const generic = staticType(m, env, x.o)
      const atom = generic?.atoms[0]
      if (atom?.kind === 'external' && TRANSPARENT.has(atom.path)) {
        const parts = x.i.k === 'tuple' ? (atom.path.endsWith('Annotated') ? x.i.xs.slice(0, 1) : x.i.xs) : [x.i]
        return joinTypes(
          m,
          parts.map((part) => staticType(m, env, part)),
        )
      }
      return generic
    }
    case 'bin':
      return x.op === '|' ? joinTypes(m, [staticType(m, env, x.l), staticType(m, env, x.r)]) : null
    case 'const':
      if (x.t === 'none') return m.domain.none
      return x.t === 'str' && typeof x.v === 'string' ? fromText(m, env, x.v) : null
    default:
      return null
  }
}

function joinTypes(m: Machine, types: readonly (Value | null)[]): Value | null {
  const known = types.filter((t) => t !== null)
  return known.length === types.length ? m.domain.joinAll(known) : null
}

/** A forward reference: dotted names, `| None` and Optional[…] of them. */
function fromText(m: Machine, env: Env, text: string): Value | null {
  const parts = text.split('|').map((part) => part.trim().replace(/^(?:typing\.)?Optional\[(.*)\]$/, '$1'))
  const types = parts.map((part) => {
    if (part === 'None') return m.domain.none
    if (!/^[\p{ID_Start}_][\p{ID_Continue}.]*$/u.test(part)) return null
    const [first = '', ...rest] = part.split('.')
    let value = staticType(m, env, { k: 'name', id: first, p: 0, e: 0 })
    for (const name of rest) value = value === null ? null : member(m, value, name)
    return value
  })
  return joinTypes(m, types)
}

function member(m: Machine, owner: Value, name: string): Value | null {
  const out: Value[] = []
  for (const atom of owner.atoms) {
    if (atom.kind === 'external') out.push(m.domain.external(`${atom.path}.${name}`, atom.resolution, atom.unresolved))
    else if (atom.kind === 'module' || atom.kind === 'class') {
      const cell = atom.fields.get(name)
      if (cell === undefined || cell.value === m.domain.unbound) return null
      out.push(m.store.read(cell))
    } else return null
  }
  return m.domain.joinAll(out)
}
