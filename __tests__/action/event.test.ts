// Which commits an event means, and what is said when the event is not usable.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPayload } from '../../src/action/event-file.ts'
import { readEvent, readWorkflowRun } from '../../src/action/event.ts'

const HEAD = 'a'.repeat(40)
const BASE = 'b'.repeat(40)
const MERGE = 'c'.repeat(40)
const ZEROS = '0'.repeat(40)
const environment = (name: string, more: Record<string, string> = {}): Record<string, string> => ({
  GITHUB_EVENT_NAME: name,
  GITHUB_REPOSITORY: 'acme/shop',
  GITHUB_SHA: MERGE,
  ...more,
})
const pull = (more: object = {}): object => ({
  action: 'opened',
  number: 7,
  pull_request: {
    number: 7,
    head: { sha: HEAD, ref: 'work', repo: { full_name: 'eve/shop' } },
    base: { sha: BASE, ref: 'main' },
    changed_files: 3,
    locked: false,
    ...more,
  },
})

describe('readEvent', () => {
  test.each(['pull_request', 'pull_request_target'])('%s: head and base of the payload, never GITHUB_SHA', (name) => {
    expect(readEvent(pull(), environment(name))).toEqual({
      kind: 'pull-request',
      owner: 'acme',
      repo: 'shop',
      head: HEAD,
      base: BASE,
      pull: { number: 7, changedFiles: 3, locked: false },
    })
  })

  test('a deleted fork, a locked conversation, a payload without a count', () => {
    const payload = pull({ head: { sha: HEAD, ref: 'work', repo: null }, locked: true, changed_files: undefined })
    expect(readEvent(payload, environment('pull_request')).pull).toEqual({
      number: 7,
      changedFiles: null,
      locked: true,
    })
  })

  test.each<[string, object, object]>([
    [
      'merge_group',
      {
        action: 'checks_requested',
        merge_group: { head_sha: HEAD, base_sha: BASE, head_ref: 'x', base_ref: 'y', head_commit: {} },
      },
      { kind: 'merge-group', head: HEAD, base: BASE },
    ],
    ['push', { before: BASE, after: HEAD, ref: 'refs/heads/main' }, { kind: 'push', head: HEAD, base: BASE }],
    ['workflow_dispatch', { inputs: null }, { kind: 'tree', head: MERGE, base: null }],
    ['schedule', { schedule: '0 5 * * 1' }, { kind: 'tree', head: MERGE, base: null }],
  ])('%s', (name, payload, expected) => {
    expect(readEvent(payload, environment(name))).toEqual({ owner: 'acme', repo: 'shop', pull: null, ...expected })
  })

  test('a push that creates a branch has no base', () => {
    expect(readEvent({ before: ZEROS, after: HEAD, created: true }, environment('push'))).toEqual({
      owner: 'acme',
      repo: 'shop',
      pull: null,
      kind: 'push',
      head: HEAD,
      base: null,
    })
  })

  test.each<[string, string, unknown, RegExp]>([
    ['no event name', '', {}, /^GITHUB_EVENT_NAME is not set$/],
    [
      'another event',
      'issue_comment',
      {},
      /^GITHUB_EVENT_NAME: "issue_comment" is not supported; supported are pull_request, pull_request_target, merge_group, push, workflow_dispatch, schedule$/,
    ],
    ['a release', 'release', {}, /^GITHUB_EVENT_NAME: "release" is not supported/],
    [
      'the second stage',
      'workflow_run',
      {},
      /^GITHUB_EVENT_NAME: workflow_run belongs to stage: publish, which is not set$/,
    ],
    [
      'an empty payload',
      'pull_request',
      {},
      /^GITHUB_EVENT_PATH: pull_request.number is missing in the event's payload$/,
    ],
    [
      'a number that is none',
      'pull_request',
      pull({ number: 'x' }),
      /^GITHUB_EVENT_PATH: pull_request.number is missing/,
    ],
    ['no head', 'pull_request', pull({ head: null }), /^GITHUB_EVENT_PATH: pull_request.head.sha is missing/],
    [
      'a branch for a commit',
      'pull_request',
      pull({ head: { sha: 'main' } }),
      /^GITHUB_EVENT_PATH: pull_request.head.sha is not a commit id/,
    ],
    ['no base', 'pull_request_target', pull({ base: {} }), /^GITHUB_EVENT_PATH: pull_request.base.sha is missing/],
    [
      'a merge group without its base',
      'merge_group',
      { merge_group: { head_sha: HEAD } },
      /^GITHUB_EVENT_PATH: merge_group.base_sha is missing/,
    ],
    ['a deleted branch', 'push', { before: BASE, after: ZEROS }, /^GITHUB_EVENT_PATH: after is all zeros/],
    ['a push without commits', 'push', {}, /^GITHUB_EVENT_PATH: after is missing/],
    [
      'an inherited property',
      'push',
      Object.create({ after: HEAD, before: BASE }),
      /^GITHUB_EVENT_PATH: after is missing/,
    ],
  ])('%s', (_, name, payload, message) => {
    expect(() => readEvent(payload, environment(name))).toThrow(message)
    expect(() => readEvent(payload, environment(name))).toThrow(expect.objectContaining({ name: 'ConfigurationError' }))
  })

  test.each(['', 'shop', 'acme/shop/x', 'acme/..', 'a b/c', '/shop'])('GITHUB_REPOSITORY %j', (repository) => {
    expect(() => readEvent(pull(), environment('pull_request', { GITHUB_REPOSITORY: repository }))).toThrow(
      'GITHUB_REPOSITORY is not set to owner/name',
    )
  })

  test('a schedule without a commit', () => {
    expect(() => readEvent({}, environment('schedule', { GITHUB_SHA: '' }))).toThrow(
      'GITHUB_SHA is not set to a commit id',
    )
  })
})

const startedBy = (part: object): unknown => ({
  workflow_run: {
    event: 'pull_request',
    head_sha: HEAD,
    head_branch: 'topic',
    head_repository: { full_name: 'mona/shop' },
    ...part,
  },
})

describe('two stages', () => {
  test('the second one is about the head of the run that started it', () => {
    expect(readEvent(startedBy({}), environment('workflow_run'), 'publish')).toEqual({
      owner: 'acme',
      repo: 'shop',
      kind: 'workflow-run',
      head: HEAD,
      base: null,
      pull: null,
    })
    expect(readWorkflowRun(startedBy({}))).toEqual({
      event: 'pull_request',
      headSha: HEAD,
      headBranch: 'topic',
      headRepository: 'mona/shop',
    })
  })

  test.each([[null], [{ full_name: '../..//x' }], [{ full_name: 7 }]])('a head repository %j is none', (repository) => {
    expect(readWorkflowRun(startedBy({ head_repository: repository })).headRepository).toBeNull()
  })

  test.each<[string, string, 'collect' | 'publish', unknown, RegExp]>([
    ['pull_request', 'publish: it runs later', 'publish', {}, /^input stage: publish runs on workflow_run only$/],
    ['workflow_run', 'publish without a run', 'publish', {}, /^GITHUB_EVENT_PATH: workflow_run\.event is missing/],
    [
      'workflow_run',
      'publish of a branch',
      'publish',
      startedBy({ head_sha: 'main' }),
      /workflow_run\.head_sha is not a commit id/,
    ],
    [
      'workflow_run',
      'collect: it runs first',
      'collect',
      startedBy({}),
      /^GITHUB_EVENT_NAME: workflow_run belongs to stage: publish, which is not set$/,
    ],
    [
      'pull_request_target',
      'collect: it may write',
      'collect',
      pull(),
      /^input stage: collect belongs to pull_request; /,
    ],
  ])('%s is refused in stage %s', (name, _why, stage, payload, message) => {
    expect(() => readEvent(payload, environment(name), stage)).toThrow(message)
  })
})

describe('readPayload', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'phasegate-event-'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  const read = (text: string | Uint8Array): unknown => {
    const file = join(directory, 'event.json')
    writeFileSync(file, text)
    return readPayload({ GITHUB_EVENT_PATH: file })
  }

  test('an object', () => {
    expect(read('{"a": 1}')).toEqual({ a: 1 })
  })

  test.each<[string, string | Uint8Array, RegExp]>([
    ['not JSON', '{"token": "secret', /^GITHUB_EVENT_PATH: the file is not JSON$/],
    ['empty', '', /^GITHUB_EVENT_PATH: the file is not JSON$/],
    ['a list', '[]', /^GITHUB_EVENT_PATH: the file holds no JSON object$/],
    ['null', 'null', /^GITHUB_EVENT_PATH: the file holds no JSON object$/],
    ['30 MB', Buffer.alloc(30_000_000, 0x20), /^GITHUB_EVENT_PATH: the file is larger than 25 MB$/],
  ])('refuses a file that is %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message)
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['unset', {}, /^GITHUB_EVENT_PATH is not set$/],
    ['empty', { GITHUB_EVENT_PATH: '' }, /^GITHUB_EVENT_PATH is not set$/],
    ['missing', { GITHUB_EVENT_PATH: '/does/not/exist' }, /^GITHUB_EVENT_PATH: the file cannot be read \(ENOENT\)$/],
    ['a directory', { GITHUB_EVENT_PATH: tmpdir() }, /^GITHUB_EVENT_PATH: the file cannot be read \(EISDIR\)$/],
  ])('refuses a path that is %s', (_, env, message) => {
    expect(() => readPayload(env)).toThrow(message)
  })
})
