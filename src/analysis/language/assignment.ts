// Binding values to targets: names, attributes, items, and unpacking (which iterates).
// A target that Python cannot assign to is evaluated and nothing more.
import type { Expr } from '../../ir/model.ts'
import { at } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { bind } from './names.ts'
import type { Value } from '../domain/values.ts'

/** Binds a value to a target: names, attributes, items, and unpacking (which iterates). */
export function assign(frame: Frame, target: Expr, value: Value): void {
  const m = frame.machine
  switch (target.k) {
    case 'name':
      return bind(m, frame.env, target.id, value)
    case 'attr':
      return m.ops.setAttribute(
        frame,
        { object: m.ops.evaluate(frame, target.o), name: target.n, value },
        at(frame, target, 'property'),
      )
    case 'sub':
      return m.ops.setItem(
        frame,
        { object: m.ops.evaluate(frame, target.o), key: m.ops.evaluate(frame, target.i), value },
        at(frame, target, 'operator'),
      )
    case 'tuple':
    case 'list':
      return unpack(frame, target.xs, value, target)
    case 'star':
      return assign(frame, target.x, value)
    default:
      // not an assignable target: the file does not parse, and says so
      m.ops.evaluate(frame, target)
  }
}

function unpack(frame: Frame, targets: readonly Expr[], value: Value, node: Expr): void {
  const m = frame.machine
  const spread = m.ops.spread(frame, value, at(frame, node, 'iterate'))
  const star = targets.findIndex((t) => t.k === 'star')
  const list = spread.elements
  // too many or too few: ValueError
  if (list === null || (star < 0 ? list.length !== targets.length : list.length < targets.length - 1))
    frame.summary.canRaise = true
  targets.forEach((target, index) => {
    if (target.k === 'star') {
      const middle = list === null ? null : list.slice(index, list.length - (targets.length - 1 - index))
      m.ops.assign(frame, target.x, m.ops.newList(frame, target, middle ?? spread.any))
      return
    }
    const position = star >= 0 && index > star && list !== null ? list.length - (targets.length - index) : index
    m.ops.assign(
      frame,
      target,
      list?.[position] ?? (spread.any.atoms.length > 0 ? spread.any : m.domain.unknown('unpacking')),
    )
  })
}
