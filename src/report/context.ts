// What a renderer may know about the run besides the review: which commits, which repository, where the run can be seen.
// Links are built here and nowhere else, from percent-encoded parts only.

export interface ReportContext {
  readonly headSha: string | null
  readonly baseSha: string | null
  /** `owner/name` */
  readonly repository: string | null
  /** `https://github.com`, or the address of an own server, without a slash at the end */
  readonly serverUrl: string | null
  /** page of the workflow run */
  readonly runUrl: string | null
  readonly toolVersion: string
}

/** Digits of a commit id that people see; git's own default for middle-sized repositories is 7. */
const SHORT_SHA = 7

export function shortSha(sha: string): string {
  return /^[0-9a-f]{40,64}$/.test(sha) ? sha.slice(0, SHORT_SHA) : sha
}

/** Lone surrogates have no UTF-8 form and make encodeURIComponent throw; they become U+FFFD as in any encoder. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (unit) =>
    unit.length === 2 ? unit : '\uFFFD',
  )
}

/** A path for use in an address: every segment percent-encoded, marks of Markdown included, slashes kept. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeSegment).join('/')
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(wellFormed(segment)).replace(
    /[!'()*~]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The address of lines of a file at one commit, or null when the place of the repository is not known. */
export function blobUrl(
  context: ReportContext,
  sha: string | null,
  place: { file: string; line: number; endLine: number },
): string | null {
  if (context.serverUrl === null || context.repository === null || sha === null) return null
  if (!/^https?:\/\/[\w.:-]+(\/[\w./-]*)?$/.test(context.serverUrl)) return null
  const lines = place.endLine > place.line ? `#L${place.line}-L${place.endLine}` : `#L${place.line}`
  return `${context.serverUrl}/${encodePath(context.repository)}/blob/${encodePath(sha)}/${encodePath(place.file)}${lines}`
}
