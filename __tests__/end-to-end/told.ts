// One run of the built Action on a pull request, reduced to what tests compare. A run after which something does not hold that always has
// to hold fails at once, with the list of what it is.
import { expect } from '@jest/globals'
import type { PullRequest } from '../../src/demo/state.ts'
import { problemsAfter } from './aftermath.ts'
import { pageOf, type SeenComment, type SeenPage } from './page.ts'
import type { Acted, Acting, Stage } from './stage.ts'

export interface Told extends SeenPage {
  readonly exit: number | null
  readonly verdict: string | undefined
  /** requests of this run that change something */
  readonly writes: readonly string[]
  readonly run: Acted
}

export async function tell(stage: Stage, pull: PullRequest, options?: Acting): Promise<Told> {
  const run = await stage.review(pull, options)
  expect(problemsAfter(stage, run, pull)).toEqual([])
  const { exitCode: exit, writes, outputs } = run
  return { exit, verdict: outputs['verdict'], writes, ...pageOf(stage.github, pull), run }
}

/** Everything but the run itself. */
export function seen({ exit, verdict, writes, comments, reviews, checks }: Told): Omit<Told, 'run'> {
  return { exit, verdict, writes, comments, reviews, checks }
}

export const open = (at: string, title: string): SeenComment => ({ at, title, form: 'open' })
export const fixed = (at: string, title: string): SeenComment => ({ at, title, form: 'fixed' })

/** Requests that change something, as `writes` has them. */
export const REVIEW = 'POST /pulls/1/reviews 200'
export const EDIT = 'PATCH /pulls/comments/:id 200'
export const SUMMARY = 'PUT /pulls/1/reviews/:id 200'
export const CHECK = 'POST /check-runs 201'

/** The notices of a run, without what stands around them. */
export function notices({ stdout }: Acted): string[] {
  return [...stdout.matchAll(/^::notice title=PhaseGate::(.*)$/gm)].map((match) => match[1] ?? '')
}
