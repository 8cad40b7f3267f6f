// The workflows that we tell people to copy: valid YAML, no right too many and each with its reason, everything pinned, only inputs that
// exist, nothing checked out or run, and the same text in docs/permissions.md.
import { describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

const DOCS = new URL('../../docs/', import.meta.url)
const text = (name: string): string => readFileSync(new URL(name, DOCS), 'utf8')
const FILES = readdirSync(new URL('workflows/', DOCS)).toSorted()

interface Step {
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}
interface Job {
  readonly if?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly steps: readonly Step[]
}
interface Workflow {
  readonly on: unknown
  readonly permissions: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

/** The rights of each file: the table of docs/permissions.md. */
const RIGHTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'cached.yml': { contents: 'read', 'pull-requests': 'write' },
  'enterprise-server.yml': { contents: 'read', 'pull-requests': 'write', checks: 'write' },
  'fork-collect.yml': { contents: 'read', 'pull-requests': 'read' },
  'fork-gate.yml': { contents: 'read', 'pull-requests': 'read' },
  'fork-publish.yml': { actions: 'read', contents: 'read', 'pull-requests': 'write' },
  'merge-queue.yml': { contents: 'read', 'pull-requests': 'write' },
  'pull-request-target.yml': { contents: 'read', 'pull-requests': 'write' },
  'pull-request.yml': { contents: 'read', 'pull-requests': 'write', checks: 'write' },
  'whole-tree.yml': { contents: 'read', 'security-events': 'write' },
}

const OURS = 'phasegate/phasegate@<full commit SHA>'
const INPUTS = new Set(
  Object.keys((parse(readFileSync(new URL('../action.yml', DOCS), 'utf8')) as { inputs: object }).inputs),
)
/** Expressions that hold nothing that a pull request's author can write. */
const SAFE_EXPRESSION =
  /^(?:github\.sha|github\.token|!cancelled\(\)|github\.event\.pull_request\.number|github\.event\.workflow_run\.(?:id|head_sha|head_repository\.id))$/

const workflow = (name: string): Workflow => parse(text(`workflows/${name}`)) as Workflow

test('every workflow is known, and none is missing', () => {
  expect(FILES).toEqual(Object.keys(RIGHTS).toSorted())
})

describe.each(FILES)('%s', (name) => {
  const source = text(`workflows/${name}`)
  const { on, permissions, jobs } = workflow(name)
  const steps = Object.values(jobs).flatMap((job) => job.steps)
  const own = steps.filter(({ uses }) => uses === OURS)

  test('gives no right at the top, and each job the few it needs with a reason each', () => {
    expect(permissions).toEqual({})
    expect(Object.values(jobs).map((job) => job.permissions)).toEqual([RIGHTS[name]])
    const lines = source.split('\n').filter((line) => /^ {6}[a-z-]+: (?:read|write)/.test(line))
    expect(lines.filter((line) => !/ # \S/.test(line))).toEqual([])
    expect(lines).toHaveLength(Object.keys(RIGHTS[name] ?? {}).length)
  })

  test('pins every action to a full commit with its version beside it', () => {
    const uses = source.split('\n').filter((line) => line.includes('uses: '))
    expect(
      uses.filter((line) => !/uses: [\w./-]+@(?:[0-9a-f]{40}|<full commit SHA>) # v\d+\.\d+\.\d+$/.test(line)),
    ).toEqual([])
    expect(steps.filter(({ uses: action }) => action?.includes('<') === true)).toEqual(own)
  })

  test('checks out and runs nothing, and puts no text of an author into an expression', () => {
    expect(
      steps.filter((step) => step.run !== undefined || step.uses?.startsWith('actions/checkout') === true),
    ).toEqual([])
    const expressions = [...source.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map((match) => match[1] ?? '')
    expect(expressions.filter((it) => !SAFE_EXPRESSION.test(it))).toEqual([])
  })

  test('uses our inputs only, and the rights that they need', () => {
    const given = own.flatMap((step) => Object.entries(step.with ?? {}))
    expect(given.filter(([input]) => !INPUTS.has(input))).toEqual([])
    expect(own).toHaveLength(1)
    const options = Object.fromEntries(given)
    const writesCheck = options['check-run'] !== '' && options['stage'] === undefined
    expect(RIGHTS[name]?.['checks'] === 'write').toBe(writesCheck)
  })

  test('cannot be skipped by a filter', () => {
    expect(JSON.stringify(on)).not.toMatch(/"paths|"branches-ignore/)
    const conditions = Object.values(jobs).flatMap((job) => job.if ?? [])
    expect(conditions).toHaveLength(name === 'fork-publish.yml' ? 1 : 0)
  })

  test('stands in docs/permissions.md as it is', () => {
    const body = source.slice(source.indexOf('name: '))
    expect(text('permissions.md')).toContain(`(workflows/${name})\n\n\`\`\`yaml\n${body}\`\`\``)
  })
})

const inputs = (of: Workflow): unknown[] => Object.values(of.jobs).flatMap((job) => job.steps.map((step) => step.with))

test('the two workflows of mode C belong together', () => {
  const [collect, publish] = [workflow('fork-collect.yml'), workflow('fork-publish.yml')]
  const name = (parse(text('workflows/fork-collect.yml')) as { name: string }).name
  expect((publish.on as { workflow_run: { workflows: string[] } }).workflow_run.workflows).toEqual([name])
  expect(inputs(collect)).toEqual([
    { stage: 'collect', 'report-file': 'phasegate-report.json' },
    { name: 'phasegate-report', path: 'phasegate-report.json', 'if-no-files-found': 'ignore', 'retention-days': 3 },
  ])
  expect(inputs(publish)).toEqual([
    {
      name: 'phasegate-report',
      'run-id': '${{ github.event.workflow_run.id }}',
      'github-token': '${{ github.token }}',
    },
    { stage: 'publish', 'report-file': 'phasegate-report.json' },
  ])
})

test('the job and the check run never share a name', () => {
  for (const name of FILES) expect(Object.keys(workflow(name).jobs)).not.toContain('PhaseGate')
})
