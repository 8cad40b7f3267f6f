import { afterAll, describe, expect, test } from '@jest/globals'
import { changesBetween, directoryChangeSet } from '../../src/sources/changes.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { openGitRepository } from '../../src/sources/git.ts'
import { renamesBetween } from '../../src/sources/similarity.ts'
import type { ChangeSet } from '../../src/diff/model.ts'
import { removeTemporaryDirectories, temporaryDirectory, testRepository, writeFiles } from './repository.ts'

afterAll(removeTemporaryDirectories)

type Files = Readonly<Record<string, string>>
const summary = ({ files }: ChangeSet): unknown[] => files.map((it) => [it.status, it.previousPath, it.path])
const between = (base: Files, head: Files): Promise<ChangeSet> => changesBetween(memoryReader(base), memoryReader(head))

const file = (path: string, text: string) => ({ path, id: path, text })
const BODY = Array.from({ length: 20 }, (_, at) => `value_${at} = ${at * 7919}\n`).join('')

describe('two trees', () => {
  test('equal files are no change; edits have hunks', async () => {
    expect(await between({ 'a.py': 'a\n', 'b.py': 'b\n' }, { 'a.py': 'a\n', 'b.py': 'c\n' })).toEqual({
      files: [
        {
          path: 'b.py',
          previousPath: 'b.py',
          status: 'modified',
          anchoring: 'unknown',
          hunks: [
            { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, added: [1], deletions: [{ before: 1, count: 1 }] },
          ],
        },
      ],
    })
  })

  test('equal content elsewhere is a rename, also of several files; the one that keeps its name is preferred', async () => {
    expect(
      summary(
        await between(
          { 'old/a.py': 'x = 1\n', 'old/b.py': 'x = 1\n', 'gone.py': 'y = 1\n' },
          { 'new/b.py': 'x = 1\n', 'new/a.py': 'x = 1\n', 'fresh.py': 'z = 1\n' },
        ),
      ),
    ).toEqual([
      ['added', null, 'fresh.py'],
      ['removed', 'gone.py', 'gone.py'],
      ['renamed', 'old/a.py', 'new/a.py'],
      ['renamed', 'old/b.py', 'new/b.py'],
    ])
  })

  test('half of the content makes a rename, less does not; empty files are never renamed', async () => {
    const half = BODY.split('\n').slice(0, 12).join('\n')
    const little = BODY.split('\n').slice(0, 6).join('\n')
    const other = Array.from({ length: 14 }, (_, at) => `other_${at} = ${at * 104729}\n`).join('')
    expect(summary(await between({ 'a.py': BODY, '__init__.py': '' }, { 'b.py': half, 'c/__init__.py': '' }))).toEqual([
      ['removed', '__init__.py', '__init__.py'],
      ['renamed', 'a.py', 'b.py'],
      ['added', null, 'c/__init__.py'],
    ])
    expect(summary(await between({ 'a.py': BODY }, { 'b.py': `${little}\n${other}` }))).toEqual([
      ['removed', 'a.py', 'a.py'],
      ['added', null, 'b.py'],
    ])
  })

  test('the order of the files does not matter', () => {
    const removed = [file('a.py', BODY), file('b.py', `${BODY}tail\n`)]
    const added = [file('c.py', `${BODY}tail\n`), file('d.py', BODY)]
    const expected = new Map([
      ['c.py', 'b.py'],
      ['d.py', 'a.py'],
    ])
    expect(renamesBetween(removed, added)).toEqual(expected)
    expect(renamesBetween(removed.toReversed(), added.toReversed())).toEqual(expected)
  })
})

test('two directories give what git gives for two commits', async () => {
  const [left, right] = [temporaryDirectory(), temporaryDirectory()]
  const base = { 'a.py': BODY, 'pkg/b.py': BODY.replaceAll('value', 'item'), 'c.py': 'c = 1\n' }
  const head = { 'a.py': `${BODY}more = 1\n`, 'lib/b.py': `${base['pkg/b.py']}end = 1\n`, 'd.py': 'd = 1\nd = 2\n' }
  writeFiles(left, base)
  writeFiles(right, head)
  const repository = testRepository()
  const before = repository.commit(base)
  repository.git('rm', '--quiet', '-r', 'pkg', 'c.py')
  const after = repository.commit(head)
  const git = await openGitRepository(repository.directory)
  const changes = await directoryChangeSet(left, right)
  expect(summary(changes)).toEqual([
    ['modified', 'a.py', 'a.py'],
    ['removed', 'c.py', 'c.py'],
    ['added', null, 'd.py'],
    ['renamed', 'pkg/b.py', 'lib/b.py'],
  ])
  expect(changes).toEqual(await git.changeSet(before, after))
  git.close()
})
