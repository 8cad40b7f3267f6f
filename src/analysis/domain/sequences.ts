// Sequences: elements in order where they are known and few, otherwise their union until the state is stable.
// The meaning of every loop rests on these two ways.
import type { Node } from '../machine/sites.ts'
import type { Value } from './values.ts'
import { MAX_UNROLLED, fill, makeTuple, newContainer } from './containers.ts'
import { stabilise } from '../language/loops.ts'
import type { Frame } from '../machine/machine.ts'
import { handOut } from '../suspended/renewal.ts'

export type OnElement = (element: Value) => boolean

export function sequence(frame: Frame, list: readonly Value[] | null, any: Value, on: OnElement): boolean {
  const m = frame.machine
  if (list !== null && list.length <= MAX_UNROLLED) {
    const outer = m.unrolled
    let goesOn = true
    for (const element of list) handOut(m, element)
    for (let i = 0; i < list.length && goesOn; i++) {
      m.unrolled = deeper(outer, i)
      goesOn = on(list[i] ?? m.domain.bottom) && !m.stopped
    }
    m.unrolled = outer
    return goesOn
  }
  if (list === null && any.atoms.length === 0) return unknownElements(frame, on)
  handOut(m, any)
  return stabilise(frame, list !== null, () => on(any))
}

/** Loops inside of each other whose positions tell objects apart. */
const DEEPEST = 2

function deeper(outer: string, position: number): string {
  return outer.split('.').length > DEEPEST ? outer : `${outer}.${position}`
}

export function unknownElements(frame: Frame, on: OnElement): boolean {
  return stabilise(frame, false, () => on(frame.machine.domain.unknown('element')))
}

/** A fresh list (or tuple) of these elements, in order; of an unknown number of them where only their union is known. */
export function newList(frame: Frame, node: Node, elements: readonly Value[] | Value, type = 'list'): Value {
  const m = frame.machine
  const isUnion = 'atoms' in elements
  if (type === 'tuple' && !isUnion) return makeTuple(frame, node, elements)
  const atom = newContainer(frame, type, node)
  if (isUnion) fill(m, atom, [], elements)
  else fill(m, atom, elements, null)
  return m.domain.of(atom)
}
