// What the threads say to each other. Everything is plain data: entry points name modules by their files, sources are bytes.
import type { Whole } from '../analysis/evidence/fact-store.ts'
import type { Found, SharedTree } from '../review/team.ts'
import type { UnreadableFile } from '../program/model.ts'

/** To a member. */
export type Order =
  | ({ readonly kind: 'tree'; readonly tree: number } & Omit<SharedTree, 'reader'>)
  | {
      readonly kind: 'run'
      readonly tree: number
      /** entry points without modules */
      readonly requests: unknown
      /** pairs of a service's name and the entry points that register it, without modules */
      readonly providers: unknown
      readonly asking: ReadonlyMap<string, readonly string[]>
      readonly whole: Whole
    }
  | {
      readonly kind: 'bytes'
      readonly ticket: number
      readonly contents: ReadonlyMap<string, Uint8Array | UnreadableFile>
    }

/** From a member. */
export type Reply =
  | { readonly kind: 'read'; readonly tree: number; readonly ticket: number; readonly paths: readonly string[] }
  | ({ readonly kind: 'found' } & Found)

/** Our end of a connection to a member. */
export interface Thread {
  send(order: Order, transfer: readonly ArrayBuffer[]): void
  onReply(listener: (reply: Reply) => void): void
  /** called once when no reply will come any more, whatever the reason */
  onEnd(listener: () => void): void
  end(): void
}

/** A member's end. */
export interface Connection {
  reply(reply: Reply): void
  onOrder(listener: (order: Order) => void): void
}
