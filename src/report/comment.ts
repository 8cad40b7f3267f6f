// Review comments: a finding (or several that meet on one line) as a colleague would write it, and the forms it takes later.
// Bodies carry no marker: whoever posts them appends it, for which BODY_BUDGET leaves room.
import type { PlacedFinding } from '../findings/model.ts'
import { BODY_BUDGET, fit } from './budget.ts'
import { type ReportContext, shortSha } from './context.ts'
import { type Markdown, NOTHING, code, details, join, list, md, ownMarkdown, prose } from './markdown.ts'
import {
  findingBody,
  optional,
  pathBlock,
  ruleLine,
  suggestionBlock,
  suppressBlock,
  titleLine,
  fixBlock,
  whyBlock,
} from './narrative.ts'
import { plural } from './phrase.ts'
import { redactFinding } from './redact.ts'
import { causeOf, mainOperation } from './story.ts'
import { PHASE_WORDS } from './words.ts'
import { maskSecrets } from './secrets.ts'

export { renderStickySummary } from './sticky-summary.ts'

/** Entry points that a comment lists openly; the rest is folded. */
const LISTED_ENTRY_POINTS = 5
const CUT = md`This comment was cut; the job summary and the report file have all of it.`

/**
 * One comment for findings that share an anchor and their operations. The first by length of its path is told in full, every
 * entry point is named.
 */
export function renderComment(group: readonly PlacedFinding[], context: ReportContext): string {
  const findings = group
    .map(redactFinding)
    .toSorted((a, b) => a.trace.length - b.trace.length || (a.entryPoint < b.entryPoint ? -1 : 1))
  const [main] = findings
  if (main === undefined) throw new Error('a comment needs a finding')
  const body = findings.length === 1 ? findingBody(main, context) : sharedBody(main, findings, context)
  return fit(join([titleLine(main), body], '\n\n'), BODY_BUDGET, CUT)
}

function sharedBody(main: PlacedFinding, findings: readonly PlacedFinding[], context: ReportContext): Markdown {
  return join(
    [
      ruleLine(main),
      sharedClaim(main, findings, context),
      main.operations.length === 0 ? NOTHING : md`The path from ${code(main.entryPoint)}:`,
      pathBlock(main, context),
      whyBlock(main),
      fixBlock(main),
      sameEdit(findings) ? suggestionBlock(main) : NOTHING,
      suppressBlock(main),
    ],
    '\n\n',
  )
}

/** What runs, every entry point from which it is reached (a few openly, the rest folded), and why now. */
function sharedClaim(main: PlacedFinding, findings: readonly PlacedFinding[], context: ReportContext): Markdown {
  const modules = new Set(findings.map((f) => f.entryPoint.split('::')[0])).size
  const entries = plural(findings.length, 'entry point')
  const reached = modules === findings.length ? plural(modules, 'module') : `${entries} in ${plural(modules, 'module')}`
  const names = findings.map((f) =>
    f.rule === main.rule ? code(f.entryPoint) : md`${code(f.entryPoint)} (${code(f.rule)})`,
  )
  const others = names.slice(LISTED_ENTRY_POINTS)
  const more = others.length > 0 ? md` and ${others.length} more` : NOTHING
  const listed = md`eached from ${prose(reached)}: ${join(names.slice(0, LISTED_ENTRY_POINTS), ', ')}${more}.`
  const claim = sharedWork(main)
  return join(
    [
      join(
        [claim === NOTHING ? md`R${listed}` : md`${claim}, r${listed}`, optional(causeOf(main, context.baseSha))],
        '\n',
      ),
      others.length > 0 ? details(`The other ${others.length}`, list(others, 'bullet')) : NOTHING,
    ],
    '\n\n',
  )
}

function sharedWork(main: PlacedFinding): Markdown {
  const operation = mainOperation(main)
  if (operation === null || main.phase === null) return NOTHING
  return md`The database work at ${code(`${operation.file}:${operation.line}`)} runs ${prose(PHASE_WORDS[main.phase])}`
}

function sameEdit(findings: readonly PlacedFinding[]): boolean {
  return new Set(findings.map((f) => JSON.stringify(f.suggestion))).size === 1
}

const FOLDED = '<details><summary>The finding as it was</summary>'
const FIXED = 'Fixed in '
const SUPPRESSED = 'Suppressed: '

/**
 * The comment after its finding has gone: struck title, the commit that fixed it, the old text folded. `previousBody` is our own
 * comment as the host returned it, with or without its marker line; a body that is in the fixed form already comes back without it.
 */
export function renderFixed(previousBody: string, sha: string): string {
  const { title, rest, state } = takenApart(previousBody)
  if (state === 'fixed') return ownMarkdown(withoutMarker(previousBody))
  return folded(ownMarkdown(`~~${title}~~`), md`Fixed in ${code(shortSha(sha))}.`, rest)
}

/** The comment after its finding was suppressed or allowed: the reason first, the old text folded. */
export function renderSuppressed(previousBody: string, reason: string): string {
  const { title, rest } = takenApart(previousBody)
  const words = reason.trim() === '' ? md`no reason given` : prose(maskSecrets(reason.replace(/\s+/g, ' ').trim()))
  return folded(ownMarkdown(title), md`Suppressed: ${words}`, rest)
}

function folded(title: Markdown, state: Markdown, rest: string): Markdown {
  // an old suggestion must not stay committable: the line it was made for may have changed
  const old = ownMarkdown(rest.replace(/^(`{3,})suggestion$/gm, '$1python'))
  return fit(
    join([title, state, old === '' ? NOTHING : details('The finding as it was', old)], '\n\n'),
    BODY_BUDGET,
    CUT,
  )
}

function withoutMarker(body: string): string {
  return body
    .replaceAll('\r\n', '\n')
    .trimEnd()
    .replace(/\n*<!--[^\n]*-->$/, '')
    .trimEnd()
}

/** Title and text of a comment in any of its forms. */
function takenApart(body: string): { title: string; rest: string; state: 'open' | 'fixed' | 'suppressed' } {
  const [first = '', ...lines] = withoutMarker(body).split('\n')
  const title = first.replace(/^~~(.*)~~$/, '$1')
  const rest = lines.join('\n').trim()
  const state =
    rest.startsWith(FIXED) && title !== first ? 'fixed' : rest.startsWith(SUPPRESSED) ? 'suppressed' : 'open'
  const fold = rest.indexOf(FOLDED)
  if (state === 'open' || fold < 0) return { title, rest, state }
  return {
    title,
    rest: rest
      .slice(fold + FOLDED.length)
      .replace(/<\/details>\s*$/, '')
      .trim(),
    state,
  }
}
