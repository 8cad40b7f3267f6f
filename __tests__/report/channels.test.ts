// Job summary, check run, annotations, workflow commands and the Markdown document: goldens, levels, limits.
import { describe, expect, test } from '@jest/globals'
import { Buffer } from 'node:buffer'
import type { PlacedFinding, Review } from '../../src/findings/model.ts'
import { workflowAnnotations } from '../../src/report/annotations.ts'
import { BODY_BUDGET, CHECK_SUMMARY_BUDGET, JOB_SUMMARY_BUDGET, fit } from '../../src/report/budget.ts'
import { renderCheckRun } from '../../src/report/check.ts'
import { renderComment, renderStickySummary } from '../../src/report/comment.ts'
import { blobUrl } from '../../src/report/context.ts'
import { renderGithub } from '../../src/report/github.ts'
import { renderMarkdown } from '../../src/report/markdown-report.ts'
import { code, details, fence, join, md, ownMarkdown } from '../../src/report/markdown.ts'
import { callPathChart, mermaidLabel } from '../../src/report/mermaid.ts'
import { renderJobSummary } from '../../src/report/summary.ts'
import { ended, golden } from '../support/golden.ts'
import { readMarkdown } from '../support/markdown-reader.ts'
import {
  HEAD,
  cleanReview,
  context,
  directoryReview,
  finding,
  fullReview,
  incompleteReview,
  localContext,
  operation,
  shared,
  step,
  withoutEntry,
} from '../support/review-fixture.ts'

describe('goldens', () => {
  test.each([
    ['summary-full.md', fullReview],
    ['summary-incomplete.md', incompleteReview],
    ['summary-clean.md', cleanReview],
  ])('%s', (name, review) => {
    const actual = renderJobSummary(review, context)
    expect(ended(actual)).toBe(golden(import.meta.url, name, actual))
  })

  test.each([
    ['check-full.md', fullReview],
    ['check-clean.md', cleanReview],
  ])('%s', (name, review) => {
    const { title, summary, annotations } = renderCheckRun(review, context)
    const blocks = annotations.map((a) => `${a.level} ${a.path}:${a.startLine}-${a.endLine} ${a.title}\n${a.message}`)
    const actual = [`title: ${title}`, summary, ...blocks].join('\n\n')
    expect(ended(actual)).toBe(golden(import.meta.url, name, actual))
  })

  test('report-directory.md', () => {
    const actual = renderMarkdown(directoryReview, localContext)
    expect(ended(actual)).toBe(golden(import.meta.url, 'report-directory.md', actual))
  })

  test('report-full.md', () => {
    const actual = renderMarkdown(fullReview, context)
    expect(ended(actual)).toBe(golden(import.meta.url, 'report-full.md', actual))
  })

  test('github-full.txt', () => {
    const actual = renderGithub(fullReview)
    expect(ended(actual)).toBe(golden(import.meta.url, 'github-full.txt', actual))
  })
})

function withFindings(count: number): Review {
  return { ...fullReview, findings: shared(count) }
}

describe('annotations of the job', () => {
  test('ten are shown as they are', () => {
    expect(workflowAnnotations(withFindings(10)).map((a) => a.line)).toEqual(Array.from({ length: 10 }, () => 21))
  })

  test('of eleven nine are shown and two counted', () => {
    const all = workflowAnnotations(withFindings(11))
    expect(all).toHaveLength(10)
    expect(all.at(-1)).toEqual({
      level: 'error',
      title: '2 more',
      message: '2 more findings of this level; the job summary and the report file list all of them.',
      file: 'modules/core/base.py',
      line: 21,
      endLine: 21,
    })
  })

  test('the worst come first, per level', () => {
    const levels = workflowAnnotations(fullReview).map((a) => a.level)
    expect(levels).toEqual(['error', 'error', 'error', 'error', 'error', 'warning', 'warning', 'warning'])
    const notes = workflowAnnotations({ ...fullReview, findings: [{ ...withoutEntry, severity: 'note' }] })
    expect(notes.map((a) => a.level)).toEqual(['notice'])
  })

  test('a message fits into what a runner keeps', () => {
    const long = finding({ trace: Array.from({ length: 200 }, () => step()) })
    expect(workflowAnnotations({ ...fullReview, findings: [long] })[0]?.message.length).toBeLessThanOrEqual(4000)
  })
})

test.each<[string, Partial<PlacedFinding>, string, number, number]>([
  [
    'the changed line',
    { placement: { kind: 'line', path: 'modules/a.py', side: 'RIGHT', line: 4 } },
    'modules/a.py',
    4,
    4,
  ],
  [
    'the changed lines',
    { placement: { kind: 'range', path: 'modules/a.py', side: 'RIGHT', startLine: 4, line: 6 } },
    'modules/a.py',
    4,
    6,
  ],
  ['the operation without one', { placement: null }, 'modules/standard/shop/services.py', 9, 9],
  [
    'the operation where only the file is known',
    { placement: { kind: 'file', path: 'modules/a.py' } },
    'modules/standard/shop/services.py',
    9,
    9,
  ],
])('annotations stand on %s', (_, over, file, line, endLine) => {
  const review = { ...fullReview, findings: [finding(over)] }
  expect(workflowAnnotations(review)).toMatchObject([{ file, line, endLine }])
  expect(renderCheckRun(review, context).annotations).toMatchObject([{ path: file, startLine: line, endLine }])
})

test('workflow commands escape data and properties each in their way', () => {
  const odd = finding({ operations: [operation({ file: 'a,b:c%\n.py', text: 'f("100%")' })], placement: null })
  const [line = ''] = renderGithub({ ...fullReview, findings: [odd] }).split('\n')
  expect(line).toMatch(
    /^::error file=a%2Cb%3Ac%25%0A\.py,line=9,endLine=9,title=Database work in Phase 1 \(database-in-phase-1\)::f\("100%25"\) queries/,
  )
})

test('an incomplete review is an error of its own', () => {
  expect(renderGithub(incompleteReview)).toBe(
    '::error title=PhaseGate::Incomplete: modules/standard/forum/threads.py:3 could not be parsed\n',
  )
})

describe('links', () => {
  const place = { file: 'a b/(c)~.py', line: 3, endLine: 5 }

  test('to the lines of the commit', () => {
    expect(blobUrl(context, HEAD, place)).toBe(`https://github.com/acme/shop/blob/${HEAD}/a%20b/%28c%29%7E.py#L3-L5`)
  })

  test('to an own server', () => {
    expect(
      blobUrl({ ...context, serverUrl: 'https://git.acme.example:8443/x' }, 'main', { ...place, endLine: 3 }),
    ).toBe('https://git.acme.example:8443/x/acme/shop/blob/main/a%20b/%28c%29%7E.py#L3')
  })

  test('none where the place is not known or no address', () => {
    expect(blobUrl({ ...context, repository: null }, HEAD, place)).toBeNull()
    expect(blobUrl(context, null, place)).toBeNull()
    expect(blobUrl({ ...context, serverUrl: 'https://x)(' }, HEAD, place)).toBeNull()
  })
})

describe('charts', () => {
  test('labels hold nothing that Mermaid or HTML would read', () => {
    expect(mermaidLabel('a"]; click n1 <b>`#x`\u202E')).toBe('a#34;#93;#59; click n1 #60;b#62;#96;#35;x#96;#92;u202e')
  })

  test('a long path is cut in the middle', () => {
    const chart = callPathChart(finding({ trace: Array.from({ length: 60 }, () => step()) })) ?? ''
    expect(chart.split('\n').filter((l) => l.includes('-->'))).toHaveLength(25)
    expect(chart).toContain('["37 more steps"]')
  })

  test('no path, no chart', () => {
    expect(callPathChart(withoutEntry)).toBeNull()
  })
})

describe('budgets', () => {
  const note = md`cut`

  test('what fits is not touched', () => {
    expect(fit(md`x`, { units: 1, bytes: 1 }, note)).toBe('x')
  })

  test('a cut falls before the fence that would be broken, folds are closed', () => {
    const body = join(
      [md`first`, details('more', join([md`inside`, fence('x\n'.repeat(200), 'python')], '\n\n')), md`last`],
      '\n\n',
    )
    expect(fit(body, { units: 400, bytes: 4000 }, note)).toBe(
      'first\n\n<details><summary>more</summary>\n\ninside\n\n</details>\n\ncut',
    )
  })

  test('bytes count as well as units', () => {
    const body = ownMarkdown(Array.from({ length: 100 }, () => '😀'.repeat(10)).join('\n'))
    const cut = fit(body, { units: 10_000, bytes: 1000 }, note)
    expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(1000)
    expect(cut).not.toMatch(/\p{Cs}/u)
  })

  // 400 findings with long paths and wide characters, more than any channel takes
  const trace = Array.from({ length: 30 }, (_, i) =>
    step({ file: `modules/ü${'日本'.repeat(20)}/a${i}.py`, text: `"${'é'.repeat(90)}"` }),
  )
  const huge: Review = {
    ...fullReview,
    findings: shared(400, { trace, placement: { kind: 'summary', reason: 'x' } }),
  }

  test.each([
    ['comment', BODY_BUDGET, renderComment(huge.findings, context)],
    ['sticky summary', BODY_BUDGET, renderStickySummary(huge, context)],
    ['check summary', CHECK_SUMMARY_BUDGET, renderCheckRun(huge, context).summary],
    ['job summary', JOB_SUMMARY_BUDGET, renderJobSummary(huge, context)],
  ])('%s', (_, budget, body) => {
    expect(body.length).toBeLessThanOrEqual(budget.units)
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(budget.bytes)
    expect(readMarkdown(body).openFence).toBe(false)
    expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length)
    expect(body).toMatch(/was cut|more/)
  })

  test('a code span keeps its marks however long the text', () => {
    expect(readMarkdown(code('`'.repeat(5000))).spans).toEqual([`${'`'.repeat(399)}…`])
  })
})
