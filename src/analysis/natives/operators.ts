// The module `operator`: each function is the operator, the item access or the truth test that it is named after.
// What the language does for `a + b` is done for `operator.add(a, b)`, methods of the tree included.
import { augmentedValue } from '../language/augmenting.ts'
import { binary, compare, logicalNot, unaryOperation, type BinaryOperation } from '../language/operators.ts'
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'

const OPERATIONS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  truediv: '/',
  floordiv: '//',
  mod: '%',
  pow: '**',
  matmul: '@',
  lshift: '<<',
  rshift: '>>',
  and_: '&',
  or_: '|',
  xor: '^',
  concat: '+',
}
const COMPARISONS: Readonly<Record<string, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
  is_: 'is',
  is_not: 'is not',
}
const UNARY: Readonly<Record<string, string>> = { neg: '-', pos: '+', invert: '~', inv: '~' }

const operands = (frame: Frame, call: NativeCall, op: string): BinaryOperation => ({
  op,
  left: argument(frame, call, 0),
  right: argument(frame, call, 1),
})

const operation =
  (op: string): Native =>
  (frame, call) =>
    binary(frame, operands(frame, call, op), { ...call.site, step: 'operator' })

const augmenting =
  (op: string): Native =>
  (frame, call) =>
    augmentedValue(frame, operands(frame, call, op), { ...call.site, step: 'operator' })

const comparison =
  (op: string): Native =>
  (frame, call) =>
    compare(frame, operands(frame, call, op), { ...call.site, step: 'operator' })

const unary =
  (op: string): Native =>
  (frame, call) =>
    unaryOperation(frame, op, argument(frame, call, 0), { ...call.site, step: 'operator' })

const truth: Native = (frame, call) => {
  const m = frame.machine
  const { t, f } = m.ops.truth(frame, argument(frame, call, 0), call.site)
  return t && f ? m.domain.typed('bool') : t ? m.domain.true : m.domain.false
}

export const OPERATORS: Natives = {
  ...Object.fromEntries(Object.entries(OPERATIONS).map(([name, op]) => [`operator.${name}`, operation(op)])),
  ...Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, op]) => [`operator.i${name.replace('_', '')}`, augmenting(op)]),
  ),
  ...Object.fromEntries(Object.entries(COMPARISONS).map(([name, op]) => [`operator.${name}`, comparison(op)])),
  ...Object.fromEntries(Object.entries(UNARY).map(([name, op]) => [`operator.${name}`, unary(op)])),
  'operator.contains': (frame, call) => {
    const test = { op: 'in', left: argument(frame, call, 1), right: argument(frame, call, 0) }
    return frame.machine.ops.contains(frame, test, implied(call.site, 'operator'))
  },
  'operator.getitem': (frame, call) =>
    frame.machine.ops.getItem(frame, argument(frame, call, 0), argument(frame, call, 1), {
      ...call.site,
      step: 'operator',
    }),
  'operator.setitem': (frame, call) => {
    const write = { object: argument(frame, call, 0), key: argument(frame, call, 1), value: argument(frame, call, 2) }
    frame.machine.ops.setItem(frame, write, { ...call.site, step: 'operator' })
    return frame.machine.domain.none
  },
  'operator.delitem': (frame, call) => {
    const step = implied(call.site, 'operator')
    frame.machine.ops.deleteItem(frame, argument(frame, call, 0), argument(frame, call, 1), step)
    return frame.machine.domain.none
  },
  'operator.truth': truth,
  'operator.not_': (frame, call) => logicalNot(frame, argument(frame, call, 0), call.site),
}
