// Every pull request of our own as data, in the order in which reports list them.
import { MOVES } from './moves.ts'
import { PLACES } from './places.ts'
import { POLICIES } from './policies.ts'
import { TEXTS } from './texts.ts'

/** For the pipeline alone; those about the policy need the Action, which reads the configuration. */
export const PIPELINE_CASES = [...PLACES, ...MOVES, ...TEXTS]
export const ALL_CASES = [...PIPELINE_CASES, ...POLICIES]
