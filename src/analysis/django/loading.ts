// What building calls of a query set change in what comes with its instances: relations joined to it or fetched after it, columns left out of it, or
// nothing at all (`none()`).
import type { Loads } from '../library/loads.ts'
import type { Value } from '../domain/values.ts'
import { stringOf, type CallArgs } from '../domain/values.ts'
import type { Machine } from '../machine/machine.ts'

/** What is carried on after a building call of a query set. */
export function loadsAfter(m: Machine, before: Loads, name: string, args: CallArgs): Loads {
  const builder = Object.hasOwn(BUILDERS, name) ? BUILDERS[name] : undefined
  return builder === undefined ? before : builder(before, namesIn(m, args), args)
}

type Builder = (before: Loads, names: readonly string[] | null, args: CallArgs) => Loads
const without = (loads: Loads, ...kinds: string[]): Loads =>
  loads.filter((one) => !kinds.some((kind) => one === kind || one.startsWith(`${kind}:`)))
const marked = (kind: string, names: readonly string[] | null): Loads => (names ?? ['*']).map((n) => `${kind}:${n}`)

/** `a__b` loads `a` as well. */
const steps = (path: string): string[] => {
  const parts = path.split('__')
  return parts.map((_, index) => parts.slice(0, index + 1).join('__'))
}

const relations: Builder = (before, names, args) => {
  const none = args.pos[0]?.atoms
  if (none?.length === 1 && none[0]?.kind === 'const' && none[0].type === 'none') return without(before, 'join')
  return [...before, ...marked('join', names === null || names.length === 0 ? null : names.flatMap(steps))]
}

const BUILDERS: Readonly<Record<string, Builder>> = {
  select_related: relations,
  prefetch_related: relations,
  only: (before, names) => [...without(before, 'only', 'without'), ...marked('only', names)],
  defer: (before, names) =>
    names?.length === 0 ? without(before, 'only', 'without') : [...before, ...marked('without', names)],
  none: (before) => [...before, 'empty'],
  // the result holds what the other one gives
  union: (before) => without(before, 'empty'),
}

/** The strings among the positional arguments, those that `Prefetch(...)` objects name too; null when one is not known. */
function namesIn(m: Machine, args: CallArgs): readonly string[] | null {
  if (args.restPos !== null) return null
  const out: string[] = []
  for (const value of args.pos) {
    const name = stringOf(value) ?? prefetched(value)
    if (name === null && value !== m.domain.none) return null
    if (name !== null) out.push(name)
  }
  return out
}

function prefetched(value: Value): string | null {
  const [atom] = value.atoms
  if (value.atoms.length !== 1 || atom?.kind !== 'instance' || atom.ext !== 'django.db.models.Prefetch') return null
  const { pos = [], kw = new Map<string, Value>() } = atom.pending?.args ?? {}
  const lookup = pos[0] ?? kw.get('lookup')
  return lookup === undefined || kw.has('to_attr') ? null : stringOf(lookup)
}

/** What the elements of a combination (`a | b`) carry: a query set without rows gives way to the other one. */
export const combined = (loads: Loads): Loads => without(loads, 'empty')

/** No query is sent, whatever is asked. */
export const isEmpty = (loads: Loads): boolean => loads.includes('empty')
