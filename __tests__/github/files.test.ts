// The list of a pull request's files is whole, or it says why it is not.
import { describe, expect, test } from '@jest/globals'
import { readFiles, type FileList } from '../../src/github/files.ts'
import { REPOSITORY, withServer, type Answer, type Answering } from './server.ts'

const file = (at: number): object => ({ filename: `f${at}.py`, status: 'modified', patch: '@@', sha: null, more: 1 })
const page = (from: number, to: number): Answer => ({
  json: Array.from({ length: to - from }, (_, at) => file(from + at)),
})
const number = (url: string): number => Number(/[?&]page=(\d+)/.exec(url)?.[1])

/** Pages of `size`, without any link between them. */
const pages =
  (count: number, size = 100): Answering =>
  ({ url }) =>
    page(Math.min(count, (number(url) - 1) * size), Math.min(count, number(url) * size))

function read(answering: Answering, expected: number): Promise<FileList & { requests: number }> {
  return withServer(answering, async ({ client, asked }) => ({
    ...(await readFiles(client, REPOSITORY, 7, expected)),
    requests: asked.length,
  }))
}

describe('readFiles', () => {
  test.each([
    [0, 100, 0],
    [1, 100, 1],
    [100, 100, 1],
    [250, 100, 3],
    [70, 30, 3],
    [3000, 100, 30],
  ])('%i files in pages of %i are %i requests', async (count, size, requests) => {
    const list = await read(pages(count, size), count)
    expect([list.files.length, list.problem, list.requests]).toEqual([count, null, requests])
  })

  test('a file in our terms', async () => {
    const json = [
      { filename: 'b.py', status: 'renamed', previous_filename: 'a.py', patch: '@@ -1 +1 @@\n-a\n+b' },
      { filename: 'big.py', status: 'modified' },
    ]
    expect(await read(() => ({ json }), 2)).toEqual({
      files: [
        { path: 'b.py', status: 'renamed', previousPath: 'a.py', patch: '@@ -1 +1 @@\n-a\n+b' },
        { path: 'big.py', status: 'modified', previousPath: null, patch: null },
      ],
      problem: null,
      requests: 1,
    })
  })

  test('more than the host lists', async () => {
    const list = await read(pages(3000), 5000)
    expect([list.files.length, list.problem, list.requests]).toEqual([
      3000,
      'only 3000 of 5000 changed files are listed',
      30,
    ])
  })

  test.each<[string, Answering, number, string, number]>([
    ['fewer than there should be', pages(120), 250, 'only 120 of 250 changed files are listed', 120],
    ['a page that repeats the first', () => page(0, 100), 250, 'a page repeats "f0.py"', 100],
    [
      '409 on the second page',
      ({ url }) => (number(url) === 1 ? page(0, 100) : { status: 409, json: { message: 'Conflict' } }),
      250,
      'GET /repos/{owner}/{repo}/pulls/{pull_number}/files: 409 Conflict',
      100,
    ],
    [
      'a connection that ends in the second page',
      ({ url }) => (number(url) === 1 ? page(0, 100) : (response) => void response.destroy()),
      250,
      'GET /repos/{owner}/{repo}/pulls/{pull_number}/files: no answer (UND_ERR_SOCKET)',
      100,
    ],
    [
      'an object for a list',
      () => ({ json: {} }),
      5,
      'GET /repos/{owner}/{repo}/pulls/{pull_number}/files answered something unexpected: the body expected Array',
      0,
    ],
  ])('%s', async (_, answering, expected, problem, files) => {
    const list = await read(answering, expected)
    expect([list.problem, list.files.length]).toEqual([problem, files])
  })
})
