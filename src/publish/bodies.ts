// Bodies as they are stored: text, an empty line, the marker as last line; cut where a host would refuse the length. Also the short forms
// that a review's body takes when the summary stands in a later one. Comparison ignores what changes without anything being said.
import { fit } from '../report/budget.ts'
import { md, ownMarkdown } from '../report/markdown.ts'
import { markerLine, readMarker, textOf, type Marker } from './marker.ts'

/** The error text of the host says 65,536 characters; a little is left for line ends that it may add. */
const LONGEST_BODY = 65_000
const LONGEST_BYTES = 200_000
/** Findings that one marker remembers; a body has to have room for its text as well. */
const REMEMBERED = 250
const CUT = md`This text was cut; the job summary and the report file have all of it.`

export function withMarker(text: string, marker: Marker): string {
  const line = markerLine({ ...marker, findings: marker.findings.slice(0, REMEMBERED) })
  return `${limited(text, LONGEST_BODY - line.length - 2)}\n\n${line}`
}

/** The same body at half its length, for a host that accepts less than it says. */
export function halved(body: string): string {
  const text = textOf(body)
  const marker = readMarker(body)
  const short = limited(text, Math.floor(text.length / 2))
  return marker === null ? short : `${short}\n\n${markerLine(marker)}`
}

function limited(text: string, units: number): string {
  return fit(ownMarkdown(text), { units, bytes: LONGEST_BYTES }, CUT)
}

/** Body of a review whose summary stands in a later review of the same run. */
export const PART_TEXT = 'These comments belong to a review in several parts; its summary stands in the last one.'
const MOVED = 'This summary moved to '

/** Body of a review whose summary was taken over by a later run. */
export function movedText(url: string | null): string {
  return url === null ? `${MOVED}a newer review.` : `${MOVED}[a newer review](${url}).`
}

/** Whether a review's body is one of the two short forms. */
export function isShort(body: string): boolean {
  const text = textOf(body)
  return text === PART_TEXT || text.startsWith(MOVED)
}

/**
 * Whether a stored body says what is wanted: which run and which commit a link names is not something that is said. One that the host took
 * at half its length only is as good as it gets.
 */
export function saysTheSame(stored: string, wanted: string): boolean {
  const text = plain(stored)
  return findingsOf(stored) === findingsOf(wanted) && (text === plain(wanted) || text === plain(halved(wanted)))
}

function plain(body: string): string {
  return textOf(body)
    .replaceAll(/\/blob\/[0-9a-f]{40,64}\//g, '/blob/')
    .replaceAll(/\/actions\/runs\/\d+(?:\/attempts\/\d+)?/g, '/actions/runs')
    .replaceAll(/[ \t]+$/gm, '')
}

function findingsOf(body: string): string {
  const findings = readMarker(body)?.findings ?? []
  return findings
    .map(({ fingerprint, digest }) => `${fingerprint}:${digest}`)
    .toSorted()
    .join(',')
}
