// F60: hosts that are not github.com: enterprise servers below /api/v3, old ones that lack a field, private certificate authorities, proxies.
// All addresses come from the runner; what an old server cannot do is one message, never a different verdict.
import { expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problemsAfter } from '../end-to-end/aftermath.ts'
import { pageOf } from '../end-to-end/page.ts'
import { PATH, SERVICES, SHOP, VIOLATION } from '../end-to-end/shop.ts'
import { BUILT, openStage, withStage, type Acting, type StageOptions } from '../end-to-end/stage.ts'

/** For 127.0.0.1 until 2126, made for these tests and used nowhere else. */
const CERTIFICATE =
  'MIIBoTCCAUigAwIBAgIUWwch2daWbCB3JQUXIG671gZWW8AwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyNjA0NTEyOVoYDzIxMjYxMTAyMDQ1MTI5WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQBrCnBmQ7VjQfhWTN9l9HA9Ixy/LTQtAy7hnWEnwgkFVraPBKCnAA0JdFCrTTjmaKMntj06rT9Bh7i7blvQb3Mo3YwdDAdBgNVHQ4EFgQU73ylbfrZIlMnR1ZzE5idtf41D2UwHwYDVR0jBBgwFoAU73ylbfrZIlMnR1ZzE5idtf41D2UwDwYDVR0TAQH/BAUwAwEB/zAhBgNVHREEGjAYhwR/AAABghBnaGUuZXhhbXBsZS50ZXN0MAoGCCqGSM49BAMCA0cAMEQCIAeePbw1d03kASlyOn397JiWJxd9Q3S0ePyYViz/f8t3AiBsjzVbqVC1rdrx3eQOJTnfiUChvAnITg1YaZNfrpE6VA=='
const KEY =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQglcO/qC31K7qP8TUZQdin46JSepndMHzAnk0P/W8tBz6hRANCAAQBrCnBmQ7VjQfhWTN9l9HA9Ixy/LTQtAy7hnWEnwgkFVraPBKCnAA0JdFCrTTjmaKMntj06rT9Bh7i7blvQb3M'
const pem = (kind: string, base64: string): string =>
  `-----BEGIN ${kind}-----\n${base64.replaceAll(/(.{64})/g, '$1\n')}\n-----END ${kind}-----\n`

/** The whole life of a comment on that host: posted, nothing to write, put into its fixed form. */
async function expectOrdinary(options: StageOptions, acting: Acting = {}): Promise<void> {
  await withStage({ guarded: false, ...options }, async (stage) => {
    const pull = stage.pull(SHOP, VIOLATION)
    // a runner's own variables reach a process only
    const runs = acting.environment === undefined ? 'inside' : 'built'
    const first = await stage.review(pull, { runs, ...acting })
    expect([first.exitCode, problemsAfter(stage, first, pull)]).toEqual([1, []])
    const again = await stage.review(pull, { ...acting, runs, runId: 2 })
    expect([again.writes, pageOf(stage.github, pull).comments.map(({ at }) => at)]).toEqual([[], [`${PATH}:7`]])
    stage.github.pushToPullRequest(pull, { [PATH]: SERVICES.replace('[]', '[1]') })
    const fixed = await stage.review(pull, { ...acting, runs, runId: 3 })
    expect([fixed.exitCode, problemsAfter(stage, fixed, pull)]).toEqual([0, []])
    expect(pageOf(stage.github, pull).comments.map(({ form }) => form)).toEqual(['fixed'])
  })
}

const ENTERPRISE = { basePath: '/api/v3', enterpriseVersion: '3.17.4' } as const

test.concurrent.each<[string, StageOptions, Acting?]>([
  ['an enterprise server', { github: ENTERPRISE }, BUILT],
  [
    'a server without viewerCanResolve',
    { github: { ...ENTERPRISE, dialect: { missingFields: ['PullRequestReviewThread.viewerCanResolve'] } } },
  ],
  [
    'a server without reviewThreads',
    { github: { ...ENTERPRISE, dialect: { missingFields: ['PullRequest.reviewThreads'] } } },
  ],
  ['a server that knows who wrote a comment', { github: { dialect: { viewerDidAuthor: true } } }],
  ['the other family of texts', { github: { dialect: { anchorTexts: 'resolved' } } }],
])('F60 %s', async (_what, options, acting) => {
  await expect(expectOrdinary(options, acting)).resolves.toBeUndefined()
})

test.concurrent('F60 a private certificate authority that the runner knows', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-ca-'))
  try {
    const cert = pem('CERTIFICATE', CERTIFICATE)
    writeFileSync(join(directory, 'ca.pem'), cert)
    const tls = { key: pem(['PRIVATE', 'KEY'].join(' '), KEY), cert }
    const environment = { NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') }
    await expect(expectOrdinary({ github: { ...ENTERPRISE, tls } }, { environment })).resolves.toBeUndefined()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})

test.concurrent('F60 a certificate that nobody vouches for is incomplete, and says so', async () => {
  const tls = { key: pem(['PRIVATE', 'KEY'].join(' '), KEY), cert: pem('CERTIFICATE', CERTIFICATE) }
  await withStage({ guarded: false, github: { tls } }, async (stage) => {
    const run = await stage.review(stage.pull(SHOP, VIOLATION))
    expect([run.exitCode, run.outputs['verdict'], run.stderr]).toEqual([3, 'incomplete', ''])
    expect(run.stdout).toMatch(/no answer \(DEPTH_ZERO_SELF_SIGNED_CERT\)/)
  })
})

/** A proxy that opens tunnels to one port whatever host is asked for, and counts them. */
async function startProxy(port: () => number): Promise<{ server: Server; url: string; tunnels: string[] }> {
  const tunnels: string[] = []
  const server = createServer((_request, response) => response.writeHead(405).end())
  server.on('connect', ({ url }, socket) => {
    tunnels.push(url ?? '')
    const target = connect(port(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
    socket.on('error', () => target.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels }
}

test.concurrent('F60 every request goes through the proxy of the runner', async () => {
  const stage = await openStage({ guarded: false })
  const target = new URL(stage.github.url)
  const proxy = await startProxy(() => Number(target.port))
  try {
    const pull = stage.pull(SHOP, VIOLATION)
    const host = `http://github.example.test:${target.port}`
    const run = await stage.review(pull, {
      github: { url: host, graphqlUrl: `${host}/graphql`, serverUrl: stage.github.serverUrl },
      environment: { http_proxy: proxy.url },
    })
    expect([run.exitCode, problemsAfter(stage, run, pull)]).toEqual([1, []])
    expect(new Set(proxy.tunnels)).toEqual(new Set([`github.example.test:${target.port}`]))
  } finally {
    proxy.server.closeAllConnections()
    await new Promise((resolve) => proxy.server.close(resolve))
    await stage.close()
  }
})
