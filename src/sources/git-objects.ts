// Blobs by id from one long-lived `git cat-file --batch`. Programs are read in waves (a module, then what it imports), and a process for
// each wave would cost more than the blobs. Only ids go in, never paths, so no file name can be taken for anything else.
// The process keeps the program alive only while somebody waits for an answer; if it dies, what was asked is missing, not wrong.
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { startGit } from './git-process.ts'

export interface GitObjects {
  /** Contents by id; ids that the repository does not have, or that are no blobs, are left out. */
  readonly blobs: (ids: readonly string[]) => Promise<ReadonlyMap<string, Buffer>>
  readonly close: () => void
}

interface Request {
  readonly left: { count: number }
  readonly found: Map<string, Buffer>
  readonly done: () => void
}

const LF = 10

export function openObjects(directory: string): GitObjects {
  let child: ChildProcessWithoutNullStreams | null = null
  let waiting: Request[] = []
  let feed: ((chunk: Buffer) => void) | null = null

  const finish = (): void => {
    for (const request of waiting) request.done()
    waiting = []
  }
  const stop = (): void => {
    child?.stdin.destroy()
    child?.kill()
    child = null
    feed = null
    finish()
  }
  const answer = (content: Buffer | null, id: string): void => {
    const request = waiting[0]
    if (request === undefined) return
    if (content !== null) request.found.set(id, content)
    if (--request.left.count > 0) return
    waiting.shift()
    request.done()
    if (waiting.length === 0 && child !== null) hold(child, false)
  }
  const start = (): ChildProcessWithoutNullStreams => {
    const started = startGit(directory, ['cat-file', '--batch'])
    feed = batchReader(answer)
    started.stdout.on('data', (chunk: Buffer) => (started === child ? feed?.(chunk) : undefined))
    started.stderr.on('data', () => undefined)
    started.stdin.on('error', () => undefined)
    const ended = (): void => (started === child ? stop() : undefined)
    started.on('error', ended)
    started.on('close', ended)
    return started
  }
  const blobs: GitObjects['blobs'] = async (ids) => {
    const wanted = [...new Set(ids)].filter((id) => OBJECT_ID.test(id))
    const found = new Map<string, Buffer>()
    if (wanted.length === 0) return found
    child ??= start()
    const running = child
    hold(running, true)
    await new Promise<void>((done) => {
      waiting.push({ left: { count: wanted.length }, found, done })
      running.stdin.write(`${wanted.join('\n')}\n`)
    })
    return found
  }
  return { blobs, close: stop }
}

const OBJECT_ID = /^[0-9a-f]{40,64}$/

/** Whether the event loop waits for this process. The streams are sockets, which the types of the process do not say. */
function hold(child: ChildProcessWithoutNullStreams, on: boolean): void {
  const method = on ? 'ref' : 'unref'
  child[method]()
  for (const stream of [child.stdin, child.stdout, child.stderr]) {
    const socket: { ref?: () => void; unref?: () => void } = stream as object
    socket[method]?.()
  }
}

/**
 * Reads `<id> <type> <size>` LF, the bytes, LF (git-cat-file, "BATCH OUTPUT"); a missing object is `<id> missing` LF.
 * Chunks are joined only when an object crosses their border, so large answers are not copied twice.
 */
function batchReader(answer: (content: Buffer | null, id: string) => void): (chunk: Buffer) => void {
  let head = Buffer.alloc(0)
  let body: {
    readonly id: string
    readonly blob: boolean
    readonly size: number
    parts: Buffer[]
    have: number
  } | null = null
  return (chunk) => {
    let rest = chunk
    while (rest.length > 0) {
      if (body === null) {
        const end = rest.indexOf(LF)
        if (end < 0) {
          head = Buffer.concat([head, rest])
          return
        }
        const line = Buffer.concat([head, rest.subarray(0, end)]).toString('latin1')
        head = Buffer.alloc(0)
        rest = rest.subarray(end + 1)
        const [id = '', type = '', size] = line.split(' ')
        if (size === undefined) answer(null, id)
        else body = { id, blob: type === 'blob', size: Number(size), parts: [], have: 0 }
        continue
      }
      // one more byte than the content: the LF after it
      const part = rest.subarray(0, body.size + 1 - body.have)
      body.parts.push(part)
      body.have += part.length
      rest = rest.subarray(part.length)
      if (body.have <= body.size) return
      const { id, blob, size, parts } = body
      body = null
      const content = parts.length === 1 ? (parts[0] ?? part) : Buffer.concat(parts)
      answer(blob ? content.subarray(0, size) : null, id)
    }
  }
}
