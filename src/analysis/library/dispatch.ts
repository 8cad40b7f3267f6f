// functools.singledispatch: implementations are kept in a cell per registered type.
// A receiver of unknown type may reach every implementation that its type does not rule out.
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, type Atom, type CallArgs, type SpecialAtom, type Value } from '../domain/values.ts'

/** functools.singledispatch: implementations are kept in a slot per registered type. */
export function dispatch(frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const registry = registryOf(m, atom)
  const entries = [...registry.entries()].filter(([, cell]) => m.store.read(cell) !== m.domain.unbound)
  const receiver = args.pos[atom.names.includes('method') ? 1 : 0] ?? m.domain.bottom
  const chosen: Value[] = []
  for (const x of receiver.atoms) {
    const matching = entries.filter(([type]) => m.ops.isInstance(x, type) !== false)
    const certain = matching.filter(([type]) => m.ops.isInstance(x, type) === true)
    const best = certain.at(-1) ?? null
    if (best !== null) chosen.push(m.store.read(best[1]))
    else chosen.push(atom.parts[0] ?? m.domain.bottom, ...matching.map(([, cell]) => m.store.read(cell)))
  }
  return m.ops.call(frame, m.domain.joinAll(chosen), args, implied(site))
}

/** `f.dispatch(cls)`: the implementation for a class. */
export function implementation(m: Machine, atom: Atom | null, type: Value): Value {
  if (atom?.kind !== 'special') return m.domain.unknown('special')
  const registry = registryOf(m, atom)
  const chosen = type.atoms.map((cls) => {
    const lineage = cls.kind === 'class' ? cls.mro : [cls]
    for (const base of lineage) {
      const cell = registry.get(base)
      if (cell !== undefined && m.store.read(cell) !== m.domain.unbound) return m.store.read(cell)
    }
    return atom.parts[0] ?? m.domain.bottom
  })
  return m.domain.joinAll(chosen)
}

function registryOf(m: Machine, atom: SpecialAtom): Map<Atom, ReturnType<typeof m.store.cell>> {
  let registry = m.registries.get(atom)
  if (registry === undefined) {
    registry = new Map()
    m.registries.set(atom, registry)
  }
  return registry
}

export function register(m: Machine, atom: SpecialAtom, args: CallArgs): Value {
  const owner = only(atom.parts[0] ?? m.domain.bottom)
  if (owner?.kind !== 'special') return args.pos[0] ?? m.domain.bottom
  const [first, second] = args.pos
  const f = second ?? first ?? m.domain.bottom
  const pending = atom.parts[1]
  const func = only(f)
  const isType = func?.kind === 'class' || func?.kind === 'native' || func?.kind === 'external'
  if (second === undefined && pending === undefined && isType)
    return m.domain.special('register', [m.domain.of(owner), f])
  const annotation = func?.kind === 'function' ? func.fn.params[func.owner === null ? 0 : 1]?.annotation : null
  const types =
    second !== undefined
      ? first
      : (pending ??
        (func?.kind === 'function' && annotation !== null && annotation !== undefined
          ? (m.ops.staticType(func.env, annotation) ?? undefined)
          : undefined))
  for (const type of types?.atoms ?? []) {
    m.store.write(m.store.cellIn(registryOf(m, owner), type, 0), f)
  }
  return f
}
