// Cuts Markdown to what a host stores. A cut falls between lines, never inside a fence, and says that it happened.
// Limits are the host's own where it publishes one and smaller where it does not.
import { Buffer } from 'node:buffer'
import { type Markdown, ownMarkdown } from './markdown.ts'

export interface Budget {
  /** UTF-16 units */
  readonly units: number
  /** bytes of UTF-8 */
  readonly bytes: number
}

/** Comment and review bodies: the error text says 65,536 characters; room is left for the marker line. */
export const BODY_BUDGET: Budget = { units: 60_000, bytes: 200_000 }
/** Summary of a check run: 65,535 (REST, "Create a check run"); not said whether characters or bytes, so both. */
export const CHECK_SUMMARY_BUDGET: Budget = { units: 65_535, bytes: 65_535 }
/** Job summary of one step: 1 MiB (actions/runner, FileCommandManager.cs); a larger one is not uploaded at all. */
export const JOB_SUMMARY_BUDGET: Budget = { units: 900 * 1024, bytes: 900 * 1024 }

const FENCE = /^[ \t]*(?:[-*>][ \t]*)*(`{3,}|~{3,})/

interface Cut {
  /** units of the text that may stay when the cut falls here */
  readonly units: number
  readonly openDetails: number
}

/** The body, or its beginning up to a line where no fence is open, followed by the note. */
export function fit(body: Markdown, budget: Budget, note: Markdown): Markdown {
  if (fits(body, budget)) return body
  const room: Budget = {
    units: budget.units - note.length - 200,
    bytes: budget.bytes - Buffer.byteLength(note) - 200,
  }
  const { units, openDetails } = lastSafeCut(body, room)
  return ownMarkdown(`${body.slice(0, units).trimEnd()}\n${'\n</details>'.repeat(openDetails)}\n\n${note}`)
}

function fits(body: string, budget: Budget): boolean {
  return body.length <= budget.units && Buffer.byteLength(body) <= budget.bytes
}

function lastSafeCut(body: string, room: Budget): Cut {
  let best: Cut = { units: 0, openDetails: 0 }
  let units = 0
  let bytes = 0
  let open = ''
  let openDetails = 0
  for (const line of body.split('\n')) {
    units += line.length + 1
    bytes += Buffer.byteLength(line) + 1
    if (units > room.units || bytes > room.bytes) return best
    const mark = FENCE.exec(line)?.[1] ?? ''
    if (open === '') open = mark
    else if (mark.startsWith(open) && line.trim() === mark) open = ''
    if (open !== '') continue
    if (line.startsWith('<details>')) openDetails += 1
    if (line.startsWith('</details>')) openDetails -= 1
    // between table rows or list items a cut is fine; a folded block is closed after it
    best = { units, openDetails }
  }
  return best
}
