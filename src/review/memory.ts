// Memory of one run. V8 lets its heap grow to four times of what is in use before it looks what can go; an analysis makes much that goes soon.
// Must stay true: it changes when memory is given back, never a result.
import { setFlagsFromString } from 'node:v8'

/** Percent by which the heap may grow between two full collections (V8's `--heap-growing-percent`): at 100 peak memory halves, processor time stays. */
const HEAP_GROWTH = 100

/** For the whole process; called once by whoever starts it. */
export function boundHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`)
}
