// The git under the embedded server: reproducible commits, every kind of path and mode, lines followed through changes.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, constantFrom, dictionary, property } from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createGitStore, type GitStore } from '../../src/demo/git.ts'
import { createHistory, type History } from '../../src/demo/changes.ts'
import { findLine, followLine, readHunks } from '../../src/demo/hunks.ts'

let root: string
let store: GitStore
let history: History

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'phasegate-test-'))
  store = createGitStore(mkdtempSync(join(root, 'one-')))
  history = createHistory(store)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const commit = (parents: readonly string[], changes: Parameters<GitStore['commit']>[0]['changes']): string =>
  store.commit({ ref: 'refs/test', parents, message: 'Message\n\nBody', changes })

describe('commits', () => {
  test('have the same ids everywhere', () => {
    const twins = ['a', 'b'].map((name) => createGitStore(mkdtempSync(join(root, `${name}-`))))
    const ids = twins.map((twin) => {
      const first = twin.commit({ ref: 'refs/x', parents: [], message: 'One', changes: { 'a.py': 'x\n' } })
      return [
        first,
        twin.commit({ ref: 'refs/x', parents: [first], message: 'Two', changes: { 'a.py': null, b: 'y\n' } }),
      ]
    })
    expect(ids[0]).toEqual(ids[1])
    expect(ids[0]?.[0]).toBe('aae89499a5c09b588964abb43a85054a7b45236d')
  })

  test('tell what they are', () => {
    const parent = commit([], { a: 'x\n' })
    const sha = commit([parent], { a: 'y\n' })
    expect(history.commit(sha)).toMatchObject({
      sha,
      parents: [parent],
      name: 'Ada Author',
      message: 'Message\n\nBody',
    })
    expect(history.commit('0'.repeat(40))).toBe(null)
  })

  test('take paths of any kind', () => {
    const names = [
      'a b',
      'quote"s',
      'back\\slash',
      'line\nfeed',
      'tab\tname',
      '-dash',
      'ümlaut',
      '\u{202e}rtl',
      '##[error]x',
      '__proto__',
    ]
    const sha = commit([], Object.fromEntries(names.map((name) => [name, 'x\n'])))
    expect(
      history
        .tree(sha, true)
        .map((entry) => entry.path)
        .toSorted(),
    ).toEqual(names.toSorted())
    const bytes = commit([], { 'bad\u{dcff}.py': 'x\n' })
    expect(store.run(['ls-tree', '-z', '--name-only', bytes]).stdout).toEqual(Buffer.from('bad\u{ff}.py\0', 'latin1'))
    expect(history.tree(bytes, true).map((entry) => entry.path)).toEqual(['bad\u{fffd}.py'])
  })

  test('are those that git makes of the same changes, and git finds nothing wrong with them', () => {
    const paths = constantFrom('a', 'a/b', 'a/b/c', 'a-b', 'a.b/c', 'b', 'ü/a')
    const contents = constantFrom('', 'x\n', 'longer\n'.repeat(40), null)
    const series = array(dictionary(paths, contents).filter(isPlain), { minLength: 1, maxLength: 5 })
    assert(
      property(series, (all) => {
        const twin = createGitStore(mkdtempSync(join(root, 'twin-')))
        const ours = all.reduce<readonly string[]>(
          (parents, changes) => [twin.commit({ ref: 'refs/x', parents, message: 'One\n\nTwo\n', changes })],
          [],
        )
        expect(twin.run(['fsck', '--strict', '--no-dangling', ...ours]).stdout.toString()).toBe('')
        expect(importedByGit(twin, all)).toBe(ours[0])
      }),
      { numRuns: 10, seed: 11 },
    )
  })

  test('ignore what the machine has configured, and what the tree says about itself', () => {
    const first = commit([], { '.gitattributes': '* diff=external text eol=crlf\n*.py -diff\n', 'a.py': 'x\n' })
    const second = commit([first], { 'a.py': 'y\r\n' })
    expect(history.diff(first, second).map((file) => file.patch)).toEqual(['@@ -1 +1 @@\n-x\n+y\r'])
  })
})

/** No path that is a file and a directory at once. */
const isPlain = (changes: object): boolean =>
  Object.keys(changes).every((path) => !Object.keys(changes).some((other) => other.startsWith(`${path}/`)))

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`

/** The id of the last commit if git makes them. */
function importedByGit(twin: GitStore, all: readonly Readonly<Record<string, string | null>>[]): string {
  const commits = all.map((changes, at) => {
    const who = `Ada Author <ada@example.org> ${1_704_067_200 + 60 * at} +0000`
    const lines = Object.entries(changes).map(([path, content]) =>
      content === null ? `D "${path}"\n` : `M 100644 inline "${path}"\n${data(content)}`,
    )
    const from = at === 0 ? '' : `from :${at}\n`
    const head = `commit refs/git\nmark :${at + 1}\nauthor ${who}\ncommitter ${who}\n${data('One\n\nTwo\n')}`
    return head + from + lines.join('')
  })
  const input = Buffer.from(`${commits.join('')}get-mark :${all.length}\n`)
  return twin.run(['fast-import', '--quiet', '--force', '--date-format=raw'], { input }).stdout.toString().trim()
}

describe('merges', () => {
  test('have a base, or none; conflict, or not; and their id does not depend on when they are made', () => {
    const base = commit([], { a: 'x\n', b: 'x\n' })
    const [one, other] = [commit([base], { a: 'y\n' }), commit([base], { b: 'y\n' })]
    const clash = commit([base], { a: 'z\n' })
    const orphan = commit([], { c: 'x\n' })
    const merged = history.testMerge(one, other, 'refs/merge')
    commit([base], { c: 'more\n' })
    expect(createHistory(store).testMerge(one, other, 'refs/merge')).toBe(merged)
    expect([history.mergeBase(one, other), history.mergeBase(one, orphan)]).toEqual([base, null])
    expect(history.testMerge(one, clash, 'refs/merge')).toBe(null)
    expect(history.between(base, one)).toEqual([one])
  })
})

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

describe('hunks', () => {
  const PATCH = ['@@ -1,4 +1,5 @@ def f():', ' a', '-b', '+c', '+d', ' e', ' f', '\\ No newline at end of file'].join(
    '\n',
  )

  test('number both sides', () => {
    expect(readHunks(PATCH)[0]?.lines.map((line) => [line.sign, line.left, line.right])).toEqual([
      [' ', 1, 1],
      ['-', 2, null],
      ['+', null, 2],
      ['+', null, 3],
      [' ', 3, 4],
      [' ', 4, 5],
    ])
  })

  test('know added and context lines on the right, deleted ones on the left', () => {
    const hunks = readHunks(PATCH)
    expect([findLine(hunks, 'RIGHT', 3), findLine(hunks, 'LEFT', 2), findLine(hunks, 'LEFT', 3)]).toEqual([
      { hunk: 0, index: 3 },
      { hunk: 0, index: 1 },
      null,
    ])
  })

  test('carry a line along exactly when git kept it', () => {
    const texts = array(constantFrom('a', 'b', 'c'), { maxLength: 8 })
    assert(
      property(texts, texts, (before, after) => {
        const from = commit([], { f: text(before) })
        const to = commit([from], { f: text(after) })
        const moves = history.lineMoves(from, to, 'f')
        if (moves === null) throw new Error('no file')
        const followed = before.map((_, at) => followLine(moves, at + 1))
        const kept = followed.filter((line) => line !== null)
        // Whatever was followed is the same text, in the same order, and what git did not keep is not followed.
        expect(kept).toEqual([...new Set(kept)].toSorted((a, b) => a - b))
        expect(kept.map((line) => after[line - 1])).toEqual(before.filter((_, at) => followed[at] !== null))
        expect(before.length - kept.length).toBe(history.diff(from, to)[0]?.deletions ?? 0)
      }),
      { numRuns: 20, seed: 7 },
    )
  })
})
