// Names of the standard library whose value decides conditions.
// Nothing that depends on the machine is decided.
import type { Machine } from '../machine/machine.ts'
import type { Value } from '../domain/values.ts'

/** Names of the standard library whose value is a constant for our purpose. */
export function constantOf(m: Machine, module: string, name: string): Value | null {
  if (name === 'TYPE_CHECKING' && module.startsWith('typing')) return m.domain.false
  if (module === 'sys' && (name === 'platform' || name === 'byteorder')) return m.domain.typed('str')
  return null
}
