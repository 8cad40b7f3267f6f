// `a += b` and the like: the operand changes in place where its type can, otherwise the operator makes a new value.
// Also the functions of the module `operator` that are named after it.
import { forEachAsked } from '../machine/alternatives.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { positional, type Value } from '../domain/values.ts'
import { binary, OPERATOR_NAMES, type BinaryOperation } from './operators.ts'

/** What the target holds afterwards. `op` is the operator without its `=`. */
export function augmentedValue(frame: Frame, operation: BinaryOperation, site: CallSite): Value {
  const m = frame.machine
  const { op, left, right: value } = operation
  const out: Value[] = []
  const name = OPERATOR_NAMES.get(op) ?? 'add'
  forEachAsked(frame, left, [`__i${name}__`, `__${name}__`], (atom) => {
    const method = m.ops.typeMethod(frame, atom, `__i${name}__`)
    const grows = atom.kind === 'container' && (op === '|' || (op === '+' && atom.type === 'list'))
    if (method !== null) out.push(m.ops.call(frame, method, positional(value), implied(site)))
    else if (grows) {
      m.ops.extend(frame, atom, value, site)
      out.push(m.domain.of(atom))
    } else out.push(binary(frame, { op, left: m.domain.of(atom), right: value }, site))
  })
  return m.domain.joinAll(out)
}
