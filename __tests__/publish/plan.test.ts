// The plan, row by row: what is there, what the review says now, what has to happen. A run before it has made what is there, so that the
// bodies are the real ones.
import { describe, expect, test } from '@jest/globals'
import type { PlacedFinding, Review } from '../../src/findings/model.ts'
import { markerLine, readMarker } from '../../src/publish/marker.ts'
import type { ExistingComment } from '../../src/publish/model.ts'
import { isEmpty, planReview, type Plan, type PlanContext } from '../../src/publish/plan.ts'
import { publishReview } from '../../src/publish/publish.ts'
import { memoryPull, type MemoryPull } from './pull-request.ts'
import { BASE, CONTEXT, HEAD, NEXT_HEAD, REPORT, entryOf, finding, onLine, operation, review } from './samples.ts'

const OPTIONS = { ...CONTEXT, wait: async () => undefined, stopped: () => false, number: 7, locked: false }

async function after(first: Review, context: Partial<PlanContext> = {}): Promise<MemoryPull> {
  const pull = memoryPull()
  await publishReview({ review: first, report: REPORT }, pull.gateway, { ...OPTIONS, ...context })
  pull.writes.length = 0
  return pull
}

function planned(pull: MemoryPull, now: Review, context: Partial<PlanContext> = {}): Plan {
  return planReview({ review: now, report: REPORT }, pull, { ...CONTEXT, ...context })
}

function change(pull: MemoryPull, at: number, more: Partial<ExistingComment>): void {
  const comment = pull.comments[at]
  if (comment !== undefined) pull.comments[at] = { ...comment, ...more }
}

const fingerprints = (marks: readonly { fingerprint: string }[]): string => marks.map((it) => it.fingerprint).join('+')

/** A plan in words. */
function told({ alone, batches, review: said, edits, remove, shrink }: Plan): string[] {
  return [
    ...alone.map(({ marks, comment }) => `alone ${fingerprints(marks)} on ${comment.placement.kind}`),
    ...batches.map((batch) => `batch ${batch.map(({ marks }) => fingerprints(marks)).join(' ')}`),
    ...(said.kind === 'create'
      ? [`review ${fingerprints(said.marks)}`]
      : said.kind === 'update'
        ? ['summary edited']
        : []),
    ...edits.map(
      ({ form, body, resolve }) =>
        `${form} ${fingerprints(readMarker(body)?.findings ?? [])}${resolve === null ? '' : ' resolve'}`,
    ),
    ...remove.map((id) => `remove ${id}`),
    ...shrink.map(() => 'shrink'),
  ]
}

const A = finding('a')
const incomplete = (name: string, decides = true): Partial<Review> => ({
  verdict: 'incomplete',
  incomplete: [
    { file: 'x.py', line: 1, reason: 'syntax-error', message: 'bad', entryPoints: [entryOf(name)], decides },
  ],
})
const suppressed: Partial<PlacedFinding> = { suppression: { kind: 'inSource', reason: 'known' } }
const more = { operations: [operation(9), operation(10, 'session.commit()')] }

interface Row {
  readonly name: string
  readonly was?: readonly PlacedFinding[]
  readonly comment?: Partial<ExistingComment>
  readonly deleted?: true
  readonly now: readonly PlacedFinding[]
  readonly review?: Partial<Review>
  readonly expected: readonly string[]
}

const ROWS: readonly Row[] = [
  { name: 'new, no comment', was: [], now: [A], expected: ['batch a', 'review a'] },
  { name: 'new, a human deleted the comment', deleted: true, now: [A], expected: [] },
  {
    name: 'deleted, but work was added since',
    deleted: true,
    now: [finding('a', more)],
    expected: ['batch a', 'review a', 'shrink'],
  },
  { name: 'deleted, and work was taken away since', was: [finding('a', more)], deleted: true, now: [A], expected: [] },
  { name: 'new, open, same text', now: [A], expected: [] },
  { name: 'new, open, other text', now: [finding('a', more)], expected: ['summary edited', 'text a'] },
  { name: 'new, outdated', comment: { outdated: true, line: null }, now: [A], expected: [] },
  { name: 'new, resolved by a human', comment: { resolved: true }, now: [A], expected: [] },
  {
    name: 'outdated, work was added',
    comment: { outdated: true },
    now: [finding('a', more)],
    expected: ['batch a', 'review a', 'shrink'],
  },
  {
    name: 'resolved, work was added',
    comment: { resolved: true },
    now: [finding('a', more)],
    expected: ['batch a', 'review a', 'shrink'],
  },
  {
    name: 'resolved, severity was raised',
    was: [finding('a', { severity: 'warning' })],
    comment: { resolved: true },
    now: [A],
    expected: ['batch a', 'review a', 'shrink'],
  },
  { name: 'gone, open', now: [], expected: ['summary edited', 'fixed a'] },
  { name: 'gone, outdated', comment: { outdated: true }, now: [], expected: ['summary edited', 'fixed a'] },
  { name: 'gone, resolved by a human', comment: { resolved: true }, now: [], expected: ['summary edited'] },
  {
    name: 'gone, the thread can be resolved',
    comment: { canResolve: true },
    now: [],
    expected: ['summary edited', 'fixed a resolve'],
  },
  {
    name: 'gone, can be resolved, but answered',
    comment: { canResolve: true, replies: 1 },
    now: [],
    expected: ['summary edited', 'fixed a'],
  },
  {
    name: 'no longer new after a retarget',
    now: [finding('a', { baselineState: 'unchanged' })],
    expected: ['summary edited', 'fixed a'],
  },
  {
    name: 'absent: fixed against the base',
    now: [finding('a', { baselineState: 'absent' })],
    expected: ['summary edited', 'fixed a'],
  },
  { name: 'suppressed now', now: [finding('a', suppressed)], expected: ['summary edited', 'suppressed a'] },
  { name: 'gone, but its entry point is incomplete', now: [], review: incomplete('a'), expected: ['summary edited'] },
  {
    name: 'gone, its entry point is incomplete in both',
    now: [],
    review: incomplete('a', false),
    expected: ['summary edited'],
  },
  {
    name: 'gone, another entry point is incomplete',
    now: [],
    review: incomplete('b'),
    expected: ['summary edited', 'fixed a'],
  },
  {
    name: 'gone, but nothing is known about anything',
    now: [],
    review: {
      ...incomplete('a'),
      incomplete: [{ file: 'x.py', line: 1, reason: 'budget', message: '', entryPoints: [], decides: true }],
    },
    expected: ['summary edited'],
  },
  { name: 'not comparable this time', now: [finding('a', { baselineState: null })], expected: ['summary edited'] },
  {
    name: 'the work only moved to another fingerprint',
    now: [finding('z', { baselineState: 'unchanged', movedFrom: 'a' })],
    expected: ['summary edited'],
  },
  {
    name: 'still new, but only a note now',
    now: [finding('a', { severity: 'note' })],
    expected: ['summary edited', 'text a'],
  },
  { name: 'a note', was: [], now: [finding('a', { severity: 'note' })], expected: [] },
  { name: 'a guess', was: [], now: [finding('a', { confidence: 'low' })], expected: [] },
  { name: 'there before', was: [], now: [finding('a', { baselineState: 'unchanged', newWork: false })], expected: [] },
  {
    name: 'changed without new work',
    was: [],
    now: [finding('a', { baselineState: 'updated', newWork: false })],
    expected: [],
  },
  {
    name: 'changed with new work',
    was: [],
    now: [finding('a', { baselineState: 'updated' })],
    expected: ['batch a', 'review a'],
  },
  { name: 'not comparable, no comment', was: [], now: [finding('a', { baselineState: null })], expected: [] },
  { name: 'suppressed, no comment', was: [], now: [finding('a', suppressed)], expected: [] },
  { name: 'clean, and always was', was: [], now: [], expected: [] },
  { name: 'no comparison at all', now: [], review: { compared: false, verdict: 'incomplete' }, expected: [] },
  {
    name: 'without a place on the diff',
    was: [],
    now: [finding('a', { placement: { kind: 'summary', reason: 'no changed line' } })],
    expected: ['review a'],
  },
  {
    name: 'on a whole file',
    was: [],
    now: [finding('a', { placement: { kind: 'file', path: 'x.py' } })],
    expected: ['alone a on file', 'review a'],
  },
  {
    name: 'a second finding elsewhere',
    now: [A, finding('b', { placement: onLine(30) })],
    expected: ['batch b', 'review b', 'shrink'],
  },
  { name: 'a second entry point on the same line', now: [A, finding('b')], expected: ['summary edited', 'text a+b'] },
  {
    name: 'two of one comment, one is fixed',
    was: [A, finding('b')],
    now: [A],
    expected: ['summary edited', 'text a'],
  },
  {
    name: 'two of one comment, one is suppressed, the other gone',
    was: [A, finding('b')],
    now: [finding('b', suppressed)],
    expected: ['summary edited', 'suppressed a+b'],
  },
  {
    name: 'two of one comment whose work parts',
    was: [A, finding('b')],
    now: [A, finding('b', { ...more, placement: onLine(20) })],
    expected: ['batch b', 'review b', 'text a', 'shrink'],
  },
]

describe('one finding, one comment, one row', () => {
  test.each(ROWS)('$name', async ({ was = [A], comment = {}, deleted, now, review: state = {}, expected }) => {
    const pull = await after(review(was))
    change(pull, 0, comment)
    if (deleted === true) pull.comments.length = 0
    const plan = planned(pull, review(now, state))
    expect(told(plan)).toEqual(expected)
    expect(isEmpty(plan)).toBe(expected.length === 0)
  })
})

describe('a plan that was applied', () => {
  test.each(ROWS)(
    'has nothing left to do: $name',
    async ({ was = [A], comment = {}, deleted, now, review: state = {} }) => {
      const pull = await after(review(was))
      change(pull, 0, comment)
      if (deleted === true) pull.comments.length = 0
      const second = review(now, state)
      await publishReview({ review: second, report: REPORT }, pull.gateway, OPTIONS)
      pull.writes.length = 0
      await publishReview(
        { review: second, report: { ...REPORT, runUrl: 'https://github.example/acme/shop/actions/runs/2' } },
        pull.gateway,
        OPTIONS,
      )
      expect(pull.writes).toEqual([])
    },
  )
})

describe('a finding that comes back', () => {
  test('after it was fixed gets a new comment, which then stands for it', async () => {
    const pull = await after(review([A]))
    await publishReview({ review: review([]), report: REPORT }, pull.gateway, OPTIONS)
    const again = review([A])
    expect(told(planned(pull, again))).toEqual(['batch a', 'review a', 'shrink'])
    await publishReview({ review: again, report: REPORT }, pull.gateway, OPTIONS)
    expect(told(planned(pull, again))).toEqual([])
  })

  test('after a human deleted the second comment as well is not posted a third time', async () => {
    const pull = await after(review([A]))
    await publishReview({ review: review([]), report: REPORT }, pull.gateway, OPTIONS)
    pull.head = NEXT_HEAD
    const again = review([A], { head: NEXT_HEAD })
    await publishReview({ review: again, report: REPORT }, pull.gateway, { ...OPTIONS, head: NEXT_HEAD })
    expect(pull.comments.length).toBe(2)
    pull.comments.pop()
    expect(told(planned(pull, again, { head: NEXT_HEAD }))).toEqual([])
  })
})

describe('what is not ours', () => {
  test('a marker with another key is left alone', async () => {
    const pull = await after(review([A]), { key: 'other job' })
    expect(told(planned(pull, review([])))).toEqual([])
    expect(told(planned(pull, review([A])))).toEqual(['batch a', 'review a'])
  })

  test('an empty key is a key', async () => {
    const pull = await after(review([A]), { key: '' })
    expect(told(planned(pull, review([]), { key: '' }))).toEqual(['summary edited', 'fixed a'])
  })
})

describe('duplicates', () => {
  const marker = markerLine({ key: 'PhaseGate', state: 'open', findings: [], head: HEAD, base: BASE })

  test('the lowest id stays, one with an answer becomes harmless', async () => {
    const pull = await after(review([A]))
    const [first] = pull.comments
    if (first === undefined) throw new Error('no comment')
    pull.comments.push({ ...first, id: 900, replies: 2 }, { ...first, id: 800 })
    expect(told(planned(pull, review([A])))).toEqual(['suppressed a', 'remove 800'])
  })

  test('a comment of ours without findings is none', async () => {
    const pull = await after(review([A]))
    const [first] = pull.comments
    if (first === undefined) throw new Error('no comment')
    pull.comments.push({ ...first, id: 900, body: `text\n\n${marker}` })
    expect(planned(pull, review([A])).remove).toEqual([])
  })
})

describe('many findings', () => {
  const many = Array.from({ length: 35 }, (_, at) =>
    finding(`f${at + 10}`, { placement: onLine(at + 1), operations: [operation(at + 1)] }),
  )

  test('are posted thirty at a time', () => {
    const plan = planned(memoryPull(), review(many), { maxComments: 40 })
    expect(plan.batches.map((batch) => batch.length)).toEqual([30, 5])
    expect(plan.review).toMatchObject({ kind: 'create', marks: { length: 35 } })
  })

  test('beyond the maximum stand in the summary, and stay there', async () => {
    const pull = await after(review(many))
    expect(pull.comments.length).toBe(20)
    expect(told(planned(pull, review(many)))).toEqual([])
  })

  test('without inline comments there is still a review', () => {
    const plan = planned(memoryPull(), review(many), { maxComments: 0 })
    expect(plan.batches).toEqual([])
    expect(plan.review).toMatchObject({ kind: 'create', marks: { length: 35 } })
  })

  test('the worst come first', () => {
    const mixed = [
      finding('warning', { severity: 'warning', placement: onLine(1) }),
      finding('medium', { confidence: 'medium', placement: onLine(2) }),
      finding('high', { placement: onLine(3) }),
    ]
    expect(told(planned(memoryPull(), review(mixed), { maxComments: 2 }))).toEqual([
      'batch high medium',
      'review high+medium+warning',
    ])
  })

  test('anchors that may be refused go alone', () => {
    const plan = planned(memoryPull(), review([A, finding('b', { placement: onLine(3, 'other.py') })]), {
      unknownPaths: new Set(['other.py']),
    })
    expect(told(plan)).toEqual(['alone b on line', 'batch a', 'review a+b'])
  })

  test('thirty entry points on one line are one comment that names all', () => {
    const thirty = Array.from({ length: 30 }, (_, at) => finding(`m${at + 10}`))
    const plan = planned(memoryPull(), review(thirty))
    expect(plan.batches.map((batch) => batch.map(({ marks }) => marks.length))).toEqual([[30]])
    const body = plan.batches[0]?.[0]?.comment.body ?? ''
    expect(thirty.filter(({ entryPoint }) => !body.includes(entryPoint))).toEqual([])
  })
})

describe('bodies', () => {
  test('the fixed form keeps the marker and says so once', async () => {
    const pull = await after(review([A]))
    const [edit] = planned(pull, review([]), { head: NEXT_HEAD }).edits
    expect(edit?.body).toContain(`Fixed in \`${NEXT_HEAD.slice(0, 7)}\``)
    expect(readMarker(edit?.body ?? '')).toMatchObject({
      state: 'fixed',
      head: NEXT_HEAD,
      findings: [{ fingerprint: 'a' }],
    })
  })

  test('a new commit alone edits no comment', async () => {
    const pull = await after(review([A]))
    const plan = planReview(
      { review: review([A], { head: NEXT_HEAD }), report: { ...REPORT, headSha: NEXT_HEAD } },
      pull,
      { ...CONTEXT, head: NEXT_HEAD },
    )
    expect(told(plan)).toEqual(['summary edited'])
  })

  test('comments of an interrupted run get their summary', async () => {
    const pull = await after(review([A]))
    pull.reviews.length = 0
    expect(told(planned(pull, review([A])))).toEqual(['review a'])
  })
})
