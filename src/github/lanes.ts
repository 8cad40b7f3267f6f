// How many requests run at once: reads a few in parallel, writes one after the other and a second apart (GitHub: "Best practices for
// using the REST API"). Waiting goes through the clock that is given, so that no test sleeps.

export interface Clock {
  /** milliseconds since 1970 */
  readonly now: () => number
  readonly wait: (milliseconds: number) => Promise<void>
}

export interface Lanes {
  readonly read: <T>(job: () => Promise<T>) => Promise<T>
  readonly write: <T>(job: () => Promise<T>) => Promise<T>
}

const READS_AT_ONCE = 4
/** Milliseconds between the beginnings of two writes. */
const WRITE_GAP = 1000

export function createLanes(clock: Clock): Lanes {
  const waiting: (() => void)[] = []
  let reading = 0
  let lastWrite = Number.NEGATIVE_INFINITY
  let writes: Promise<unknown> = Promise.resolve()

  const read = async <T>(job: () => Promise<T>): Promise<T> => {
    if (reading >= READS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    else reading += 1
    try {
      return await job()
    } finally {
      // the place goes straight to the next one, so the count never shows it as free
      const next = waiting.shift()
      if (next === undefined) reading -= 1
      else next()
    }
  }

  const paced = async <T>(job: () => Promise<T>): Promise<T> => {
    const left = lastWrite + WRITE_GAP - clock.now()
    if (left > 0) await clock.wait(left)
    lastWrite = clock.now()
    return job()
  }
  const write = <T>(job: () => Promise<T>): Promise<T> => {
    const result = writes.then(() => paced(job))
    writes = result.catch(() => undefined)
    return result
  }
  return { read, write }
}
