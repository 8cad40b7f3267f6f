// Every shape of a repair in every style: the suggestion is the expected one, the edited file is Python to CPython with no name unbound, git
// applies the patch to the same text, and the analysis finds the defect gone and nothing new.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Review, Suggestion } from '../../src/findings/model.ts'
import { applied } from '../../src/fixes/edits.ts'
import { pythonVersion } from '../python/python3.ts'
import { reviewed } from '../support/analysed.ts'
import { SHAPES, STYLES, type Shape, type Style } from './programs.ts'

interface Case {
  readonly shape: Shape
  readonly style: Style
  readonly source: string
}

/** All shapes as they are written, half of them in each other style: every shape in at least five. */
const CASES: readonly Case[] = STYLES.flatMap((style, i) =>
  SHAPES.filter((_, at) => i === 0 || (at + i) % 2 === 0).map((shape) => ({
    shape,
    style,
    source: style.write(shape.source, shape.file),
  })),
)

interface Outcome {
  readonly before: Review
  readonly suggestion: Suggestion | null
  readonly text: string
  readonly after: Review | null
}

const outcomes = new Map<Case, Outcome>()

async function repaired({ shape, source }: Case): Promise<Outcome> {
  const before = await reviewed({ ...shape.others, [shape.file]: source })
  const suggestion = before.findings.find((f) => f.rule === shape.rule)?.suggestion ?? null
  const other = suggestion === null ? undefined : shape.others[suggestion.path]
  const text = suggestion === null ? '' : applied(other ?? source, suggestion)
  const path = suggestion?.path ?? shape.file
  const after = suggestion === null ? null : await reviewed({ ...shape.others, [shape.file]: source, [path]: text })
  return { before, suggestion, text, after }
}

beforeAll(async () => {
  for (const it of CASES) outcomes.set(it, await repaired(it))
})

const fingerprints = (review: Review | null | undefined): string[] =>
  (review?.findings ?? []).map((f) => `${f.rule} ${f.fingerprint}`)

test(`${SHAPES.length} shapes in ${STYLES.length} styles`, () => {
  expect([SHAPES.length >= 40, STYLES.length >= 10, outcomes.size]).toEqual([true, true, CASES.length])
  expect(new Set(CASES.map((it) => it.source)).size).toBeGreaterThan(200)
})

describe.each(STYLES.map((style) => [style.name, style] as const))('%s', (_, style) => {
  const own = CASES.filter((it) => it.style === style)

  test('the suggestion is the one that is expected', () => {
    const told = own.map((it) => {
      const edit = outcomes.get(it)?.suggestion ?? null
      return { shape: it.shape.name, fits: edit !== null && it.shape.title.test(edit.title), as: edit?.disposition }
    })
    expect(told).toEqual(own.map(({ shape }) => ({ shape: shape.name, fits: true, as: shape.disposition })))
  })

  test('afterwards the finding is gone, and nothing has come', () => {
    const worse = own.flatMap((it) => {
      const { before, after } = outcomes.get(it) ?? {}
      const known = fingerprints(before)
      const rest = fingerprints(after)
      const gone = !(after?.findings ?? []).some((f) => f.rule === it.shape.rule)
      const fresh = rest.filter((fingerprint) => !known.includes(fingerprint))
      return gone && fresh.length === 0 && after?.incomplete.length === 0 ? [] : [{ shape: it.shape.name, rest }]
    })
    expect(worse).toEqual([])
  })

  test('line ends stay what they were', () => {
    const mixed = own.filter((it) => {
      const text = outcomes.get(it)?.text ?? ''
      return it.source.includes('\r\n') ? /(?<!\r)\n/.test(text) : text.includes('\r')
    })
    expect(mixed.map((it) => it.shape.name)).toEqual([])
  })
})

const ORACLE = fileURLToPath(new URL('soundness.py', import.meta.url))

describe('CPython', () => {
  const version = pythonVersion()
  if (version === null) {
    test('skipped: no python3 here', () => expect(version).toBeNull())
    return
  }

  test('compiles every edited file and finds every name', () => {
    const files = Object.fromEntries(
      CASES.map((it, at) => [`${at} ${it.style.name}: ${it.shape.name}`, outcomes.get(it)?.text ?? '']),
    )
    const { stdout, stderr } = spawnSync('python3', [ORACLE], { input: JSON.stringify(files), maxBuffer: 1e8 })
    const answer = stdout.toString() || JSON.stringify({ python3: stderr.toString() })
    const complaints = JSON.parse(answer) as Record<string, string>
    expect(Object.entries(complaints).filter(([, complaint]) => complaint !== '')).toEqual([])
    expect(Object.keys(complaints)).toHaveLength(CASES.length)
  })
})

describe('git', () => {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-patches-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  test('applies every patch, to the same text', () => {
    const patches = CASES.flatMap((it, at) => {
      const { suggestion } = outcomes.get(it) ?? {}
      if (suggestion === null || suggestion === undefined) return []
      const path = `${at}/${suggestion.path}`
      mkdirSync(dirname(join(directory, path)), { recursive: true })
      writeFileSync(join(directory, path), it.shape.others[suggestion.path] ?? it.source)
      return [suggestion.patch.replace(`--- a/`, `--- a/${at}/`).replace(`+++ b/`, `+++ b/${at}/`)]
    })
    const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: directory,
      input: patches.join(''),
      env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(directory) },
    })
    expect([status, stderr.toString(), patches.length]).toEqual([0, '', CASES.length])
    const different = CASES.filter((it, at) => {
      const { suggestion, text } = outcomes.get(it) ?? {}
      return (
        suggestion === null ||
        suggestion === undefined ||
        readFileSync(join(directory, `${at}/${suggestion.path}`), 'utf8') !== text
      )
    })
    expect(different.map((it) => `${it.style.name}: ${it.shape.name}`)).toEqual([])
  })
})
