// itertools that combine elements: product, permutations, combinations consume their arguments when they are called; compress and batched are lazy.
// Which elements come together is known where all of them are, as long as there are few.
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { only, type Value } from '../domain/values.ts'
import { lazy } from './iterating.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'

/** Most combinations that are told apart. */
const MAX_ROWS = 24

type Rows = readonly (readonly Value[])[]

/** A list of tuples; of any of the elements where they are not known one by one. */
function tuples(frame: Frame, call: NativeCall, rows: Rows | null, any: Value): Value {
  const { ops, domain } = frame.machine
  const { p, e } = call.site.site
  const tuple = (items: readonly Value[] | null, index: number): Value =>
    ops.newList(frame, { p, e: e + index }, items ?? any, 'tuple')
  const known = rows === null || rows.length > MAX_ROWS ? null : rows.map((items, index) => tuple(items, index + 1))
  return ops.newList(frame, call.site.site, known ?? (any.atoms.length === 0 ? domain.bottom : tuple(null, 0)))
}

const product: Native = (frame, call) => {
  const m = frame.machine
  const lists = call.args.pos.map((value) => m.ops.spread(frame, value, implied(call.site, 'iterate')))
  const isPlain = call.args.kw.size === 0 && call.args.restPos === null
  const any = m.domain.joinAll(lists.map((list) => list.any))
  let rows: Rows | null = isPlain ? [[]] : null
  for (const { elements } of lists)
    rows =
      rows === null || elements === null || rows.length * elements.length > MAX_ROWS
        ? null
        : rows.flatMap((row) => elements.map((item) => row.concat([item])))
  return tuples(frame, call, rows, any)
}

/** Rows of so many of the elements; `from` says which positions may come next. */
function chosen(
  elements: readonly Value[],
  count: number,
  from: (taken: readonly number[]) => readonly number[],
): Rows {
  let rows: readonly (readonly number[])[] = [[]]
  for (let i = 0; i < count && rows.length <= MAX_ROWS; i++)
    rows = rows.flatMap((taken) => from(taken).map((next) => taken.concat(next)))
  return rows.map((taken) => taken.flatMap((index) => elements[index] ?? []))
}

const choosing =
  (next: (taken: readonly number[]) => (index: number) => boolean): Native =>
  (frame, call) => {
    const m = frame.machine
    const { elements, any } = m.ops.spread(frame, argument(frame, call, 0), implied(call.site, 'iterate'))
    const given = argument(frame, call, 1, 'r')
    const size = given.atoms.length === 0 ? (elements?.length ?? null) : only(given)
    const count =
      typeof size === 'number' ? size : size?.kind === 'const' && typeof size.value === 'number' ? size.value : null
    if (elements === null || count === null) return tuples(frame, call, null, any)
    const positions = elements.map((_, index) => index)
    const rows = chosen(elements, count, (taken) => positions.filter(next(taken)))
    return tuples(frame, call, rows, any)
  }

export const COMBINATORICS: Natives = {
  'itertools.product': product,
  'itertools.permutations': choosing((taken) => (index) => !taken.includes(index)),
  'itertools.combinations': choosing((taken) => (index) => index > (taken.at(-1) ?? -1)),
  'itertools.combinations_with_replacement': choosing((taken) => (index) => index >= (taken.at(-1) ?? 0)),
  'itertools.compress': lazy('compress', 0),
  'itertools.batched': lazy('batched', 0),
}
