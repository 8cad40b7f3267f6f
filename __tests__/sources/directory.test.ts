import { afterAll, describe, expect, test } from '@jest/globals'
import { chmodSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getuid } from 'node:process'
import { blobId } from '../../src/program/blob-id.ts'
import { directoryReader } from '../../src/sources/directory.ts'
import { memoryReader } from '../../src/sources/memory.ts'
import { nameBytes, nameText } from '../../src/sources/paths.ts'
import { namedFile } from '../../src/sources/policy-file.ts'
import { removeTemporaryDirectories, temporaryDirectory, writeFiles } from './repository.ts'

afterAll(removeTemporaryDirectories)

const bytes = (text: string): Buffer => Buffer.from(text)

async function ids(root: string, identity: 'stat' | 'content'): Promise<string[]> {
  return (await directoryReader(root, identity).list()).map((entry) => entry.id)
}

describe('a plain directory', () => {
  test('lists Python files by path and reads them; caches, packages and links are left out', async () => {
    const root = temporaryDirectory()
    writeFiles(root, {
      'b.py': 'b = 1\n',
      'a/z.py': '',
      'a/note.txt': 'x',
      '.git/hook.py': '',
      'node_modules/p/x.py': '',
      'a/__pycache__/z.py': '',
    })
    symlinkSync('b.py', join(root, 'link.py'))
    symlinkSync('..', join(root, 'a', 'loop'))
    symlinkSync('note.txt', join(root, 'a', 'words'))
    mkdirSync(join(root, 'dir.py'))
    const reader = directoryReader(root)
    const entries = await reader.list()
    expect(await reader.links?.()).toEqual([
      { path: 'a/loop', isDirectory: true },
      { path: 'a/words', isDirectory: false },
      { path: 'link.py', isDirectory: false },
    ])
    expect(reader.commit).toBeNull()
    expect(entries.map(({ path, size }) => [path, size])).toEqual([
      ['a/z.py', 0],
      ['b.py', 6],
    ])
    expect(await reader.read(entries)).toEqual(
      new Map([
        ['a/z.py', bytes('')],
        ['b.py', bytes('b = 1\n')],
      ]),
    )
  })

  test('by content, equal files of two directories have equal ids; by stat, no two files share one', async () => {
    const [left, right] = [temporaryDirectory(), temporaryDirectory()]
    writeFiles(left, { 'a.py': 'a = 1\n', 'b.py': 'a = 1\n' })
    writeFiles(right, { 'a.py': 'a = 1\n' })
    const id = blobId(bytes('a = 1\n'))
    expect([await ids(left, 'content'), await ids(right, 'content')]).toEqual([[id, id], [id]])
    const stats = [...(await ids(left, 'stat')), ...(await ids(right, 'stat'))]
    expect(new Set(stats).size).toBe(3)
  })

  test('a file that vanishes or became a link after listing is an answer, not an error', async () => {
    const root = temporaryDirectory()
    writeFiles(root, { 'a.py': 'a', 'b.py': 'b' })
    const reader = directoryReader(root)
    const entries = await reader.list()
    unlinkSync(join(root, 'a.py'))
    unlinkSync(join(root, 'b.py'))
    symlinkSync('/etc/hostname', join(root, 'b.py'))
    expect(await reader.read([...entries, { path: 'a.py/x.py', id: '', size: 0 }])).toEqual(
      new Map([
        ['a.py', { reason: 'missing-file', message: 'a.py is listed but its content is not available' }],
        ['b.py', { reason: 'unreadable', message: 'b.py is not a regular file' }],
        ['a.py/x.py', { reason: 'missing-file', message: 'a.py/x.py is listed but its content is not available' }],
      ]),
    )
  })

  test('a file without permission is unreadable', async () => {
    const root = temporaryDirectory()
    writeFiles(root, { 'a.py': 'a', 'sub/b.py': 'b' })
    chmodSync(join(root, 'a.py'), 0)
    const reader = directoryReader(root, 'content')
    const entries = await reader.list()
    const found = (await reader.read(entries)).get('a.py')
    // permissions do not bind the superuser, under whom tests in containers run
    const refused = { reason: 'unreadable', message: 'a.py cannot be read (EACCES)' }
    expect(found).toEqual(getuid?.() === 0 ? bytes('a') : refused)
    chmodSync(join(root, 'a.py'), 0o600)
  })

  test('names that are not UTF-8 stay distinct and readable', async () => {
    const root = temporaryDirectory()
    for (const byte of [0xe9, 0xea]) {
      const name = Buffer.concat([Buffer.from(`${root}/n`), Buffer.from([byte]), Buffer.from('.py')])
      writeFileSync(name, String(byte))
    }
    const reader = directoryReader(root)
    const entries = await reader.list()
    expect(entries.map((entry) => entry.path)).toEqual(['n\udce9.py', 'n\udcea.py'])
    expect([...(await reader.read(entries)).values()]).toEqual([bytes('233'), bytes('234')])
    for (const name of ['é.py', 'n\udce9\udc80é.py', '']) expect(nameText(nameBytes(name))).toBe(name)
  })

  test('refuses what is no directory', () => {
    const root = temporaryDirectory()
    writeFiles(root, { 'a.py': 'a' })
    for (const wrong of [join(root, 'a.py'), join(root, 'missing')])
      expect(() => directoryReader(wrong)).toThrow(`${wrong}: not a directory`)
  })

  test('a directory that is named through a link is taken', async () => {
    const [root, other] = [temporaryDirectory(), temporaryDirectory()]
    writeFiles(root, { 'a.py': 'a' })
    symlinkSync(root, join(other, 'link'))
    expect((await directoryReader(join(other, 'link')).list()).map((entry) => entry.path)).toEqual(['a.py'])
  })
})

describe('one file by name', () => {
  test('is refused behind a linked directory and when it is too large', () => {
    const [root, outside] = [temporaryDirectory(), temporaryDirectory()]
    writeFiles(outside, { 'x.yml': 'x' })
    symlinkSync(outside, join(root, '.github'))
    expect(namedFile(root, '.github/x.yml')).toEqual({ kind: 'refused', reason: 'is reached through a symbolic link' })
    writeFiles(root, { 'big.json': Buffer.alloc(16 * 1024 * 1024 + 1) })
    expect(namedFile(root, 'big.json')).toEqual({ kind: 'refused', reason: 'is too large' })
  })
})

describe('memory and overlay', () => {
  test('a memory reader has the ids of git and leaves out other files', async () => {
    const reader = memoryReader({ 'b.py': 'b', 'a.py': Buffer.from([0xe9]), 'c.txt': '' }, 'abc')
    expect(reader.commit).toBe('abc')
    const entries = await reader.list()
    expect(entries).toEqual([
      { path: 'a.py', id: blobId(Buffer.from([0xe9])), size: 1 },
      { path: 'b.py', id: blobId(bytes('b')), size: 1 },
    ])
    expect(blobId(bytes('b'))).toBe('63d8dbd40c23542e740659a7168a0ce3138ea748')
    expect(await reader.read([...entries, { path: 'x.py', id: '', size: 0 }])).toEqual(
      new Map<string, unknown>([
        ['a.py', Buffer.from([0xe9])],
        ['b.py', bytes('b')],
        ['x.py', { reason: 'missing-file', message: 'x.py is listed but its content is not available' }],
      ]),
    )
  })

  test('names of the prototype are ordinary names', async () => {
    const reader = memoryReader(JSON.parse('{"__proto__.py":"1","constructor.py":"2"}') as Record<string, string>)
    expect((await reader.list()).map((entry) => entry.path)).toEqual(['__proto__.py', 'constructor.py'])
  })
})
