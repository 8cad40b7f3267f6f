import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { configurationText, workflowText } from '../../src/cli/init-files.ts'
import { init } from '../../src/cli/init.ts'
import { releaseAt } from '../../src/cli/release.ts'
import { defaultConfig, loadConfig } from '../../src/config/load.ts'
import { removeTemporaryDirectories, temporaryDirectory, writeFiles } from '../sources/repository.ts'

afterAll(removeTemporaryDirectories)

const SHA = 'a'.repeat(40)
const USES = `acme/phasegate@${SHA}`
const WORKFLOW = '.github/workflows/phasegate.yml'
const SHOP = { 'modules/standard/shop/api.py': 'def initialize(app_context):\n    return True\n' }

function repository(files: Readonly<Record<string, string>> = SHOP): { root: string; read: (path: string) => string } {
  const root = temporaryDirectory()
  mkdirSync(join(root, '.git'))
  writeFiles(root, files)
  return { root, read: (path) => readFileSync(join(root, path), 'utf8') }
}

const ran = (root: string, ...options: readonly string[]): Promise<string[]> =>
  init([root, '--uses', USES, ...options]).then((text) => text.split('\n'))

describe('init', () => {
  test('writes both files and says what it found', async () => {
    const { root, read } = repository()
    const said = await ran(root)
    expect(said.slice(0, 4)).toEqual([
      'Found modular-python-framework: 2 entry points in 1 Python file.',
      '',
      `wrote    ${WORKFLOW}`,
      'wrote    phasegate.yml',
    ])
    expect([read(WORKFLOW), read('phasegate.yml')]).toEqual([
      workflowText(USES, '1.0.0'),
      configurationText(['modular-python-framework']),
    ])
  })

  test('keeps what is there, and replaces it when it is told to', async () => {
    const { root, read } = repository({ ...SHOP, [WORKFLOW]: 'mine\n', 'phasegate.yml': 'fail-on: warning\n' })
    expect((await ran(root)).slice(2, 4)).toEqual([
      `kept     ${WORKFLOW} (is there already; --force replaces it)`,
      'kept     phasegate.yml (is there already; --force replaces it)',
    ])
    expect([read(WORKFLOW), read('phasegate.yml')]).toEqual(['mine\n', 'fail-on: warning\n'])
    expect((await ran(root, '--force'))[2]).toBe(`replaced ${WORKFLOW}`)
    expect(read(WORKFLOW)).toBe(workflowText(USES, '1.0.0'))
  })

  test('a configuration in .github is the configuration', async () => {
    const { root } = repository({ ...SHOP, '.github/phasegate.yml': 'fail-on: warning\n' })
    expect((await ran(root, '--force'))[3]).toBe('kept     .github/phasegate.yml (is the configuration)')
    expect(existsSync(join(root, 'phasegate.yml'))).toBe(false)
  })

  test('a dry run writes nothing and shows everything', async () => {
    const { root } = repository()
    const said = await ran(root, '--dry-run')
    expect(said).toContain(`would write ${WORKFLOW}:`)
    expect(said).toContain(`          - uses: ${USES} # v1.0.0`)
    expect([existsSync(join(root, WORKFLOW)), existsSync(join(root, 'phasegate.yml'))]).toEqual([false, false])
  })

  test('without a framework the next step is to name entry points', async () => {
    const { root } = repository({ 'tool.py': 'print(1)\n' })
    const said = await ran(root)
    expect([said[0], said.some((line) => line.includes('Name your entry points in phasegate.yml'))]).toEqual([
      'No known framework in 1 Python file.',
      true,
    ])
  })

  test('below the top of a repository it says where to run', async () => {
    const { root } = repository()
    await expect(ran(join(root, 'modules'))).rejects.toThrow(
      `not the top of its repository; run phasegate init ${root}`,
    )
  })

  test('nothing is written through links', async () => {
    const outside = temporaryDirectory()
    const { root } = repository()
    symlinkSync(outside, join(root, '.github'))
    await expect(ran(root)).rejects.toThrow('.github: is not a directory')
    const { root: other } = repository()
    symlinkSync(join(outside, 'x.yml'), join(other, 'phasegate.yml'))
    await expect(ran(other)).rejects.toThrow('phasegate.yml: is a symbolic link')
    expect(existsSync(join(outside, 'workflows'))).toBe(false)
  })

  test.each([['acme'], ['acme/x'], ['acme/x@'], ['acme/x@main; rm']])('--uses %s is no Action', async (uses) => {
    await expect(init(['--uses', uses])).rejects.toThrow(/OWNER\/NAME@REF is wanted/)
  })
})

test('the workflow gives the job two rights, checks nothing out, and names the commit', () => {
  const workflow = parse(workflowText(USES, '1.0.0')) as {
    readonly on: object
    readonly permissions: object
    readonly jobs: Readonly<Record<string, { readonly permissions: object; readonly steps: readonly object[] }>>
  }
  expect(workflow.on).toEqual({
    pull_request: { types: ['opened', 'synchronize', 'reopened', 'edited'] },
    merge_group: {},
  })
  expect([workflow.permissions, Object.keys(workflow.jobs)]).toEqual([{}, ['phase-1']])
  expect(workflow.jobs['phase-1']).toEqual({
    'runs-on': 'ubuntu-latest',
    permissions: { contents: 'read', 'pull-requests': 'write' },
    steps: [{ uses: USES, with: { 'check-run': '' } }],
  })
  expect(workflowText('acme/phasegate@v1', '1.0.0')).toContain('- uses: acme/phasegate@v1\n')
})

test('the configuration changes nothing', () => {
  for (const detected of [[], ['django']])
    expect(loadConfig(configurationText(detected), 'phasegate.yml')).toEqual({
      ...defaultConfig(),
      file: 'phasegate.yml',
    })
})

test('every example of the configuration is accepted when it is no comment any more', () => {
  const text = configurationText(['django']).replaceAll(/^# (?=[a-z-]+:|  - )/gm, '')
  const config = loadConfig(text, 'phasegate.yml')
  expect([
    config.profiles,
    config.entryPoints.length,
    config.operations.length,
    config.allow.length,
    config.baseline,
  ]).toEqual([['django'], 1, 1, 1, 'phasegate-baseline.json'])
})

const clone = (files: Readonly<Record<string, string>>): string => {
  const root = temporaryDirectory()
  mkdirSync(join(root, '.git/refs/heads'), { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, '.git', name), text)
  return root
}
const config = (url: string): string => `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${url}\n\tfetch = +x\n`

describe('the release is the commit of the clone', () => {
  test.each<[string, Readonly<Record<string, string>>, string | null]>([
    [
      'a branch',
      {
        HEAD: 'ref: refs/heads/main\n',
        'refs/heads/main': `${SHA}\n`,
        config: config('https://github.com/acme/phasegate.git'),
      },
      USES,
    ],
    [
      'packed',
      {
        HEAD: 'ref: refs/heads/main\n',
        'packed-refs': `# pack\n${SHA} refs/heads/main\n`,
        config: config('git@github.com:acme/phasegate'),
      },
      USES,
    ],
    ['detached', { HEAD: `${SHA}\n`, config: config('ssh://git@github.com/acme/phasegate.git') }, USES],
    ['not on GitHub', { HEAD: `${SHA}\n`, config: config('https://example.org/acme/phasegate.git') }, null],
    [
      'no commit yet',
      { HEAD: 'ref: refs/heads/main\n', config: config('https://github.com/acme/phasegate.git') },
      null,
    ],
    ['no clone', {}, null],
  ])('%s', (_, files, expected) => {
    expect(releaseAt(clone(files))).toBe(expected)
  })
})
