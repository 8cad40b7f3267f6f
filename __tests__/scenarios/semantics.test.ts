// What runs when, one language feature a case, measured with CPython: every case is reviewed whole and has to find the probe's calls in the
// phase in which CPython ran them, and no others.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { Phase, Review } from '../../src/findings/model.ts'
import { reviewFiles, type Files } from '../support/review-files.ts'

type When = Phase | 'none'
interface Case {
  readonly id: string
  readonly theme: string
  readonly feature: string
  readonly phases: readonly When[]
  readonly alsoAccepted?: readonly When[]
  readonly operations: readonly { readonly phase: Phase; readonly file: string; readonly line: number }[]
  readonly files: Files
}

const { about, cases } = JSON.parse(readFileSync(new URL('semantics.json', import.meta.url), 'utf8')) as {
  readonly about: { readonly configuration: string }
  readonly cases: readonly Case[]
}

interface Seen {
  readonly phases: readonly When[]
  /** `phase file:line` of every call of the probe */
  readonly operations: readonly string[]
}

function seen({ findings }: Review): Seen {
  const operations = findings.flatMap(({ phase, operations: found }) =>
    found.map(({ file, line }): { phase: When; place: string } => ({
      phase: phase ?? 'none',
      place: `${phase} ${file}:${line}`,
    })),
  )
  const phases = [...new Set(operations.map(({ phase }) => phase))]
  return { phases: phases.length === 0 ? ['none'] : phases, operations: operations.map(({ place }) => place) }
}

/** Phases and places that are wrong or missing. */
function differences({ phases, alsoAccepted = [], operations }: Case, found: Seen): string[] {
  const extra = found.phases.filter((phase) => !phases.includes(phase) && !alsoAccepted.includes(phase))
  const missing = phases.filter(
    (phase) => !found.phases.includes(phase) && !alsoAccepted.some((other) => found.phases.includes(other)),
  )
  const places = operations.map(({ phase, file, line }) => `${phase} ${file}:${line}`)
  return [
    ...extra.map((phase) => `runs ${phase}, which is wrong`),
    ...missing.map((phase) => `does not run ${phase}`),
    ...(alsoAccepted.length > 0
      ? []
      : places.filter((place) => !found.operations.includes(place)).map((place) => `misses ${place}`)),
    ...(alsoAccepted.length > 0
      ? []
      : found.operations.filter((place) => !places.includes(place)).map((place) => `${place} never ran`)),
  ]
}

describe.each([...new Set(cases.map(({ theme }) => theme))])('%s', (theme) => {
  test.each(cases.filter((it) => it.theme === theme).map((it) => [it.id, it.feature, it] as const))(
    '%s: %s',
    async (_id, _feature, it) => {
      expect(differences(it, seen(await reviewFiles(it.files, null, about.configuration)))).toEqual([])
    },
  )
})
