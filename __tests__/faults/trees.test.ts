// Faults in what a pull request is: too many files, patches that are missing or wrong, renames, modes, links, hostile names. Through the
// built Action; the verdict comes from trees, and the names are shown, never obeyed.
import { expect, test } from '@jest/globals'
import type { EmbeddedGitHub } from '../../src/demo/github.ts'
import type { FileChanges } from '../../src/demo/git.ts'
import { meet, rowsOf, UNPROCESSABLE, type Fault } from './fault.ts'
import { API, API_PATH, PATH, SERVICES, SHOP, VIOLATION, modules } from '../end-to-end/shop.ts'
import { problemsAfter } from '../end-to-end/aftermath.ts'
import { pageOf } from '../end-to-end/page.ts'
import { withStage, type Acted } from '../end-to-end/stage.ts'
import { obeyed } from '../support/runner-log.ts'

const FILES = 'GET /repos/*/*/pulls/*/files'
const pages = (count: number): FileChanges =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`docs/page-${at}.md`, `page ${at}\n`]))
const UNKNOWN = /Some places for comments are not known: only \d+ of \d+ changed files are listed/

/** Every request for the list gets a patch whose hunk is shorter than its header says. */
const badPatches = (github: EmbeddedGitHub): void =>
  github.script(FILES, [
    {
      reply: ({ status, body }) => ({
        status,
        body: (body as object[]).map((file) => Object.assign(file, { patch: '@@ -1,9 +1,99 @@\n+short\n' })),
      }),
    },
  ])

const FAULTS: readonly Fault[] = [
  {
    id: 'F37',
    what: 'more files than the host lists: verdict from the trees, places unknown, said',
    outcome: 'invisible',
    github: { limits: { pullFiles: 5 } },
    change: { ...pages(8), ...VIOLATION },
    says: [UNKNOWN],
  },
  {
    id: 'F37',
    what: 'a truncated tree is walked level by level',
    outcome: 'invisible',
    github: { limits: { treeEntries: 4 } },
    base: { ...SHOP, ...pages(2) },
  },
  {
    id: 'F38',
    what: 'hunk counts that do not fit their header: own diff, the comment is tried alone',
    outcome: 'invisible',
    fault: badPatches,
    also: ({ writes }) => expect(writes[0]).toBe('POST /pulls/1/comments 201'),
  },
  {
    id: 'F38',
    what: 'no patch, and the line is refused: the file, with the same verdict',
    outcome: 'invisible',
    github: { limits: { patchLines: 0 } },
    fault: (github) =>
      github.script('POST /repos/*/*/pulls/*/comments', [
        {
          when: ({ body }) => JSON.stringify(body).includes('"line"'),
          reply: UNPROCESSABLE('Pull request review thread line must be part of the diff'),
        },
      ]),
    places: [PATH],
  },
  {
    id: 'F38',
    what: 'no patch, line and file are refused: the summary, with the same verdict',
    outcome: 'invisible',
    github: { limits: { patchLines: 0 } },
    fault: (github) =>
      github.script('POST /repos/*/*/pulls/*/comments', [
        { times: 2, reply: UNPROCESSABLE('Pull request review thread line must be part of the diff') },
      ]),
    places: [],
    also: (_run, { stage, pull }) =>
      expect(stage.github.reviews(pull)[0]?.body).toContain('the host accepted no comment at its place'),
  },
  {
    id: 'F39',
    what: 'a rename whose previous name the list does not say',
    outcome: 'invisible',
    change: {
      ...VIOLATION,
      'modules/standard/shop/prices.py': 'PRICES = {}\n',
      'docs/moved.md': '# Shop\n',
      'README.md': null,
    },
    fault: (github) =>
      github.script(FILES, [
        {
          reply: ({ status, body }) => ({
            status,
            body: (body as { previous_filename?: string }[]).map(({ previous_filename: _dropped, ...file }) => file),
          }),
        },
      ]),
  },
  {
    id: 'F40',
    what: 'modes, symlinks, submodules and a file that became a directory are skipped, one line each',
    outcome: 'invisible',
    base: { ...SHOP, 'tools/run.py': 'print(1)\n', 'modules/standard/shop/thing.py': 'X = 1\n' },
    change: {
      ...VIOLATION,
      'tools/run.py': { mode: '100755', content: 'print(1)\n' },
      'modules/standard/shop/link.py': { mode: '120000', content: 'api.py' },
      'modules/standard/shop/outside.py': { mode: '120000', content: '/etc/passwd' },
      'modules/standard/vendor.py': { mode: '160000', content: '1'.repeat(40) },
      'modules/standard/shop/thing.py': null,
      'modules/standard/shop/thing.py/inside.txt': 'x\n',
    },
    says: [
      /skipped modules\/standard\/shop\/link\.py: a symlink is never followed/,
      /skipped modules\/standard\/shop\/outside\.py: a symlink is never followed/,
      /skipped modules\/standard\/vendor\.py: a submodule is never followed/,
    ],
  },
  {
    id: 'F41',
    what: 'a file that others import is removed: no comment on it, the rest is told',
    outcome: 'invisible',
    base: {
      ...SHOP,
      [API_PATH]: `from .extra import extra\n${API.replace('    service =', '    extra()\n    service =')}`,
      'modules/standard/shop/extra.py': 'def extra():\n    return 1\n',
    },
    change: { ...VIOLATION, 'modules/standard/shop/extra.py': null },
    also: ({ report }) =>
      expect(report?.notFollowed.map(({ file, line, reason }) => [file, line, reason])).toContainEqual([
        API_PATH,
        6,
        'unresolved-import',
      ]),
  },
]

test.concurrent.each(rowsOf(FAULTS))('%s %s', async (_id, _what, fault, runs) => {
  expect(await meet(fault, runs)).toEqual([])
})

const mixed = (body: string): string =>
  `A = 1\rB = 2\r\nC = 3\n\n\ndef initialize(app_context):\r\n    ${body}\r\n    return True`

/** Names that git can hold. Each is a module with one violation on line 2. */
const NAMES: readonly string[] = [
  'new\nline',
  'carriage\rreturn',
  '##[error]owned',
  '::error::owned',
  'tick`tick``',
  'pipe|pipe',
  '<img src=x>',
  '@org/team',
  '"quoted" \'name\'',
  '-leading',
  'x'.repeat(200),
  '\u202Eyp.live',
  '__proto__',
  'constructor',
  'back\\slash',
  'Case',
  'case',
  '[x](http:x)',
]
const WORKS = 'def initialize(app_context):\n    app_context.db_sync_engine.connect()\n    return True\n'

async function hostile(
  names: readonly string[],
): Promise<{ run: Acted; at: string[]; bodies: string[]; problems: string[] }> {
  return withStage({ guarded: false }, async (stage) => {
    const pull = stage.pull(SHOP, Object.fromEntries(names.map((name) => [`modules/standard/${name}/api.py`, WORKS])))
    const run = await stage.review(pull, { inputs: { 'max-comments': '50' } })
    const bodies = [...stage.github.comments(pull), ...stage.github.reviews(pull)].map(({ body }) => body)
    const at = pageOf(stage.github, pull).comments.map((it) => it.at)
    return { run, at, bodies, problems: problemsAfter(stage, run, pull) }
  })
}

test.concurrent('F54 hostile file names are shown, never obeyed, and every API call has the right path', async () => {
  const { run, at, bodies, problems } = await hostile(NAMES)
  expect([run.exitCode, problems]).toEqual([1, []])
  expect(at.toSorted()).toEqual(NAMES.map((name) => `modules/standard/${name}/api.py:2`).toSorted())
  expect(new Set(obeyed(run.stdout))).toEqual(new Set(['add-mask', 'error']))
  expect(bodies.filter((body) => /(?:^|[^`\w])@org\/team|<img|\u202E/.test(body.replaceAll(/`+[^`]+`+/g, '')))).toEqual(
    [],
  )
})

test.concurrent('F55 two paths that differ in case only are two modules', async () => {
  const { run } = await hostile(['Case', 'case', 'back\\slash'])
  expect(run.report?.entryPoints.filter(({ name }) => name === 'initialize').map(({ file }) => file)).toEqual([
    'modules/standard/Case/api.py',
    'modules/standard/back\\slash/api.py',
    'modules/standard/case/api.py',
    API_PATH,
  ])
})

test.concurrent('F36 a detected profile with 0 entry points passes with a note that says so', async () => {
  await withStage({}, async (stage) => {
    const pull = stage.pull(
      { 'core/module_base.py': 'class DataIntegrityModule:\n    MODULE_ID = None\n' },
      { 'core/module_base.py': 'class DataIntegrityModule:\n    MODULE_ID = ""\n' },
    )
    const run = await stage.review(pull, { inputs: { profiles: 'modular-python-framework' } })
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([0, []])
    expect(run.summary).toContain('0 entry points')
  })
})

test.concurrent('F36 the head removes what a profile is detected by: the base’s profile still applies', async () => {
  await withStage({ runs: 'inside' }, async (stage) => {
    const base = {
      'manage.py': 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site.settings")\n',
      'site/__init__.py': '',
      'site/settings.py': 'INSTALLED_APPS = ["shop"]\n',
      'shop/__init__.py': '',
      'shop/models.py': 'from django.db import models\n\n\nclass Item(models.Model):\n    pass\n',
      'shop/apps.py':
        'from django.apps import AppConfig\n\n\nclass ShopConfig(AppConfig):\n    name = "shop"\n\n    def ready(self):\n        pass\n',
    }
    const pull = stage.pull(base, {
      'manage.py': null,
      'shop/apps.py': base['shop/apps.py'].replace(
        'pass\n',
        'from .models import Item\n        list(Item.objects.all())\n',
      ),
    })
    const run = await stage.review(pull)
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
    expect(pageOf(stage.github, pull).comments.map(({ at }) => at)).toEqual(['shop/apps.py:9'])
  })
})

test.concurrent('F47 a generated file of 10 MB that an entry point needs is incomplete by name', async () => {
  await withStage({ guarded: false }, async (stage) => {
    const pull = stage.pull(SHOP, { [PATH]: `${SERVICES}\n${'X = 1\n'.repeat(1_700_000)}` })
    const run = await stage.review(pull)
    expect([run.exitCode, run.outputs['verdict']]).toEqual([3, 'incomplete'])
    expect(run.summary).toContain(PATH)
  })
})

test.concurrent('F57 200 findings: capped inline, counted everywhere', async () => {
  await withStage({ runs: 'inside' }, async (stage) => {
    const pull = stage.pull(modules(200, 'pass'), modules(200, 'app_context.db_sync_engine.connect()'))
    const run = await stage.review(pull)
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
    expect([pageOf(stage.github, pull).comments.length, run.outputs['new-findings']]).toEqual([20, '200'])
    expect(Buffer.byteLength(run.summary)).toBeLessThan(1_048_576)
    expect(stage.github.checkRuns(pull.headSha)[0]?.annotations).toHaveLength(200)
    const annotated = run.stdout.split('\n').filter((line) => /^::error title=.*,file=/.test(line))
    expect([annotated.length, /::error title=\d+ more/.test(run.stdout)]).toEqual([10, true])
  })
})

test.concurrent('F42 a lone CR, mixed line ends and no final newline: the comment stands where GitHub counts', async () => {
  await withStage({ runs: 'inside' }, async (stage) => {
    const pull = stage.pull(
      { [API_PATH]: mixed('pass') },
      { [API_PATH]: mixed('app_context.db_sync_engine.connect()') },
    )
    const run = await stage.review(pull)
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
    expect(run.report?.findings.map(({ operations }) => operations[0]?.line)).toEqual([7])
    expect(pageOf(stage.github, pull).comments.map(({ at }) => at)).toEqual([`${API_PATH}:6`])
  })
})
