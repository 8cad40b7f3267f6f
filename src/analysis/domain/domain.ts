// The domain: makes and interns atoms and values, joins them, and widens what gets too large. Equal values are one object.
// Ids are handed out in order, so that they are the same from run to run.
import {
  RESOLVED,
  type Atom,
  type ClassAtom,
  type InstanceAtom,
  type Resolution,
  type Site,
  type Value,
} from './values.ts'

/** Most atoms a value may hold before it becomes unknown. */
export const MAX_ATOMS = 8
/** Most different string constants of one value before they become an unknown string. */
export const MAX_STRINGS = 4
/** Most objects of one class in a value that has many possibilities. */
export const MAX_INSTANCES = 3
type Draft<T extends Atom> = T extends Atom ? Omit<T, 'id' | 'single'> : never

/** Makes and interns atoms and values. One per program analysis, so that ids are reproducible from run to run. */
export class Domain {
  nextId = 1
  private readonly interned = new Map<string, Atom>()
  /** interned constants by type and value */
  private readonly constants = new Map<string, Map<string | number | boolean | null, Value>>()
  private readonly values = new Map<string, Value>()
  private readonly joins = new Map<Value, Map<Value, Value>>()
  /** the keys of dictionaries that are no plain constants, by the slot they are kept under */
  readonly keys = new Map<string, Value>()
  /** how often an object was left out of a value because others of its class stand for it */
  private folds = 0
  /** told when an instance is folded into another one of its class, which from then on stands for both */
  onFold: (kept: InstanceAtom, folded: InstanceAtom) => void = () => undefined
  readonly bottom: Value = { id: 0, atoms: [] }
  readonly none: Value = this.constant('none', null)
  readonly true: Value = this.constant('bool', true)
  readonly false: Value = this.constant('bool', false)
  readonly unbound: Value = this.of(this.intern('unbound', () => ({ kind: 'unbound' })))

  private fresh(): number {
    return this.nextId++
  }

  make<T extends Draft<Atom>>(draft: T): Extract<Atom, { kind: T['kind'] }> {
    return Object.assign(draft, { id: this.fresh(), single: null }) as unknown as Extract<Atom, { kind: T['kind'] }>
  }

  intern(key: string, make: () => Draft<Atom>): Atom {
    let atom = this.interned.get(key)
    if (atom === undefined) {
      atom = this.make(make())
      this.interned.set(key, atom)
    }
    return atom
  }

  of(atom: Atom): Value {
    let value = atom.single
    if (value === null) {
      value = { id: this.fresh(), atoms: [atom] }
      atom.single = value
    }
    return value
  }

  constant(type: string, value: string | number | boolean | null): Value {
    let known = this.constants.get(type)
    if (known === undefined) {
      known = new Map()
      this.constants.set(type, known)
    }
    let constant = known.get(value)
    if (constant === undefined) {
      constant = this.of(this.intern(`c:${type}:${String(value)}`, () => ({ kind: 'const', type, value })))
      known.set(value, constant)
    }
    return constant
  }

  typed(type: string): Value {
    return this.of(this.intern(`t:${type}`, () => ({ kind: 'typed', type })))
  }

  unknown(reason: string, carriesDatabase = false): Value {
    return this.of(this.intern(`u:${reason}:${carriesDatabase}`, () => ({ kind: 'unknown', reason, carriesDatabase })))
  }

  external(path: string, resolution: Resolution = RESOLVED, unresolved = false): Value {
    return this.of(
      this.intern(`x:${path}:${resolution}:${unresolved}`, () => ({ kind: 'external', path, resolution, unresolved })),
    )
  }

  native(name: string, self: Value | null = null): Value {
    return this.of(this.intern(`n:${name}:${self?.id ?? ''}`, () => ({ kind: 'native', name, self })))
  }

  special(type: string, parts: readonly Value[], names: readonly string[] = [], site: Site | null = null): Value {
    const place = site === null ? '' : `${site.module.file}:${site.p}`
    const key = `s:${type}:${parts.map((v) => v.id).join(',')}:${names.join(',')}:${place}`
    return this.of(this.intern(key, () => ({ kind: 'special', type, parts, names, site })))
  }

  bound(func: Atom, self: Atom): Value {
    return this.of(this.intern(`b:${func.id}:${self.id}`, () => ({ kind: 'bound', func, self })))
  }

  /** The functions as methods of an object. */
  boundTo(functions: Value, self: Atom): Value {
    return this.joinAll(functions.atoms.map((func) => this.bound(func, self)))
  }

  superOf(start: ClassAtom, self: Atom): Value {
    return this.of(this.intern(`super:${start.id}:${self.id}`, () => ({ kind: 'super', start, self })))
  }

  private set(atoms: readonly Atom[]): Value {
    const [first] = atoms
    if (first === undefined) return this.bottom
    if (atoms.length === 1) return this.of(first)
    const key = atoms.map((a) => a.id).join(',')
    let value = this.values.get(key)
    if (value === undefined) {
      value = { id: this.fresh(), atoms }
      this.values.set(key, value)
    }
    return value
  }

  /** The union of two values, widened where it gets too large: strings first, then everything. */
  join(a: Value, b: Value): Value {
    if (a === b || b.atoms.length === 0) return a
    if (a.atoms.length === 0) return b
    let partners = this.joins.get(a)
    let joined = partners?.get(b)
    if (joined === undefined) {
      const atoms = merged(a.atoms, b.atoms)
      const { folds } = this
      // whatever has to be widened is, in the order of the values
      joined = atoms.length > MAX_STRINGS ? this.union([...a.atoms, ...b.atoms]) : this.set(atoms)
      // the objects that stand for others hold what those hold now: another time that is something else
      if (this.folds !== folds) return joined
      if (partners === undefined) {
        partners = new Map()
        this.joins.set(a, partners)
      }
      partners.set(b, joined)
    }
    return joined
  }

  union(all: readonly Atom[]): Value {
    const byId = new Map<number, Atom>()
    for (const atom of all) byId.set(atom.id, atom)
    let atoms = [...byId.values()]
    if (atoms.length > MAX_STRINGS) atoms = this.foldInstances(this.foldConstants(atoms))
    if (atoms.length > MAX_ATOMS) {
      const carries = atoms.some(
        (a) =>
          (a.kind === 'unknown' && a.carriesDatabase) ||
          a.kind === 'function' ||
          a.kind === 'bound' ||
          a.kind === 'instance',
      )
      const kept = atoms.filter((a) => a.kind === 'unbound')
      atoms = [...this.unknown('too-many-targets', carries).atoms, ...kept]
    }
    return this.set(atoms.toSorted((x, y) => x.id - y.id))
  }

  /** More than MAX_STRINGS constants of one type become "some value of that type". */
  private foldConstants(atoms: readonly Atom[]): Atom[] {
    const counts = new Map<string, number>()
    for (const atom of atoms) if (atom.kind === 'const') counts.set(atom.type, (counts.get(atom.type) ?? 0) + 1)
    const out = new Map<number, Atom>()
    for (const atom of atoms) {
      const folded =
        atom.kind === 'const' && (counts.get(atom.type) ?? 0) > MAX_STRINGS ? this.typed(atom.type).atoms[0] : atom
      if (folded !== undefined) out.set(folded.id, folded)
    }
    return [...out.values()]
  }

  /** More than MAX_INSTANCES objects of one class: the first ones stand for all. */
  private foldInstances(atoms: readonly Atom[]): Atom[] {
    const kept = new Map<ClassAtom, InstanceAtom[]>()
    const out: Atom[] = []
    for (const atom of atoms) {
      if (atom.kind !== 'instance' || atom.cls === null) {
        out.push(atom)
        continue
      }
      const group = kept.get(atom.cls)
      const representative = group?.[0]
      if (group === undefined || representative === undefined) kept.set(atom.cls, [atom])
      else if (group.length < MAX_INSTANCES) group.push(atom)
      else {
        this.folds++
        this.onFold(representative, atom)
        continue
      }
      out.push(atom)
    }
    return out
  }

  filter(value: Value, keep: (atom: Atom) => boolean): Value {
    if (value.atoms.every(keep)) return value
    return this.set(value.atoms.filter(keep))
  }

  /** The same without the possibility that nothing is bound. */
  withoutUnbound(value: Value): Value {
    return this.filter(value, isBound)
  }

  joinAll(values: Iterable<Value>): Value {
    let out = this.bottom
    for (const value of values) out = this.join(out, value)
    return out
  }
}

function isBound(atom: Atom): boolean {
  return atom.kind !== 'unbound'
}

/** The atoms of both, each once; all three in the order of their ids. */
function merged(a: readonly Atom[], b: readonly Atom[]): Atom[] {
  const out: Atom[] = []
  let i = 0
  let j = 0
  for (;;) {
    const x = a[i]
    const y = b[j]
    if (x === undefined) return y === undefined ? out : out.concat(b.slice(j))
    if (y === undefined) return out.concat(a.slice(i))
    out.push(x.id <= y.id ? x : y)
    if (x.id <= y.id) i++
    if (y.id <= x.id) j++
  }
}
