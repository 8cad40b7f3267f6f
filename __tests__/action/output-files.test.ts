// Report files stay below the workspace, whatever a path or a symlink says.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { placeInWorkspace, shownPath, writeOutput } from '../../src/action/output-files.ts'

let root = ''
let outside = ''
beforeAll(() => {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-files-'))
  root = join(directory, 'workspace')
  outside = join(directory, 'outside')
  mkdirSync(join(root, 'directory'), { recursive: true })
  mkdirSync(outside)
  writeFileSync(join(root, 'old.json'), 'old and longer than the new one')
  writeFileSync(join(outside, 'secret'), 'secret')
  symlinkSync(join(outside, 'secret'), join(root, 'link.json'))
  symlinkSync(join(outside, 'not-yet'), join(root, 'dangling.json'))
  symlinkSync(outside, join(root, 'out'))
  symlinkSync(join(root, 'directory'), join(root, 'inside'))
  symlinkSync(join(outside, 'nothing'), join(root, 'nowhere'))
})
afterAll(() => rmSync(join(root, '..'), { recursive: true, force: true }))

const file = (path: string): { input: string; path: string } => ({ input: 'report-file', path })
const place = (path: string): string => placeInWorkspace(file(path), { GITHUB_WORKSPACE: root })

describe('placeInWorkspace', () => {
  test.each([
    'report.json',
    'new/deep/report.json',
    './a/../report.json',
    'old.json',
    'inside/report.json',
    '-report.json',
  ])('%s is fine', (path) => {
    expect(place(path).startsWith(`${root}/`)).toBe(true)
  })

  test('an absolute path below the workspace is fine', () => {
    expect(place(join(root, 'report.json'))).toBe(join(root, 'report.json'))
  })

  test.each([
    ['../report.json', 'the path is outside of the workspace'],
    ['/etc/passwd', 'the path is outside of the workspace'],
    ['.', 'the path is outside of the workspace'],
    ['a/../../x', 'the path is outside of the workspace'],
    ['directory', 'the path is a directory'],
    ['link.json', 'the path is a symlink'],
    ['dangling.json', 'the path is a symlink'],
    ['out/report.json', 'the path leads out of the workspace through a symlink'],
    ['out/deep/report.json', 'the path leads out of the workspace through a symlink'],
    ['nowhere/report.json', 'the path contains a symlink that leads nowhere'],
    ['old.json/report.json', 'a part of the path is a file'],
  ])('%s: %s', (path, problem) => {
    expect(() => place(path)).toThrow(`input report-file: ${problem}`)
  })

  test('without a workspace there is no place', () => {
    expect(() => placeInWorkspace(file('x'), {})).toThrow('input report-file: GITHUB_WORKSPACE is not set')
  })
})

describe('writeOutput', () => {
  test('writes, also into new directories and over old files', () => {
    for (const path of ['deep/er/report.json', 'old.json']) {
      expect(writeOutput(place(path), file(path), '{}')).toBeNull()
      expect(readFileSync(join(root, path), 'utf8')).toBe('{}')
    }
  })

  test('never through a symlink that appears in between', () => {
    const target = place('late.json')
    symlinkSync(join(outside, 'late'), target)
    expect(writeOutput(target, file('late.json'), '{}')).toBe(
      'input report-file: the file could not be written (ELOOP)',
    )
    expect(existsSync(join(outside, 'late'))).toBe(false)
  })

  test('names what could not be written', () => {
    const target = place('late/report.json')
    mkdirSync(target, { recursive: true })
    expect(writeOutput(target, file('late/report.json'), '{}')).toBe(
      'input report-file: the file could not be written (EISDIR)',
    )
  })

  test('shows paths as the workspace knows them', () => {
    expect(shownPath(join(root, 'a/b.json'), { GITHUB_WORKSPACE: root })).toBe('a/b.json')
  })
})
