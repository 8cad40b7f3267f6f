// Members as worker threads of Node: how many a machine is good for, how one is started, and what runs in it.
import { availableParallelism } from 'node:os'
import { parentPort, Worker } from 'node:worker_threads'
import { takePart } from './member.ts'
import type { Order, Reply, Thread } from './messages.ts'
import { createTeam, type ThreadTeam } from './team.ts'

/** Beyond this many the thread that puts everything together is what takes the time, and each needs memory of its own. */
const MOST_THREADS = 4
/** On two cores a team gains nothing: the tree of a million lines takes 12.6 s instead of 11.6 s (docs/precision.md). */
const FEWEST_CORES = 4
/**
 * The stack of a worker such that code of the same depth fits as on the main thread: V8 gives that one 984 KiB (`node --v8-options`, stack-size),
 * and Node keeps 192 KiB of a worker's (`kStackBufferSize` in src/node_worker.h).
 */
const STACK_MEBIBYTES = (984 + 192) / 1024

/**
 * Bytes of Python below which threads are started only on demand: each of them compiles the same program again, which takes three seconds of
 * processor time and pays off in trees of hundreds of thousands of lines.
 */
const SMALLEST_TREE = 16_000_000
/** Half of V8's default: the peak of two members falls by 50 MiB, their processor time stays. */
const YOUNG_MEBIBYTES = 24

/** Threads of a team: as many as are wanted, else one for each core where there are enough of them; 1 means no team. */
export function teamSize(wanted: number | null, cores: number): number {
  return wanted ?? (cores < FEWEST_CORES ? 1 : Math.min(cores, MOST_THREADS))
}

/**
 * A team of `wanted` threads, or of as many as pay on this machine. Null where that is one, and where the program runs from its sources, which a
 * thread cannot load. `moduleUrl`: the built file beside which worker.js lies.
 */
export function threadTeam(moduleUrl: string, wanted: number | null): ThreadTeam | null {
  const size = teamSize(wanted, availableParallelism())
  if (size < 2 || moduleUrl.endsWith('.ts')) return null
  const program = new URL('worker.js', moduleUrl)
  return createTeam(size, () => startWorker(program), wanted === null ? SMALLEST_TREE : 0)
}

function startWorker(program: URL): Thread {
  const worker = new Worker(program, {
    resourceLimits: { stackSizeMb: STACK_MEBIBYTES, maxYoungGenerationSizeMb: YOUNG_MEBIBYTES },
  })
  return {
    send: (order, transfer) => worker.postMessage(order, transfer),
    onReply: (listener) => worker.on('message', (reply: Reply) => listener(reply)),
    onEnd: (listener) => {
      // an error is told before the exit, and without a listener it would end the process
      worker.on('error', () => undefined)
      worker.once('exit', () => listener())
    },
    end: () => void worker.terminate(),
  }
}

/** What runs in a worker thread. */
export function serve(): void {
  const port = parentPort
  if (port === null) return
  takePart({
    reply: (reply) => port.postMessage(reply),
    onOrder: (listener) => port.on('message', (order: Order) => listener(order)),
  })
}
