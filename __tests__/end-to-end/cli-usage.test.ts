// Everything a person can get wrong on the command line: one clear line on stderr that names what is wrong, exit 2, nothing on stdout and
// no stack trace.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { removeTemporaryDirectories, temporaryDirectory, testRepository, writeFiles } from '../sources/repository.ts'
import { CLI, NODE, openCommandLines, phasegate, phasegateWith } from './cli.ts'
import { SHOP } from './shop.ts'

const CONFIGURATIONS: Readonly<Record<string, string>> = {
  unknown: 'fail-on: error\nrulez: {}\n',
  type: 'profiles: 3\n',
  syntax: 'fail-on: [\n',
  severity: 'rules:\n  database-in-phase-1: fatal\n',
  baseline: 'baseline: missing.json\n',
}

let root: string
beforeAll(() => {
  root = temporaryDirectory()
  writeFiles(root, {
    'plain.txt': 'text\n',
    'broken.json': '{',
    'empty/readme.txt': '',
    'tool/tool.py': 'print(1)\n',
  })
  for (const [name, text] of Object.entries(CONFIGURATIONS))
    writeFiles(`${root}/${name}`, { ...SHOP, 'phasegate.yml': text })
  writeFiles(`${root}/two`, { ...SHOP, 'phasegate.yml': '', '.github/phasegate.yml': '' })
  writeFiles(`${root}/shop`, SHOP)
})
const inside = openCommandLines()
afterAll(() => {
  inside.close()
  removeTemporaryDirectories()
})

const CASES: readonly (readonly [string, RegExp])[] = [
  ['frobnicate', /^frobnicate: no such command; see phasegate --help$/],
  ['init missing', /^missing: not a directory$/],
  ['init shop --uses acme', /^--uses acme: OWNER\/NAME@REF is wanted, best with the full commit SHA$/],
  ['check shop --fix --update-baseline', /^--fix and --update-baseline exclude each other: fix first$/],
  ['check shop --fix --base main --head main', /^--fix changes files of the working tree: leave --head out$/],
  ['check shop --update-baseline --base main', /^--update-baseline looks at the whole tree: leave the base out$/],
  [
    'check shop --update-baseline',
    /^--update-baseline: which file\? Give --baseline FILE, or name one in the configuration$/,
  ],
  ['chekc shop', /^chekc: no such command; did you mean check\?$/],
  ['demo shop', /^demo takes no arguments: shop$/],
  ['check shop --formt json', /^unknown option '--formt': did you mean --format\?$/],
  ['explain database-in-phase1', /^database-in-phase1: no such rule; did you mean database-in-phase-1\?$/],
  ['check shop --frobnicate', /^unknown option '--frobnicate': see phasegate --help$/],
  ['check shop --base', /--base.* argument missing$/],
  ['check shop tool', /^one path is wanted, not 2: shop tool$/],
  ['check missing', /^missing: no such file or directory$/],
  ['check plain.txt', /^plain\.txt: not a directory$/],
  ['check shop --base main', /^shop: not a git repository$/],
  ['check shop --head main', /^--head needs --base$/],
  ['check shop --base-dir missing', /missing/],
  ['check shop --base main --base-dir shop', /^--base and --base-dir exclude each other$/],
  ['check shop --format xml', /^format xml: one of text, json, sarif, github, markdown is wanted$/],
  ['check shop --format junit', /^format junit is planned and not available yet; use one of text, /],
  ['check shop --output json', /^--output json: FORMAT:FILE is wanted$/],
  ['check shop --fail-on fatal', /^--fail-on fatal: one of error, warning, note, never is wanted$/],
  ['check shop --on-incomplete pass', /^--on-incomplete pass: one of fail, warn is wanted$/],
  ['check shop --max-seconds 0', /^--max-seconds 0: a whole number of seconds from 1 is wanted$/],
  ['check shop --threads many', /^--threads many: a whole number from 1 to 64 is wanted$/],
  ['check shop --profile rails', /^--profile: "rails" is not a profile; known are modular-python-framework, /],
  ['check shop --config missing.yml', /^missing\.yml: no such file$/],
  ['check shop --baseline broken.json', /^broken\.json: not JSON/],
  ['check tool', /^no profile applies: configure entry-points \(or profiles\) in phasegate\.yml$/],
  ['check unknown', /^phasegate\.yml:2: rulez: unknown key; did you mean rules\?$/],
  ['check type', /^phasegate\.yml:1: profiles: expected .*, got number 3$/],
  ['check syntax', /^phasegate\.yml:\d: /],
  [
    'check severity',
    /^phasegate\.yml:2: rules\.database-in-phase-1: expected one of off, note, warning, error, got "fatal"$/,
  ],
  ['check baseline', /^missing\.json: no such file \(named by baseline\)$/],
  ['check two', /^phasegate\.yml and \.github\/phasegate\.yml: /],
  ['graph shop', /^--entry FILE\[::QUALNAME\] is wanted$/],
  ['graph shop --entry missing.py', /^--entry missing\.py: no Python file missing\.py under shop$/],
  ['graph shop --entry modules/standard/shop/api.py::missing', /api\.py defines no missing$/],
  ['graph missing --entry a.py', /^missing: not a directory$/],
  ['explain', /^explain: one rule is wanted; `phasegate rules` lists them$/],
  ['explain missing', /^missing: no such rule; `phasegate rules` lists them$/],
]

/** The one that ends a process. */
const BUILT_CASE = 'check missing'

test.concurrent.each(CASES)('phasegate %s', async (command, message) => {
  const run = command === BUILT_CASE ? phasegate : inside.run
  const { exit, stdout, stderr } = await run(root, ...command.split(' '))
  expect({ exit, stdout, lines: stderr.split('\n') }).toEqual({
    exit: 2,
    stdout: '',
    lines: [expect.stringMatching(/^phasegate: /), ''],
  })
  expect(stderr.trimEnd().replace(/^phasegate: /, '')).toMatch(message)
})

test.concurrent('an unknown revision is named', async () => {
  const repository = testRepository()
  repository.commit(SHOP)
  const { exit, stderr } = await inside.run(repository.directory, 'check', '--base', 'nowhere')
  expect([exit, stderr]).toEqual([2, 'phasegate: nowhere: no such revision in this repository\n'])
})

test.concurrent('a revision that a shallow clone does not have may only have to be fetched', async () => {
  const [full, shallow] = [testRepository(), temporaryDirectory()]
  full.commit(SHOP)
  full.commit({ 'README.md': 'more\n' })
  full.git('clone', '--quiet', '--depth=1', `file://${full.directory}`, shallow)
  const { exit, stdout, stderr } = await inside.run(shallow, 'check', '--base', 'HEAD~1')
  expect([exit, stdout, stderr]).toEqual([
    2,
    '',
    'phasegate: HEAD~1: no such revision in this repository (the clone is shallow: fetch it, or clone with more history)\n',
  ])
})

test.concurrent('an entry is found as the shell completes it', async () => {
  const path = 'modules/standard/shop/api.py'
  const ran = await Promise.all(
    [path, `./${path}`, `shop/${path}`, `${root}/shop/${path}`].map((file) =>
      inside.run(root, 'graph', 'shop', '--entry', `${file}::initialize`),
    ),
  )
  expect(ran.map(({ exit, stdout }) => [exit, stdout === ran[0]?.stdout])).toEqual(ran.map(() => [0, true]))
})

test.concurrent('without a command the help stands on stderr', async () => {
  const { exit, stdout, stderr } = await phasegate(root)
  expect([exit, stdout, stderr.includes('phasegate check [PATH]')]).toEqual([2, '', true])
})

test.concurrent('a report that cannot be written is a failure, and the report is still printed', async () => {
  const { exit, stdout, stderr } = await inside.run(root, 'check', 'shop', '--output', 'json:missing/report.json')
  expect([exit, stderr]).toEqual([3, 'phasegate: missing/report.json: cannot be written (ENOENT)\n'])
  expect(stdout).toContain('No database work in Phase 1')
})

test.concurrent('a reader that stops reading changes nothing', async () => {
  const child = spawn(NODE, [CLI, 'rules'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const complaints: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
  child.stdout.destroy()
  const [exit] = (await once(child, 'close')) as [number | null]
  expect([exit, Buffer.concat(complaints).toString('utf8')]).toEqual([0, ''])
})

test.concurrent.each([
  ['demo', /^phasegate: demo: git cannot be run: .*ENOENT\n$/],
  ['check shop --base main', /^phasegate: git could not be started: is it installed and on the PATH\?\n$/],
])('%s without git on the machine says so', async (command, message) => {
  const { exit, stderr } = await phasegateWith({ PATH: root }, root, command.split(' '))
  expect([exit, stderr]).toEqual([2, expect.stringMatching(message)])
})
