import { afterAll, describe, expect, test } from '@jest/globals'
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { FileEntry, SourceReader } from '../../src/program/model.ts'
import { directoryReader } from '../../src/sources/directory.ts'
import { openGitRepository } from '../../src/sources/git.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { blobId } from '../../src/program/blob-id.ts'
import { removeTemporaryDirectories, temporaryDirectory, testRepository } from './repository.ts'

afterAll(removeTemporaryDirectories)

async function contents(reader: SourceReader): Promise<Record<string, string>> {
  const found = await reader.read(await reader.list())
  return Object.fromEntries(
    [...found].map(([path, it]) => [path, it instanceof Uint8Array ? Buffer.from(it).toString('latin1') : it.reason]),
  )
}

const paths = (entries: readonly FileEntry[]): string[] => entries.map((entry) => entry.path)

describe('opening', () => {
  test('refuses what is no repository, and what is no directory', async () => {
    const plain = temporaryDirectory()
    await expect(openGitRepository(plain)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `${plain}: not a git repository`,
    })
    await expect(openGitRepository(`${plain}/missing`)).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: `${plain}/missing: no such directory`,
    })
  })

  test('resolves branches, tags and short ids, and names what it cannot resolve', async () => {
    const repository = testRepository()
    const first = repository.commit({ 'a.py': 'a = 1\n' })
    repository.git('tag', '-a', 'v1', '-m', 'first')
    const second = repository.commit({ 'a.py': 'a = 2\n' })
    const git = await openGitRepository(repository.directory)
    expect(await git.resolve('main')).toBe(second)
    expect(await git.resolve('v1')).toBe(first)
    expect(await git.resolve(first.slice(0, 10))).toBe(first)
    expect(await git.headCommit()).toBe(second)
    for (const wrong of ['nope', '--all', '', 'main\nmain', 'main:a.py'])
      await expect(git.resolve(wrong)).rejects.toMatchObject({ name: 'ConfigurationError' })
    git.close()
  })

  test('before the first commit there is no head', async () => {
    const git = await openGitRepository(testRepository().directory)
    expect(await git.headCommit()).toBeNull()
    git.close()
  })

  test('finds the merge base, and null for histories that have nothing in common', async () => {
    const repository = testRepository()
    const root = repository.commit({ 'a.py': 'a = 1\n' })
    const left = repository.commit({ 'a.py': 'a = 2\n' })
    repository.git('checkout', '--quiet', '-b', 'side', root)
    const right = repository.commit({ 'b.py': 'b = 1\n' })
    repository.git('checkout', '--quiet', '--orphan', 'other')
    const alone = repository.commit({ 'c.py': 'c = 1\n' })
    const git = await openGitRepository(repository.directory)
    expect(await git.mergeBase(left, right)).toBe(root)
    expect(await git.mergeBase(left, alone)).toBeNull()
    expect(await git.isShallow()).toBe(false)
    git.close()
  })
})

describe('the reader of a commit', () => {
  test('lists regular Python files with their blob ids and reads them in any order', async () => {
    const repository = testRepository()
    symlinkSync('a.py', join(repository.directory, 'link.py'))
    const text = 'a = "é"\n'
    const commit = repository.commit({ 'a.py': text, 'pkg/b.py': '', 'pkg/c.txt': 'no', 'pkg/types.pyi': 'x: int' })
    const git = await openGitRepository(repository.directory)
    const reader = git.commitReader(commit)
    expect(reader.commit).toBe(commit)
    expect(await reader.list()).toEqual([
      { path: 'a.py', id: blobId(Buffer.from(text)), size: 9 },
      { path: 'pkg/b.py', id: blobId(Buffer.alloc(0)), size: 0 },
    ])
    const entries = await reader.list()
    const found = await reader.read(entries.toReversed())
    expect(Buffer.from((found.get('a.py') ?? Buffer.alloc(0)) as Uint8Array).toString()).toBe(text)
    expect(found.get('pkg/b.py')).toEqual(Buffer.alloc(0))
    git.close()
  })

  test('keeps hostile and undecodable names apart', async () => {
    const repository = testRepository()
    const id = repository.git('hash-object', '-w', '--stdin')
    const names = ['-x.py', 'a\nb.py', '##[error].py', 'A.py', 'a.py', 'a\\b.py', '__proto__.py', '\u202e.py', '"q".py']
    for (const name of names) repository.git('update-index', '--add', '--cacheinfo', `100644,${id},${name}`)
    repository.git('commit', '--quiet', '-m', 'names')
    const git = await openGitRepository(repository.directory)
    const reader = git.commitReader(await git.resolve('HEAD'))
    expect(paths(await reader.list())).toEqual(names.toSorted())
    expect(Object.values(await contents(reader))).toEqual(names.map(() => ''))
    git.close()
  })

  test('a submodule named like a module is no file, and an object that is missing is said', async () => {
    const repository = testRepository()
    const commit = repository.commit({ 'a.py': 'a = 1\n' })
    repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub.py`)
    repository.git('commit', '--quiet', '-m', 'submodule')
    const git = await openGitRepository(repository.directory)
    const reader = git.commitReader(await git.resolve('HEAD'))
    expect(paths(await reader.list())).toEqual(['a.py'])
    expect(await reader.read([{ path: 'x.py', id: '0'.repeat(40), size: 1 }])).toEqual(
      new Map([['x.py', { reason: 'missing-file', message: 'x.py is listed but its content is not available' }]]),
    )
    git.close()
  })

  test('a subdirectory is a tree of its own', async () => {
    const repository = testRepository()
    const base = repository.commit({ 'top.py': 't = 1\n', 'app/a.py': 'a = 1\n', 'app/pkg/b.py': 'b = 1\n' })
    const head = repository.commit({ 'top.py': 't = 2\n', 'app/a.py': 'a = 2\n' })
    const git = await openGitRepository(join(repository.directory, 'app'))
    expect(paths(await git.commitReader(head).list())).toEqual(['a.py', 'pkg/b.py'])
    expect(paths(await git.workTreeReader().list())).toEqual(['a.py', 'pkg/b.py'])
    expect((await git.changeSet(base, head)).files.map((file) => file.path)).toEqual(['a.py'])
    git.close()
  })

  test('answers several readers at once, and large blobs whole', async () => {
    const repository = testRepository()
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`m${at}.py`, `x = ${at}\n`.repeat(at * 40)]),
    )
    const commit = repository.commit(files)
    const git = await openGitRepository(repository.directory)
    const answers = await Promise.all([1, 2, 3].map(() => contents(git.commitReader(commit))))
    expect(answers).toEqual([files, files, files])
    git.close()
    expect((await contents(git.commitReader(commit)))['m1.py']).toBe(files['m1.py'])
    git.close()
  })
})

describe('the reader of the working tree', () => {
  test('and a commit, a directory and memory list the same marks beside Python, and read them', async () => {
    const repository = testRepository()
    const files = {
      'm/a/manifest.json': '{"entry_point": "main.py"}',
      'm/b/.disabled': '',
      'm/x.disabled': '',
      'a.py': '',
    }
    const commit = repository.commit(files)
    const git = await openGitRepository(repository.directory)
    const readers = [
      git.commitReader(commit),
      git.workTreeReader(),
      directoryReader(repository.directory),
      memoryReader(files),
    ]
    for (const reader of readers) {
      const marks = (await reader.marks?.()) ?? []
      const read = await reader.read(marks)
      const texts = marks.map(({ path }) => [path, Buffer.from((read.get(path) ?? []) as Uint8Array).toString()])
      expect(texts).toEqual([
        ['m/a/manifest.json', files['m/a/manifest.json']],
        ['m/b/.disabled', ''],
      ])
      expect((await reader.list()).map(({ path }) => path)).toEqual(['a.py'])
    }
    git.close()
  })

  test('reads tracked files from the disk and untracked ones that nothing ignores', async () => {
    const repository = testRepository()
    repository.commit({ 'kept.py': 'k = 1\n', 'edited.py': 'e = 1\n', 'gone.py': 'g = 1\n', '.gitignore': 'build/\n' })
    repository.write({ 'edited.py': 'e = 2\n', 'new/file.py': 'n = 1\n', 'build/out.py': 'o = 1\n', 'note.txt': '' })
    unlinkSync(join(repository.directory, 'gone.py'))
    const git = await openGitRepository(repository.directory)
    const reader = git.workTreeReader()
    expect(reader.commit).toBeNull()
    expect(await contents(reader)).toEqual({ 'edited.py': 'e = 2\n', 'kept.py': 'k = 1\n', 'new/file.py': 'n = 1\n' })
    expect((await reader.list()).map((entry) => entry.id)).toEqual(
      ['e = 2\n', 'k = 1\n', 'n = 1\n'].map((text) => blobId(Buffer.from(text))),
    )
    git.close()
  })

  test('never follows a link, whether a file or a directory became one', async () => {
    const repository = testRepository()
    const outside = testRepository()
    outside.write({ 'secret.py': 's = 1\n', 'a.py': 's = 2\n' })
    repository.commit({ 'file.py': 'f = 1\n', 'dir/a.py': 'a = 1\n' })
    unlinkSync(join(repository.directory, 'file.py'))
    symlinkSync(join(outside.directory, 'secret.py'), join(repository.directory, 'file.py'))
    rmSync(join(repository.directory, 'dir'), { recursive: true })
    symlinkSync(outside.directory, join(repository.directory, 'dir'))
    const git = await openGitRepository(repository.directory)
    const reader = git.workTreeReader()
    expect([await reader.list(), await reader.links?.()]).toEqual([
      [],
      [
        { path: 'dir', isDirectory: true },
        { path: 'dir/a.py', isDirectory: false },
        { path: 'file.py', isDirectory: false },
      ],
    ])
    const commit = repository.commit({})
    expect([await git.commitReader(commit).links?.(), await git.workTreeReader().links?.()]).toEqual([
      [
        { path: 'dir', isDirectory: false },
        { path: 'file.py', isDirectory: false },
      ],
      [
        { path: 'dir', isDirectory: true },
        { path: 'file.py', isDirectory: false },
      ],
    ])
    git.close()
  })

  test('a folder that is gone, or a file now, is no link', async () => {
    const repository = testRepository()
    const base = repository.commit({ 'kept.py': '', 'gone/deep/a.py': '', 'file/a.py': '', 'sparse/a.py': 's = 1\n' })
    for (const name of ['gone', 'file', 'sparse']) rmSync(join(repository.directory, name), { recursive: true })
    repository.write({ file: 'text\n' })
    repository.git('update-index', '--skip-worktree', 'sparse/a.py')
    const git = await openGitRepository(repository.directory)
    const reader = git.workTreeReader()
    expect([await contents(reader), await reader.links?.()]).toEqual([{ 'kept.py': '', 'sparse/a.py': 's = 1\n' }, []])
    expect((await git.changeSet(base, null)).files.map(({ path, status }) => [path, status])).toEqual([
      ['file/a.py', 'removed'],
      ['gone/deep/a.py', 'removed'],
    ])
    git.close()
  })

  test('what lies behind a link that leads nowhere is behind a link', async () => {
    const repository = testRepository()
    repository.commit({ 'dir/deep/a.py': '' })
    rmSync(join(repository.directory, 'dir'), { recursive: true })
    symlinkSync('nowhere', join(repository.directory, 'dir'))
    const git = await openGitRepository(repository.directory)
    expect((await git.workTreeReader().links?.())?.map(({ path }) => path)).toEqual(['dir', 'dir/deep/a.py'])
    git.close()
  })

  test('line ends that a checkout changed are no change', async () => {
    const repository = testRepository()
    const base = repository.commit({ 'a.py': 'a = 1\nb = 2\n', 'b.py': 'a = 1\r\n' })
    repository.write({ 'a.py': 'a = 1\r\nb = 2\r\n', 'b.py': 'a = 2\r\n' })
    const git = await openGitRepository(repository.directory)
    expect(await contents(git.workTreeReader())).toEqual({ 'a.py': 'a = 1\nb = 2\n', 'b.py': 'a = 2\r\n' })
    expect((await git.changeSet(base, null)).files.map((file) => file.path)).toEqual(['b.py'])
    git.close()
  })

  test('a file that a sparse checkout leaves out is read from the index', async () => {
    const repository = testRepository()
    repository.commit({ 'a.py': 'a = 1\n', 'b.py': 'b = 1\n' })
    repository.git('update-index', '--skip-worktree', 'b.py')
    unlinkSync(join(repository.directory, 'b.py'))
    const git = await openGitRepository(repository.directory)
    expect(await contents(git.workTreeReader())).toEqual({ 'a.py': 'a = 1\n', 'b.py': 'b = 1\n' })
    git.close()
  })

  test('a bare repository has none', async () => {
    const repository = testRepository()
    const commit = repository.commit({ 'a.py': 'a = 1\n' })
    const bare = temporaryDirectory()
    repository.git('clone', '--quiet', '--bare', '.', bare)
    const git = await openGitRepository(bare)
    expect(paths(await git.commitReader(commit).list())).toEqual(['a.py'])
    expect(() => git.workTreeReader()).toThrow('has no working tree')
    git.close()
  })
})

describe('the change between two commits', () => {
  test('says what was added, removed, modified and renamed, with hunks', async () => {
    const repository = testRepository()
    const body = Array.from({ length: 12 }, (_, at) => `line${at} = ${at}\n`).join('')
    const base = repository.commit({
      'mod.py': body,
      'old.py': `${body}tail = 1\n`,
      'gone.py': 'g = 1\n',
      'pure.py': 'p = 1\n',
    })
    repository.git('mv', 'pure.py', 'moved.py')
    repository.git('mv', 'old.py', 'new.py')
    unlinkSync(join(repository.directory, 'gone.py'))
    const head = repository.commit({
      'mod.py': body.replace('line5 = 5\n', 'line5 = 50\nextra = 1\n'),
      'new.py': `${body}tail = 2\n`,
      'add.py': 'x = 1\ny = 2\n',
      'readme.md': 'text',
    })
    const git = await openGitRepository(repository.directory)
    expect((await git.changeSet(base, head)).files).toEqual([
      {
        path: 'add.py',
        previousPath: null,
        status: 'added',
        anchoring: 'unknown',
        hunks: [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 2, added: [1, 2], deletions: [] }],
      },
      {
        path: 'gone.py',
        previousPath: 'gone.py',
        status: 'removed',
        anchoring: 'unknown',
        hunks: [
          { oldStart: 1, oldLines: 1, newStart: 0, newLines: 0, added: [], deletions: [{ before: 1, count: 1 }] },
        ],
      },
      {
        path: 'mod.py',
        previousPath: 'mod.py',
        status: 'modified',
        anchoring: 'unknown',
        hunks: [
          { oldStart: 3, oldLines: 7, newStart: 3, newLines: 8, added: [6, 7], deletions: [{ before: 6, count: 1 }] },
        ],
      },
      { path: 'moved.py', previousPath: 'pure.py', status: 'renamed', anchoring: 'unknown', hunks: [] },
      {
        path: 'new.py',
        previousPath: 'old.py',
        status: 'renamed',
        anchoring: 'unknown',
        hunks: [
          { oldStart: 10, oldLines: 4, newStart: 10, newLines: 4, added: [13], deletions: [{ before: 13, count: 1 }] },
        ],
      },
    ])
    git.close()
  })

  test('a change of mode has no hunks, and a link that became a file is an added file', async () => {
    const repository = testRepository()
    symlinkSync('x.py', join(repository.directory, 'l.py'))
    const base = repository.commit({ 'x.py': 'x = 1\n', 'f.py': 'f = 1\n' })
    chmodSync(join(repository.directory, 'x.py'), 0o755)
    unlinkSync(join(repository.directory, 'l.py'))
    unlinkSync(join(repository.directory, 'f.py'))
    symlinkSync('x.py', join(repository.directory, 'f.py'))
    const head = repository.commit({ 'l.py': 'l = 1\n' })
    const git = await openGitRepository(repository.directory)
    expect((await git.changeSet(base, head)).files).toEqual([
      {
        path: 'f.py',
        previousPath: 'f.py',
        status: 'removed',
        anchoring: 'unknown',
        hunks: [
          { oldStart: 1, oldLines: 1, newStart: 0, newLines: 0, added: [], deletions: [{ before: 1, count: 1 }] },
        ],
      },
      {
        path: 'l.py',
        previousPath: null,
        status: 'added',
        anchoring: 'unknown',
        hunks: [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 1, added: [1], deletions: [] }],
      },
      { path: 'x.py', previousPath: 'x.py', status: 'modified', anchoring: 'unknown', hunks: [] },
    ])
    git.close()
  })

  test('attributes, odd names and contents that look like headers do not disturb the hunks', async () => {
    const repository = testRepository()
    const trap = 'a = 1\rdiff --git a/x b/x\n-- b\n++ c\n@@ -1 +1 @@\n\u2028\n'
    const base = repository.commit({ '.gitattributes': '*.py -diff binary\n', 'x\ny.py': trap, 'z.py': 'z = 1' })
    const head = repository.commit({ 'x\ny.py': `new = 1\n${trap}`, 'z.py': 'z = 1\nw = 2' })
    const git = await openGitRepository(repository.directory)
    expect((await git.changeSet(base, head)).files.map((file) => [file.path, file.hunks])).toEqual([
      ['x\ny.py', [{ oldStart: 1, oldLines: 3, newStart: 1, newLines: 4, added: [1], deletions: [] }]],
      [
        'z.py',
        [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 2, added: [1, 2], deletions: [{ before: 1, count: 1 }] }],
      ],
    ])
    git.close()
  })

  test('working tree and commit give the same files and hunks', async () => {
    const repository = testRepository()
    const body = Array.from({ length: 30 }, (_, at) => `line${at} = ${at}\n`).join('')
    const base = repository.commit({ 'a.py': body, 'pkg/b.py': body })
    repository.git('mv', 'pkg/b.py', 'pkg/c.py')
    repository.write({ 'a.py': body.replace('line9', 'line_nine'), 'pkg/c.py': body.replace('line20 = 20\n', '') })
    const git = await openGitRepository(repository.directory)
    const uncommitted = await git.changeSet(base, null)
    const head = repository.commit({})
    expect(uncommitted.files.map((file) => file.status)).toEqual(['modified', 'renamed'])
    expect(uncommitted).toEqual(await git.changeSet(base, head))
    git.close()
  })
})

describe('nothing of the repository runs', () => {
  test('hooks, filters, textconv, external diffs, fsmonitor and aliases are never started', async () => {
    const repository = testRepository()
    const base = repository.commit({ 'a.py': 'a = 1\n', '.gitattributes': '*.py filter=evil diff=evil\n' })
    const trace = join(repository.directory, 'started')
    const command = `touch ${trace}; cat`
    mkdirSync(join(repository.directory, 'hooks'))
    repository.write({ 'hooks/post-index-change': `#!/bin/sh\n${command}\n` })
    chmodSync(join(repository.directory, 'hooks/post-index-change'), 0o755)
    for (const [key, value] of Object.entries({
      'core.fsmonitor': `touch ${trace}; false`,
      'core.hooksPath': join(repository.directory, 'hooks'),
      'filter.evil.clean': command,
      'filter.evil.smudge': command,
      'filter.evil.process': command,
      'diff.evil.textconv': command,
      'diff.evil.command': command,
      'diff.external': command,
      'core.pager': command,
    }))
      repository.git('config', key, value)
    repository.write({ 'a.py': 'a = 2\n', 'b.py': 'b = 1\n' })
    rmSync(trace, { force: true })
    const git = await openGitRepository(repository.directory)
    await contents(git.workTreeReader())
    await git.changeSet(base, null)
    await git.changeSet(base, base)
    await git.file(base, 'a.py')
    git.close()
    expect(existsSync(trace)).toBe(false)
  })
})

describe('one file by name', () => {
  test('is read from a commit or the working tree; links, directories, submodules and ways out are refused', async () => {
    const repository = testRepository()
    symlinkSync('real.yml', join(repository.directory, 'link.yml'))
    repository.commit({ 'real.yml': 'a: 1\n', 'dir/x.yml': '', '[g]*.yml': 'g' })
    repository.git('update-index', '--add', '--cacheinfo', `160000,${repository.git('rev-parse', 'HEAD')},sub.yml`)
    repository.git('commit', '--quiet', '-m', 'submodule')
    const git = await openGitRepository(repository.directory)
    const commit = await git.resolve('HEAD')
    const found = async (name: string): Promise<string[]> => {
      const answers = await Promise.all([git.file(commit, name), git.file(null, name)])
      return answers.map((it) =>
        it.kind === 'file' ? Buffer.from(it.bytes).toString() : it.kind === 'refused' ? it.reason : it.kind,
      )
    }
    expect(await found('real.yml')).toEqual(['a: 1\n', 'a: 1\n'])
    expect(await found('[g]*.yml')).toEqual(['g', 'g'])
    expect(await found('none.yml')).toEqual(['absent', 'absent'])
    expect(await found('real.yml/x')).toEqual(['absent', 'absent'])
    expect(await found('link.yml')).toEqual(['is a symbolic link', 'is a symbolic link'])
    expect(await found('dir')).toEqual(['is a directory', 'is a directory'])
    expect((await found('sub.yml'))[0]).toBe('is a submodule')
    for (const way of ['../x.yml', '/etc/passwd', 'dir/../../x', 'C:x.yml', 'a\\b.yml', ''])
      expect(await found(way)).toEqual(['is outside of the analysed tree', 'is outside of the analysed tree'])
    git.close()
  })
})
