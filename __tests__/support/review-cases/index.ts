// Every pull request of our own as data, in the order in which reports list them.
import type { ReviewCase } from './model.ts'
import { MOVES } from './moves.ts'
import { PLACES } from './places.ts'
import { POLICIES } from './policies.ts'
import { TEXTS } from './texts.ts'

/** For the pipeline alone; those about the policy need the Action, which reads the configuration. */
export const PIPELINE_CASES = [...PLACES, ...MOVES, ...TEXTS]

/**
 * One finding, on one line, nothing deleted: how such a comment comes to the page does not depend on what led to the finding,
 * so one of them goes through the built Action for all.
 */
const isPlain = ({ change, expect }: ReviewCase): boolean => {
  const places = (expect.new ?? []).map(({ placement }) => placement)
  return (
    Object.values(change).every((text) => text !== null) &&
    places.length === 1 &&
    places.every((place) => place.length === 1 && /:\d+$/.test(place[0] ?? ''))
  )
}

/** Through the built Action: what the pipeline does not see (texts as they come over the wire, policies), and every kind of place. */
export const ACTION_CASES = [
  ...[...PLACES, ...MOVES].filter((it, at) => at === 0 || !isPlain(it)),
  ...TEXTS,
  ...POLICIES,
]
