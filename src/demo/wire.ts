// Sends an answer as bytes, well or badly. The only file that touches the response of node:http.
// A connection is broken by destroying its socket, so a client sees what it would see of a network that fails.
import type { ServerResponse } from 'node:http'
import type { Reply } from './replies.ts'
import type { Wire } from './faults.ts'

/** The body of a reply as bytes: JSON unless it is a string or bytes already. */
export function bodyBytes(body: unknown): Buffer {
  if (body === null || body === undefined) return Buffer.alloc(0)
  if (body instanceof Uint8Array) return Buffer.from(body)
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Sends the reply. Resolves when everything that will ever be sent has been handed over. */
export async function send(response: ServerResponse, reply: Reply, wire: Wire | undefined): Promise<void> {
  if (wire?.kind === 'hang') return
  if (wire?.kind === 'drop') {
    response.socket?.destroy()
    return
  }
  const bytes = bodyBytes(reply.body)
  const kept = wire?.kind === 'cut' ? bytes.subarray(0, wire.bytes) : bytes
  const broken = wire?.kind === 'cut' && wire.framing === 'broken'
  const length = (broken ? bytes : kept).length
  response.writeHead(reply.status, {
    'content-type': 'application/json; charset=utf-8',
    ...(reply.status === 204 ? {} : { 'content-length': `${length}` }),
    ...reply.headers,
  })
  if (wire?.kind === 'dribble') return dribble(response, bytes, wire.bytesPerSecond)
  if (!broken) {
    response.end(kept)
    return
  }
  response.write(kept, () => response.socket?.destroy())
}

const TICKS_PER_SECOND = 10

async function dribble(response: ServerResponse, bytes: Buffer, bytesPerSecond: number): Promise<void> {
  const step = Math.max(1, Math.round(bytesPerSecond / TICKS_PER_SECOND))
  const pause = (1000 * step) / bytesPerSecond
  for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
    response.write(bytes.subarray(at, at + step))
    await sleep(pause)
  }
  response.end()
}

/** Does not keep the process alive: a test that is over must not wait for a slow answer. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref())
}
