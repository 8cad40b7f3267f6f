// Pull requests of 1, 20, 100 and 3,000 files through the built Action and the embedded GitHub: requests and seconds of each run. The tree has 500
// modules of six files; every module's entry point reaches one shared helper.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGitHub, type EmbeddedGitHub } from '../src/demo/github.ts'
import { runAction } from '../src/demo/run-action.ts'
import { tokenHash } from '../src/demo/rights.ts'
import { application, CHANGES, type Change } from './modules.ts'

interface Measured {
  readonly name: string
  readonly exit: number | null
  readonly findings: string
  readonly requests: number
  readonly contents: number
  readonly seconds: string
}

async function measure(github: EmbeddedGitHub, change: Change, cache: string | null): Promise<Measured> {
  const { fullName } = github.createRepository(
    `acme/${change.name.replaceAll(/\W+/g, '-')}-${cache === null ? 0 : 1}`,
    change.base,
  )
  github.commit(fullName, 'topic', change.files)
  const pull = github.openPullRequest({ repository: fullName, head: 'topic', title: change.name })
  const run = async (attempt: number): Promise<Measured> => {
    const token = github.createToken({ contents: 'read', 'pull-requests': 'write', checks: 'write' })
    const started = performance.now()
    const workspace = cache ?? mkdtempSync(join(tmpdir(), 'phasegate-bench-'))
    const result = await runAction({
      actionPath: join(process.cwd(), 'dist/main.js'),
      event: github.eventPayload({ kind: 'pull_request', pull }),
      github: { url: github.url, graphqlUrl: github.graphqlUrl, serverUrl: github.serverUrl },
      workspace,
      attempt,
      timeout: 600_000,
      inputs: { 'github-token': token, 'check-run': '', ...(cache === null ? {} : { 'cache-directory': 'cache' }) },
    })
    const log = github.requests.filter((it) => it.tokenHash === tokenHash(token))
    if (result.exitCode === null || result.exitCode > 1) console.error(result.stdout.slice(-2000))
    return {
      name: `${change.name}${cache === null ? '' : attempt === 1 ? ', cache empty' : ', cache full'}`,
      exit: result.exitCode,
      findings: result.outputs['new-findings'] ?? '',
      requests: log.length,
      contents: log.filter(
        ({ path, body }) => path.includes('/git/blobs/') || JSON.stringify(body).includes('query Blobs'),
      ).length,
      seconds: ((performance.now() - started) / 1000).toFixed(1),
    }
  }
  const first = await run(1)
  if (cache === null) return first
  console.log(Object.values(first).join(' | '))
  return run(2)
}

const wanted = process.argv.slice(2)
const github = await startGitHub()
console.log('pull request | exit | new findings | requests | of them for contents | seconds')
try {
  for (const change of CHANGES(application(500))) {
    if (wanted.length > 0 && !wanted.includes(change.name.split(' ')[0] ?? '')) continue
    console.log(Object.values(await measure(github, change, null)).join(' | '))
  }
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-bench-cache-'))
  const [, , hundred] = CHANGES(application(500))
  if (wanted.length === 0 && hundred !== undefined)
    console.log(Object.values(await measure(github, hundred, directory)).join(' | '))
  rmSync(directory, { recursive: true, force: true })
} finally {
  await github.close()
}
