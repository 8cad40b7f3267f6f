// Octokit's throttling and retry plug-ins, in the one order and with the settings under which they were measured to behave:
// throttling inside retry (the other order repeats a 429 after one second whatever it asks for), no status repeated whose repetition
// cannot help. What they get wrong is put right before they see it (transport.ts) or never left to them (client.ts).
import { Octokit } from '@octokit/rest'
import { retry } from '@octokit/plugin-retry'
import { throttling, type ThrottlingOptions } from '@octokit/plugin-throttling'
import type { WaitingBudget } from './limits.ts'
import type { Transport } from './transport.ts'

/** The one function of Octokit that is used. */
export type Requester = (
  route: string,
  parameters: Record<string, unknown>,
) => Promise<{ readonly data: unknown; readonly headers: object }>

/** Statuses that mean the same the second time; 429 belongs to the throttling plug-in. */
const NEVER_REPEATED = [400, 401, 403, 404, 405, 406, 409, 410, 413, 422, 429, 451]

/** The plug-in waits the squares of 1, 2 and 3: with half seconds 0.5, 2 and 4.5 s. */
const BACK_OFF = 0.5

export interface PluginSettings {
  readonly token: string
  readonly baseUrl: string
  readonly userAgent: string
  readonly transport: Transport
  readonly waiting: WaitingBudget
  /** length of the plug-ins' seconds; 1000 outside of tests */
  readonly millisecondsPerSecond: number
}

/** What sends requests: the client of @octokit/rest under both plug-ins. */
export function createRequester(settings: PluginSettings): Requester {
  const mayWait = (seconds: number, _options: unknown, _octokit: unknown, repeated: number): boolean =>
    settings.waiting.take(seconds * 2 ** repeated)
  const GitHub = Octokit.plugin(throttling, retry)
  const { request } = new GitHub({
    auth: settings.token,
    baseUrl: settings.baseUrl,
    userAgent: settings.userAgent,
    // the default prints to the console, past the only place where output is escaped
    log: SILENT,
    request: { fetch: settings.transport.fetch, log: SILENT },
    retry: { doNotRetry: NEVER_REPEATED, retryAfterBaseValue: settings.millisecondsPerSecond * BACK_OFF },
    throttle: {
      onRateLimit: mayWait,
      onSecondaryRateLimit: mayWait,
      retryAfterBaseValue: settings.millisecondsPerSecond,
      write: UNPACED,
      notifications: UNPACED,
    },
  })
  return request
}

const silent = (): void => undefined
const SILENT = { debug: silent, info: silent, warn: silent, error: silent }

/**
 * Replaces the plug-in's pacing, which counts GraphQL reads as writes (one a second) and spaces comments by three seconds; writes
 * are paced by the client instead, on the clock that it is given.
 */
const UNPACED = {
  key: () => ({
    schedule: async (
      _options: unknown,
      job: (...values: unknown[]) => unknown,
      ...values: unknown[]
    ): Promise<unknown> => job(...values),
  }),
} as unknown as NonNullable<ThrottlingOptions['write']>
