// Scripted misbehaviour: per route a queue of what goes wrong next. A behaviour says three separate things: whether the request is
// carried out, what is answered, and how the bytes travel. Entries that were never used are reported, so a test cannot pass because
// its fault did not happen.
import type { Reply } from './replies.ts'

export interface ScriptedReply {
  readonly status: number
  /** JSON, or a string or bytes that are sent as they are */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** How the bytes travel. Without it: whole, at once, correctly framed. */
export type Wire =
  /** the connection is closed without a byte */
  | { readonly kind: 'drop' }
  /** nothing is ever sent */
  | { readonly kind: 'hang' }
  /** only the first bytes of the body are sent; `complete`: with a length that fits them; `broken`: the announced rest never comes */
  | { readonly kind: 'cut'; readonly bytes: number; readonly framing: 'complete' | 'broken' }
  | { readonly kind: 'dribble'; readonly bytesPerSecond: number }

export interface Behaviour {
  /** how many requests it is for (default 1) */
  readonly times?: number
  /** requests that do not fit pass by and leave the entry in the queue */
  readonly when?: (request: FaultRequest) => boolean
  /** runs, and is waited for, before anything else: a push that moves the head, a second client that comes in between */
  readonly before?: () => unknown
  /** milliseconds before it is carried out */
  readonly delay?: number
  /** whether the request is carried out: all of it, nothing, or a review with its first n comments. Default: nothing if `reply` is an object, else all. */
  readonly apply?: 'all' | 'none' | number
  /** what is answered instead of, or made from, the true answer */
  readonly reply?: ScriptedReply | ((real: Reply) => ScriptedReply)
  readonly wire?: Wire
}

export interface FaultRequest {
  readonly method: string
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  readonly body: unknown
}

export interface Faults {
  /**
   * Queues behaviours for a route: a method and a path in which `*` stands for anything but a slash and `**` for anything,
   * such as `POST /repos/*\/*\/pulls/*\/reviews`.
   */
  readonly script: (pattern: string, behaviours: readonly Behaviour[]) => void
  readonly take: (request: FaultRequest) => Behaviour | null
  /** patterns of entries that are still waiting */
  readonly unused: () => string[]
}

interface Entry {
  readonly pattern: string
  readonly matches: RegExp
  readonly behaviour: Behaviour
  left: number
}

export function createFaults(): Faults {
  const queue: Entry[] = []
  return {
    script: (pattern, behaviours) => {
      for (const behaviour of behaviours)
        queue.push({ pattern, matches: compile(pattern), behaviour, left: behaviour.times ?? 1 })
    },
    take: (request) => {
      const line = `${request.method} ${request.path}`
      const at = queue.findIndex((entry) => entry.matches.test(line))
      const entry = queue[at]
      if (entry === undefined || entry.behaviour.when?.(request) === false) return null
      if (--entry.left <= 0) queue.splice(at, 1)
      return entry.behaviour
    },
    unused: () => queue.map((entry) => `${entry.pattern} (${entry.left} left)`),
  }
}

function compile(pattern: string): RegExp {
  const parts = pattern.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*'
    return part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`)
}
