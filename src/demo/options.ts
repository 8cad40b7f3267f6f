// The dialects of the embedded server, and the numbers of the real service. The default is the worse case wherever the
// real service's behaviour is not known for sure.

export interface GitHubOptions {
  /** an enterprise server lives under `/api/v3` and `/api/graphql`; default: the root, as api.github.com */
  readonly basePath?: '' | '/api/v3'
  /** sent as `x-github-enterprise-version` and in `GET /meta` */
  readonly enterpriseVersion?: string
  /** a certificate makes it an https server */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** the server's clock, in milliseconds since 1970 */
  readonly now?: () => number
  readonly limits?: Partial<Limits>
  readonly dialect?: Partial<Dialect>
}

export interface Limits {
  /** changed lines of a file from which `patch` is left out (seen at 889 on the real service) */
  readonly patchLines: number
  /** files of a pull request (documented: list pull requests files) */
  readonly pullFiles: number
  /** files of a comparison (documented: compare two commits) */
  readonly compareFiles: number
  /** entries of a tree before it is truncated (documented: 100,000) */
  readonly treeEntries: number
  /** UTF-16 units of a comment body (the service's error text) */
  readonly bodyLength: number
  /** annotations of one check run request (documented) */
  readonly annotations: number
  /** characters of a check run's summary and of its text (documented) */
  readonly checkText: number
  /** bytes of a blob's text in GraphQL before it is cut */
  readonly graphqlText: number
  /** requests per hour and token (documented for GITHUB_TOKEN) */
  readonly perHour: number
  /** points per minute: a read costs 1, a write 5 (documented) */
  readonly pointsPerMinute: number
  /** requests that create content, per minute and per hour (documented) */
  readonly contentPerMinute: number
  readonly contentPerHour: number
  /** requests at once (documented) */
  readonly concurrent: number
  /** milliseconds until a new review appears in lists */
  readonly reviewDelay: number
}

export interface Dialect {
  /** what a missing right looks like: 403, or 404 as for things that are hidden */
  readonly missingRight: 'forbidden' | 'not-found'
  /** whether `viewerDidAuthor` works for installation tokens; else it is always false */
  readonly viewerDidAuthor: boolean
  /** GraphQL fields that an old server does not have, such as `PullRequestReviewThread.viewerCanResolve` */
  readonly missingFields: readonly string[]
  /** the two families of texts that are seen for anchors outside the diff */
  readonly anchorTexts: 'thread' | 'resolved'
  /** whether `GET /git/blobs` in raw form claims to be UTF-8, as the real service does for every content */
  readonly rawCharset: boolean
}

export const DEFAULT_LIMITS: Limits = {
  patchLines: 800,
  pullFiles: 3000,
  compareFiles: 300,
  treeEntries: 100_000,
  bodyLength: 65_536,
  annotations: 50,
  checkText: 65_535,
  graphqlText: 512_000,
  perHour: 1000,
  pointsPerMinute: 900,
  contentPerMinute: 80,
  contentPerHour: 500,
  concurrent: 100,
  reviewDelay: 0,
}

export const DEFAULT_DIALECT: Dialect = {
  missingRight: 'forbidden',
  viewerDidAuthor: false,
  missingFields: [],
  anchorTexts: 'thread',
  rawCharset: true,
}
