// The archive as transport: fewer requests for the same contents, whatever the tree's attributes hide or change in it, and whatever happens
// to its bytes on the way.
import { afterEach, describe, expect, test } from '@jest/globals'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { ScriptedReply } from '../../src/demo/faults.ts'
import { createBlobStore } from '../../src/github/blobs.ts'
import { openCommit } from '../../src/github/commit.ts'
import { clientOf } from './server.ts'

const REPOSITORY = { owner: 'acme', repo: 'shop' }
const LONG = `deep/${'directory-with-a-long-name/'.repeat(8)}file.py`
const FILES: Record<string, string | Uint8Array> = {
  ...Object.fromEntries(Array.from({ length: 450 }, (_, at) => [`modules/m${at}.py`, `VALUE = ${at}\n`])),
  [LONG]: 'LONG = 1\n',
  'empty.py': '',
  'hidden.py': 'HIDDEN = 1\n',
  'changed.py': 'VERSION = "$Format:%H$"\n',
  'latin.py': Uint8Array.from(Buffer.from('# coding: latin-1\nA = "\xE9"\n', 'latin1')),
  'exact.py': `${'#'.repeat(1023)}\n`,
  '.gitattributes': 'hidden.py export-ignore\nchanged.py export-subst\n',
}

let open: EmbeddedGitHub | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

/** Reads every Python file of a commit; how many requests of which kind that took. */
async function readAll(prepare: (host: EmbeddedGitHub) => void = () => undefined): Promise<{
  wrong: string[]
  requests: Record<string, number>
}> {
  const host = await startGitHub()
  open = host
  host.createRepository('acme/shop', FILES)
  prepare(host)
  const token = host.createToken({ contents: 'read' })
  const client = clientOf({ apiUrl: host.url, graphqlUrl: host.graphqlUrl }, token)
  const sha = host.commit('acme/shop', 'main', {})
  const outcome = await openCommit(client, REPOSITORY, createBlobStore(client, REPOSITORY), sha)
  if (!outcome.ok) throw new Error(outcome.refusal.message)
  const reader = outcome.value
  const contents = await reader.read(reader.python)
  const wrong = reader.python.flatMap(({ path }) => {
    const content = contents.get(path)
    const expected = FILES[path]
    const same =
      content instanceof Uint8Array && expected !== undefined && Buffer.from(content).equals(Buffer.from(expected))
    return same ? [] : [path]
  })
  const count = (part: string): number => host.requests.filter(({ path }) => path.includes(part)).length
  return {
    wrong,
    requests: { archive: count('/tarball/'), contents: count('/graphql') + count('/git/blobs/') },
  }
}

describe('many contents of one commit', () => {
  test('come in one archive; what it hides or changes is read by itself', async () => {
    expect(await readAll()).toEqual({ wrong: [], requests: { archive: 1, contents: 1 } })
  })

  const link = 'GET /repos/acme/shop/tarball/*'
  const bytes = 'GET /repos/acme/shop/legacy.tar.gz/*'
  const answers: readonly (readonly [string, string, ScriptedReply | ((real: { body: unknown }) => ScriptedReply)])[] =
    [
      ['is refused', link, { status: 403, body: { message: 'no' } }],
      ['is not found', link, { status: 404, body: { message: 'Not Found' } }],
      ['fails', link, { status: 502, body: 'Bad Gateway' }],
      ['is no archive', bytes, { status: 200, body: '<html>' }],
      ['is empty', bytes, { status: 200, body: '' }],
      ['is cut', bytes, ({ body }) => ({ status: 200, body: (body as Buffer).subarray(0, 2000) })],
    ]
  test.each(answers)('whose archive %s are read as ever', async (_what, route, reply) => {
    const { wrong, requests } = await readAll((host) => host.script(route, [{ reply }]))
    expect([wrong, requests['archive'], (requests['contents'] ?? 0) >= 9]).toEqual([[], 1, true])
  })
})
