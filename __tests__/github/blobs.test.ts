// Contents prove themselves: whatever is sent, only bytes that hash to the id are handed out.
import { describe, expect, test } from '@jest/globals'
import { createBlobStore, type BlobRef } from '../../src/github/blobs.ts'
import { blobId } from '../../src/program/blob-id.ts'
import { REPOSITORY, withServer, type Answer, type Answering, type Asked } from './server.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const LATIN: Uint8Array = new Uint8Array([0x23, 0xe9, 0x0a])

/** A server that has these contents, GraphQL and raw. */
function contents(all: readonly Uint8Array[], change: (asked: Asked) => Answer | null = () => null): Answering {
  const byId = new Map(all.map((it) => [blobId(it), it]))
  return (asked) => {
    const changed = change(asked)
    if (changed !== null) return changed
    if (asked.url !== '/graphql') {
      const found = byId.get(asked.url.split('/').at(-1) ?? '')
      const type = { 'content-type': 'application/vnd.github.v3.raw; charset=utf-8' }
      return found === undefined ? { status: 404, json: { message: 'Not Found' } } : { body: found, headers: type }
    }
    const aliases = [...String(asked.body['query']).matchAll(/(b\d+): object\(expression: "(\w+)"\)/g)]
    const fields = aliases.map(([, alias = '', id = '']) => {
      const found = byId.get(id)
      return [alias, found === undefined ? null : { isTruncated: false, text: new TextDecoder().decode(found) }]
    })
    return { json: { data: { repository: Object.fromEntries(fields) } } }
  }
}

const ref = (content: Uint8Array): BlobRef => ({ id: blobId(content), size: content.length })
const ONE = bytes('import one\n')
const TWO = bytes('import two\n')

function read(answering: Answering, wanted: readonly BlobRef[]): Promise<{ found: unknown[]; asked: string[] }> {
  return withServer(answering, async ({ client, asked }) => {
    const found = await createBlobStore(client, REPOSITORY).read(wanted)
    const shown = wanted.map(({ id }) => {
      const content = found.get(id)
      return content instanceof Uint8Array ? Buffer.from(content).toString('latin1') : content
    })
    return { found: shown, asked: asked.map(({ url }) => url.replace('/repos/acme/shop', '')) }
  })
}

const raw = (content: Uint8Array): string => `/git/blobs/${blobId(content)}`

describe('reading', () => {
  test('git’s name for a content', () => {
    // git hash-object of an empty file, and of "hello\n"
    expect([blobId(bytes('')), blobId(bytes('hello\n'))]).toEqual([
      'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
      'ce013625030ba8dba906f756967f9e9ca394464a',
    ])
  })

  test('many at once, in one query', async () => {
    expect(await read(contents([ONE, TWO]), [ref(ONE), ref(TWO), ref(ONE)])).toEqual({
      found: ['import one\n', 'import two\n', 'import one\n'],
      asked: ['/graphql'],
    })
  })

  test('fifty in a query', async () => {
    const many = Array.from({ length: 120 }, (_, at) => bytes(`x = ${at}\n`))
    const { found, asked } = await read(contents(many), many.map(ref))
    expect([found.length, found[119], asked]).toEqual([120, 'x = 119\n', ['/graphql', '/graphql', '/graphql']])
  })

  test('one alone, and a large one, raw', async () => {
    const large = bytes('#'.repeat(600_000))
    expect((await read(contents([ONE]), [ref(ONE)])).asked).toEqual([raw(ONE)])
    const { found, asked } = await read(contents([ONE, TWO, large]), [ref(ONE), ref(large), ref(TWO)])
    expect([(found[1] as string).length, asked.toSorted()]).toEqual([600_000, [raw(large), '/graphql'].toSorted()])
  })

  test('what is known is not asked for again', async () => {
    await withServer(contents([ONE, TWO]), async ({ client, asked }) => {
      const store = createBlobStore(client, REPOSITORY)
      await Promise.all([store.read([ref(ONE), ref(TWO)]), store.read([ref(TWO)])])
      await store.read([ref(ONE)])
      expect([asked.length, store.has(blobId(ONE)), store.has('0')]).toEqual([1, true, false])
    })
  })
})

describe('damage', () => {
  test('an encoding that GraphQL cannot carry is read raw', async () => {
    expect(await read(contents([ONE, LATIN]), [ref(ONE), ref(LATIN)])).toEqual({
      found: ['import one\n', '#\u00e9\n'],
      asked: ['/graphql', raw(LATIN)],
    })
  })

  test('a byte order mark survives both ways', async () => {
    const mark = new Uint8Array([0xef, 0xbb, 0xbf, 0x78, 0x0a])
    expect((await read(contents([mark]), [ref(mark)])).found).toEqual(['\u00ef\u00bb\u00bfx\n'])
    expect((await read(contents([ONE, mark]), [ref(ONE), ref(mark)])).found[1]).toBe('\u00ef\u00bb\u00bfx\n')
  })

  test.each<[string, Answer]>([
    ['is truncated', { json: { data: { repository: { b0: { isTruncated: true, text: 'import' }, b1: null } } } }],
    [
      'is another text',
      {
        json: {
          data: {
            repository: { b0: { isTruncated: false, text: 'import evil\n' }, b1: { isTruncated: false, text: null } },
          },
        },
      },
    ],
    [
      'has errors beside it',
      { json: { data: { repository: { b0: null, b1: null } }, errors: [{ message: 'timeout' }] } },
    ],
    ['is refused', { json: { data: null, errors: [{ type: 'FORBIDDEN', message: 'no' }] } }],
    ['has another shape', { json: { data: { repository: [] } } }],
    ['is an error', { status: 403, json: { message: 'no' } }],
  ])('an answer of GraphQL that %s is made good by REST', async (_, given) => {
    const { found, asked } = await read(
      contents([ONE, TWO], ({ url }) => (url === '/graphql' ? given : null)),
      [ref(ONE), ref(TWO)],
    )
    expect([found, asked.length]).toEqual([['import one\n', 'import two\n'], 3])
  })

  test('a wrong content is asked for once more', async () => {
    const once = contents([ONE], ({ before }) => (before === 0 ? { body: 'import evil\n' } : null))
    expect(await read(once, [ref(ONE)])).toEqual({ found: ['import one\n'], asked: [raw(ONE), raw(ONE)] })
  })

  test('and is never handed out', async () => {
    const always = contents([ONE], () => ({ body: 'import evil\n' }))
    expect(await read(always, [ref(ONE)])).toEqual({
      found: [
        {
          reason: 'unreadable',
          message: `blob ${blobId(ONE).slice(0, 10)}: the content that was sent is not the one that was asked for`,
        },
      ],
      asked: [raw(ONE), raw(ONE)],
    })
  })

  test('a missing one is named, the others are there', async () => {
    const { found } = await read(contents([ONE]), [ref(ONE), ref(TWO)])
    expect(found).toEqual([
      'import one\n',
      { reason: 'missing-file', message: expect.stringContaining('404 Not Found') },
    ])
  })

  test('an error of the server is not a missing file', async () => {
    const { found } = await read(() => ({ status: 500, json: { message: 'oops' } }), [ref(ONE)])
    expect(found).toEqual([{ reason: 'unreadable', message: expect.stringContaining('500 oops') }])
  })

  test('a server that only knows Base64', async () => {
    const json = { content: Buffer.from(LATIN).toString('base64'), encoding: 'base64' }
    const { found } = await read(() => ({ json }), [ref(LATIN)])
    expect(found).toEqual(['#\u00e9\n'])
  })
})
