// Call sites: where a call or read stands, how it is shown on the trace, and the expression, if one is written there. What the language or a library
// implies has the same place and no expression: conditions of catalogue rows on what is written must not see the expression of something else.
import type { Expr } from '../../ir/model.ts'
import { RESOLVED, type Resolution, type Site } from '../domain/values.ts'
import type { CallSite, Frame, StepName } from './machine.ts'

/** What stands somewhere in a file, from `p` to `e`. */
export interface Node {
  readonly p: number
  readonly e: number
}

/** Tells the calls of a function body apart. Numbers are counted faster than texts are; nothing but calls of this length and more could be taken for another. */
const LONGEST_CALL = 4096

/** What a call is counted under: it was reached, it was followed. */
export function callKey(node: Node): number {
  return node.p * LONGEST_CALL + (node.e - node.p)
}

/** The place of a node; in the text of an `exec`, the place of the call that runs it. */
export function siteOf(frame: Frame, node: Node): Site {
  return frame.standsAt ?? { module: frame.module.info, p: node.p, e: node.e }
}

/** A call or read at a node that is not itself that call: what the language does there. */
export function at(frame: Frame, node: Node, step: StepName, resolution: Resolution = RESOLVED): CallSite {
  return unwritten(siteOf(frame, node), step, resolution)
}

/** A call or read at a place, without an expression of its own. */
export function unwritten(site: Site, step: StepName, resolution: Resolution = RESOLVED): CallSite {
  return { site, step, resolution, expr: null }
}

/** The call or read that this expression is. */
export function written(frame: Frame, expr: Expr, step: StepName): CallSite {
  return { site: siteOf(frame, expr), step, resolution: RESOLVED, expr }
}

/** A call or read that what stands at this place implies. */
export function implied(site: CallSite, step: StepName = site.step): CallSite {
  return { ...site, step, expr: null }
}
