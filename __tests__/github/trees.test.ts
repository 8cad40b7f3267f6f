// Listings of commits: whole or refused, truncated ones walked, special entries named as what they are.
import { describe, expect, test } from '@jest/globals'
import { readTree } from '../../src/github/trees.ts'
import { REPOSITORY, withServer, type Answer, type Asked } from './server.ts'

const sha = (digit: string): string => digit.repeat(40)
const blob = (path: string, id: string, mode = '100644'): object => ({
  path,
  mode,
  type: 'blob',
  sha: sha(id),
  size: 3,
})
const tree = (path: string, id: string): object => ({ path, mode: '040000', type: 'tree', sha: sha(id) })
const answer = (entries: readonly object[], truncated = false): Answer => ({
  json: { sha: sha('f'), url: '', tree: entries, truncated },
})

const ROOT = `/repos/acme/shop/git/trees/${sha('0')}`
const route =
  (routes: Readonly<Record<string, Answer>>) =>
  ({ url }: Asked): Answer =>
    routes[url] ?? { status: 404, json: { message: `no ${url}` } }

const below = (id: string, query = ''): string => `/repos/acme/shop/git/trees/${sha(id)}${query}`

describe('readTree', () => {
  test('lists every entry by its kind', async () => {
    const entries = [
      tree('a', '1'),
      blob('a/x.py', '2'),
      blob('a/run.sh', '3', '100755'),
      blob('old.py', '6', '100664'),
      blob('link.py', '4', '120000'),
      { path: 'vendor.py', mode: '160000', type: 'commit', sha: sha('5') },
    ]
    await withServer(route({ [`${ROOT}?recursive=1`]: answer(entries) }), async ({ client }) => {
      expect(await readTree(client, REPOSITORY, sha('0'))).toEqual({
        ok: true,
        value: [
          { path: 'a', kind: 'directory', id: sha('1'), size: 0 },
          { path: 'a/x.py', kind: 'file', id: sha('2'), size: 3 },
          { path: 'a/run.sh', kind: 'file', id: sha('3'), size: 3 },
          { path: 'old.py', kind: 'file', id: sha('6'), size: 3 },
          { path: 'link.py', kind: 'symlink', id: sha('4'), size: 3 },
          { path: 'vendor.py', kind: 'submodule', id: sha('5'), size: 0 },
        ],
      })
    })
  })

  test('walks a truncated one level by level, and never uses the cut list', async () => {
    const routes = {
      [`${ROOT}?recursive=1`]: answer([blob('never-used.py', '9')], true),
      [ROOT]: answer([tree('a', '1'), tree('b', '2'), blob('top.py', '3')]),
      [below('1', '?recursive=1')]: answer([blob('one.py', '4')]),
      [below('2', '?recursive=1')]: answer([], true),
      [below('2')]: answer([tree('c', '5'), blob('two.py', '6')]),
      [below('5', '?recursive=1')]: answer([blob('three.py', '7')]),
    }
    await withServer(route(routes), async ({ client }) => {
      const listing = await readTree(client, REPOSITORY, sha('0'))
      expect(listing.ok && listing.value.map(({ path }) => path)).toEqual([
        'a',
        'b',
        'top.py',
        'a/one.py',
        'b/c',
        'b/two.py',
        'b/c/three.py',
      ])
    })
  })

  test.each<[string, Answer, RegExp]>([
    [
      'an empty repository',
      { status: 409, json: { message: 'Git Repository is empty.' } },
      /409 Git Repository is empty/,
    ],
    ['no access', { status: 404, json: { message: 'Not Found' } }, /404 Not Found/],
    ['a list without its mark', { json: { tree: [] } }, /truncated is missing/],
    ['an id that is none', answer([{ ...blob('x.py', '1'), sha: 'short' }]), /tree.0.sha/],
    ['an unknown mode', answer([blob('x.py', '1', '777777')]), /an entry of mode 777777/],
    ['nothing but truncated levels', answer([], true), /more entries than the API lists/],
  ])('%s is refused', async (_, given, message) => {
    await withServer(
      () => given,
      async ({ client }) => {
        expect(await readTree(client, REPOSITORY, sha('0'))).toMatchObject({
          ok: false,
          refusal: { message: expect.stringMatching(message) },
        })
      },
    )
  })

  test('a walk ends', async () => {
    let next = 1
    const endless = ({ url }: Asked): Answer => {
      if (url.includes('recursive')) return answer([], true)
      next += 1
      return answer([{ path: 'd', mode: '040000', type: 'tree', sha: next.toString(16).padStart(40, '0') }])
    }
    await withServer(endless, async ({ client, asked }) => {
      expect(await readTree(client, REPOSITORY, sha('0'))).toMatchObject({
        ok: false,
        refusal: { message: expect.stringContaining('more than 150 directories') },
      })
      expect(asked.length).toBe(150)
    })
  })
})
