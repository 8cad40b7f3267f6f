// The event files of the embedded server have the shape of GitHub's published webhook examples.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'
import type { EventRequest } from '../../src/demo/events.ts'
import type { PullRequest, Repository } from '../../src/demo/state.ts'

const FILE = new URL('../../node_modules/@octokit/webhooks-examples/api.github.com/index.json', import.meta.url)

interface Example {
  readonly name: string
  readonly examples: readonly unknown[]
}

let github: EmbeddedGitHub
let repository: Repository
let pull: PullRequest
let fork: PullRequest
let examples: readonly Example[]
let main: string

beforeAll(async () => {
  examples = JSON.parse(readFileSync(FILE, 'utf8')) as Example[]
  github = await startGitHub()
  repository = github.createRepository('octo/app', { 'a.py': 'x\n' })
  github.commit('octo/app', 'topic', { 'a.py': 'y\n' })
  pull = github.openPullRequest({ repository: 'octo/app', head: 'topic', title: 'Change' })
  github.forkRepository('octo/app', 'mona')
  github.commit('mona/app', 'other', { 'b.py': 'y\n' })
  fork = github.openPullRequest({ repository: 'octo/app', head: 'other', fork: 'mona', title: 'Fork' })
  main = github.commit('octo/app', 'main', { 'c.py': 'z\n' })
})
afterAll(() => github.close())

/** Paths of a value that no example has: `a.b`, list items as `a.*`. Where the examples have null or a list that is empty, anything goes. */
function unknownPaths(value: unknown, known: readonly unknown[], at = ''): string[] {
  if (Array.isArray(value))
    return value.flatMap((item) =>
      unknownPaths(
        item,
        known.flatMap((it) => (Array.isArray(it) ? it : [])),
        `${at}.*`,
      ),
    )
  if (typeof value !== 'object' || value === null) return []
  const objects = known.filter((it): it is Record<string, unknown> => typeof it === 'object' && it !== null)
  if (objects.length === 0) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const path = at === '' ? key : `${at}.${key}`
    const having = objects.filter((it) => Object.hasOwn(it, key)).map((it) => it[key])
    return having.length === 0 ? [path] : unknownPaths(item, having, path)
  })
}

const NEWER_THAN_THE_EXAMPLES = /(has_discussions|rebaseable|visibility|merged_by|\bactor)$/

/** Head and pull request numbers in the event of a workflow run. */
const named = (it: PullRequest): unknown[] => {
  const { payload } = github.eventPayload({ kind: 'workflow_run', pull: it })
  const run = (payload as { workflow_run: { head_sha: string; pull_requests: { number: number }[] } }).workflow_run
  return [run.head_sha, run.pull_requests.map((entry) => entry.number)]
}

describe('event files', () => {
  test.each([
    ['pull_request', (): EventRequest => ({ kind: 'pull_request', pull, action: 'opened' })],
    ['push', (): EventRequest => ({ kind: 'push', repository, branch: 'main', before: '0'.repeat(40), after: main })],
    ['merge_group', (): EventRequest => ({ kind: 'merge_group', repository, headSha: pull.headSha, baseSha: main })],
    ['workflow_dispatch', (): EventRequest => ({ kind: 'workflow_dispatch', repository })],
    ['workflow_run', (): EventRequest => ({ kind: 'workflow_run', pull })],
  ])('of %s have no key that the examples do not have', (name, request) => {
    const event = github.eventPayload(request())
    const known = examples.find((it) => it.name === name)?.examples ?? []
    expect(event.name).toBe(name)
    expect(unknownPaths(event.payload, known).filter((path) => !NEWER_THAN_THE_EXAMPLES.test(path))).toEqual([])
  })

  test('come with the commit and ref of a runner: the test merge for pull requests, the default branch for the target event', () => {
    const facts = (request: EventRequest): unknown[] => {
      const { name, sha, ref } = github.eventPayload(request)
      return [name, sha, ref]
    }
    const merge = github.eventPayload({ kind: 'pull_request', pull }).sha
    expect([pull.headSha, main]).not.toContain(merge)
    expect(repository.network.history.commit(merge)?.parents).toEqual([main, pull.headSha])
    expect(facts({ kind: 'pull_request', pull })).toEqual(['pull_request', merge, 'refs/pull/1/merge'])
    expect(facts({ kind: 'pull_request_target', pull })).toEqual(['pull_request_target', main, 'refs/heads/main'])
    expect(facts({ kind: 'schedule', repository })).toEqual(['schedule', main, 'refs/heads/main'])
    expect(facts({ kind: 'workflow_run', pull })).toEqual(['workflow_run', main, 'refs/heads/main'])
  })

  test('of a run for a fork name no pull request', () => {
    expect([named(pull), named(fork)]).toEqual([
      [pull.headSha, [1]],
      [fork.headSha, []],
    ])
  })

  test('of a merge queue can hold several pull requests', () => {
    const merged = github.queueMerge('octo/app', [pull.headSha, fork.headSha])
    if (merged === null) throw new Error('the heads conflict')
    const { history } = repository.network
    expect(history.tree(merged, true).map((entry) => entry.path)).toEqual(['a.py', 'b.py', 'c.py'])
    const clash = github.commit('octo/app', 'clash', { 'a.py': 'other\n' }, { parent: main })
    expect(github.queueMerge('octo/app', [pull.headSha, clash])).toBe(null)
  })
})
