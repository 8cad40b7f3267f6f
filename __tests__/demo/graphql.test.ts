// GraphQL of the embedded server. Every document that is answered here is also valid against GitHub's published schema.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { ask } from '../support/http-client.ts'
import { documentValidator, type ValidateDocument } from '../support/graphql-guard.ts'
import { startGitHub, type EmbeddedGitHub } from '../../src/demo/github.ts'

let github: EmbeddedGitHub
let token: string
let validate: ValidateDocument

beforeAll(async () => {
  validate = documentValidator()
  github = await startGitHub({ limits: { graphqlText: 10 } })
  github.createRepository('octo/app', {
    'a.py': 'x = 1\n',
    'long.py': 'x = 12345678\n',
    'bin.py': new Uint8Array([0, 1, 2]),
    'latin.py': new Uint8Array([0x78, 0xe9, 0x0a]),
  })
  github.commit('octo/app', 'topic', { 'a.py': 'y = 1\n' })
  const pull = github.openPullRequest({ repository: 'octo/app', head: 'topic', title: 'Change' })
  for (let count = 0; count < 3; count++)
    github.addHumanComment(pull, { login: 'grace', path: 'a.py', line: 1, body: `Number ${count}` })
  token = github.createToken({ contents: 'read', 'pull-requests': 'read' })
})
afterAll(() => github.close())

const repository = (selection: string): string => `{ repository(owner: "octo", name: "app") { ${selection} } }`

/** Asks a document that the real service would accept too. */
async function asked(document: string, variables: Readonly<Record<string, unknown>> = {}): ReturnType<typeof ask> {
  expect(validate(document)).toEqual([])
  return ask(github, token, document, variables)
}

describe('blobs', () => {
  const FIELDS = '... on Blob { oid byteSize isBinary isTruncated text }'

  test('are read under aliases, by path and by id; what does not exist is null', async () => {
    const first = await asked(
      repository(`a: object(expression: "topic:a.py") { ${FIELDS} } none: object(expression: "topic:no.py") { oid }`),
    )
    const { oid } = first.data.repository.a
    expect(first.data.repository).toEqual({
      a: { oid, byteSize: 6, isBinary: false, isTruncated: false, text: 'y = 1\n' },
      none: null,
    })
    const second = await asked(
      'query($id: String!) { repository(owner: "octo", name: "app") { b: object(expression: $id) { __typename oid } } }',
      {
        id: oid,
      },
    )
    expect(second.data.repository.b).toEqual({ __typename: 'Blob', oid })
  })

  test('are cut, null when binary, and damaged when they are not UTF-8', async () => {
    const answer = await asked(
      repository(
        ['long', 'bin', 'latin'].map((name) => `${name}: object(expression: "main:${name}.py") { ...Facts }`).join(' '),
      ).concat(' fragment Facts on Blob { byteSize isBinary isTruncated text }'),
    )
    expect(answer.data.repository).toEqual({
      long: { byteSize: 13, isBinary: false, isTruncated: true, text: 'x = 123456' },
      bin: { byteSize: 3, isBinary: true, isTruncated: false, text: null },
      latin: { byteSize: 3, isBinary: false, isTruncated: false, text: 'x\u{fffd}\n' },
    })
  })

  test('can be commits and trees too', async () => {
    const answer = await asked(
      repository('commit: object(expression: "main") { __typename } tree: object(expression: "main:") { __typename }'),
    )
    expect(answer.data.repository).toEqual({ commit: { __typename: 'Commit' }, tree: { __typename: 'Tree' } })
  })
})

const page = (args: string): string =>
  repository(
    `pullRequest(number: 1) { reviewThreads(${args}) { totalCount pageInfo { hasNextPage endCursor } nodes { comments(first: 1) { nodes { body } } } } }`,
  )

describe('connections', () => {
  test('are read in pages', async () => {
    const bodies: string[] = []
    let after = ''
    for (let more = true; more; ) {
      const { data } = await asked(page(`first: 2${after === '' ? '' : `, after: "${after}"`}`))
      const threads = data.repository.pullRequest.reviewThreads
      bodies.push(...threads.nodes.map((it: { comments: { nodes: { body: string }[] } }) => it.comments.nodes[0]?.body))
      more = threads.pageInfo.hasNextPage
      after = threads.pageInfo.endCursor
    }
    expect(bodies).toEqual(['Number 0', 'Number 1', 'Number 2'])
  })

  test.each([
    ['first: 101', 'EXCESSIVE_PAGINATION'],
    ['after: "MQ"', 'MISSING_PAGINATION_BOUNDARIES'],
  ])('refuse %s', async (args, type) => {
    const answer = await ask(github, token, page(args))
    expect([answer.data.repository.pullRequest.reviewThreads, answer.errors[0].type]).toEqual([null, type])
  })
})

describe('documents', () => {
  test('can skip and include', async () => {
    const document = 'query($yes: Boolean = true) { viewer { login @skip(if: $yes) id @include(if: $yes) } }'
    expect(Object.keys((await asked(document)).data.viewer)).toEqual(['id'])
  })

  test('with a field that does not exist, or that cannot be parsed, get errors and no data, and are noted', async () => {
    const before = github.violations().length
    const unknown = await ask(github, token, '{ viewer { shoeSize } }')
    const broken = await ask(github, token, '{ viewer {')
    expect([unknown.data, unknown.errors[0].message, broken.data, broken.errors.length]).toEqual([
      undefined,
      "Field 'shoeSize' doesn't exist on type 'User'",
      undefined,
      1,
    ])
    expect(github.violations().length - before).toBe(2)
    expect(validate('{ viewer { shoeSize } }')).toHaveLength(1)
  })

  test('with a field that an old server does not have get an error, and nobody is to blame', async () => {
    const old = await startGitHub({ dialect: { missingFields: ['User.databaseId'] } })
    const answer = await ask(old, old.createToken({}), '{ viewer { databaseId } }')
    expect([answer.errors[0].extensions.code, old.violations()]).toEqual(['undefinedField', []])
    await old.close()
  })

  test('of the review reader and of the mutations fit the schema', () => {
    const documents = [
      'mutation($id: ID!) { resolveReviewThread(input: { threadId: $id }) { thread { id isResolved } } }',
      'mutation($id: ID!) { addPullRequestReviewThread(input: { pullRequestId: $id, path: "a", line: 1, body: "b" }) { thread { id } } }',
      repository(
        `pullRequest(number: 1) { id databaseId title state isDraft locked author { login } headRefOid headRefName baseRefOid baseRefName
          changedFiles isCrossRepository reviews(first: 9) { nodes { id databaseId fullDatabaseId url body state viewerDidAuthor createdAt submittedAt commit { oid } comments(first: 1) { totalCount } } }
          reviewThreads(first: 9) { nodes { id isResolved isOutdated isCollapsed viewerCanResolve viewerCanUnresolve viewerCanReply resolvedBy { login } path line startLine
            originalLine originalStartLine diffSide startDiffSide subjectType comments(first: 9) { nodes { id databaseId fullDatabaseId url body author { login } authorAssociation
              viewerDidAuthor viewerCanUpdate viewerCanDelete createdAt updatedAt path outdated line startLine originalLine originalStartLine diffHunk isMinimized state
              commit { oid } originalCommit { oid } pullRequestReview { id } replyTo { id } } } } } }`,
      ),
    ]
    expect(documents.flatMap((document) => validate(document))).toEqual([])
  })
})
