// collections.ChainMap: one dictionary with what each key gives. The first mapping that has a key wins.
// Must stay true: what is stored later goes into this dictionary, so that the mappings behind it keep what they had.
import { newContainer } from '../domain/containers.ts'
import type { Frame } from '../machine/machine.ts'
import type { Value } from '../domain/values.ts'
import { update } from './collections.ts'
import type { NativeCall, Natives } from './native.ts'

function chained(frame: Frame, mappings: readonly Value[], call: NativeCall): Value {
  const atom = newContainer(frame, 'dict', call.site.site)
  for (const mapping of mappings.toReversed()) update(frame, atom, mapping, call)
  return frame.machine.domain.of(atom)
}

export const CHAINS: Natives = {
  'collections.ChainMap': (frame, call) => chained(frame, call.args.pos, call),
  // a chain with one mapping more in front
  'dict.new_child': (frame, call) => chained(frame, [...call.args.pos, call.self ?? frame.machine.domain.bottom], call),
}
