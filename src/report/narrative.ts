// A finding told in Markdown, block by block, as comments, summaries and the Markdown report show it.
// The order is fixed: what runs, where it starts, why this change causes it, the path, why it hurts, the fix, how to suppress.
import type { PlacedFinding } from '../findings/model.ts'
import { type ReportContext, blobUrl } from './context.ts'
import { type Markdown, NOTHING, code, details, fence, join, link, list, md, prose, text } from './markdown.ts'
import { type Phrase, toMarkdown, toPlain } from './phrase.ts'
import { quoted } from './redact.ts'
import {
  causeOf,
  confidenceOf,
  guardsOf,
  otherOperations,
  pathOf,
  suppressionComment,
  titleOf,
  fixOf,
  whatRuns,
} from './story.ts'
import { ruleOf } from './words.ts'

/** Paths up to this length stand open; longer ones are folded, whole. */
const OPEN_PATH = 12
/** A path of more steps is cut in posted text; the report file has all of them. */
const LONGEST_PATH = 120
const LISTED_OPERATIONS = 10

/** `file:line`, linked to the blob of the commit in which the finding stands. */
export function placeLink(
  finding: PlacedFinding,
  place: { file: string; line: number; endLine: number },
  context: ReportContext,
): Markdown {
  const sha = finding.baselineState === 'absent' ? context.baseSha : context.headSha
  return link(code(`${place.file}:${place.line}`), blobUrl(context, sha, place))
}

export function titleLine(finding: PlacedFinding): Markdown {
  return md`**${toMarkdown(titleOf(finding))}**`
}

export function ruleLine(finding: PlacedFinding): Markdown {
  return join([code(finding.rule), text(finding.severity), text(`${finding.confidence} confidence`)], ' · ')
}

/** What runs, where it starts, why now. */
export function claimBlock(finding: PlacedFinding, context: ReportContext): Markdown {
  const claim = finding.operations.length === 0 ? prose(finding.message) : toMarkdown(whatRuns(finding))
  return join([claim, optional(causeOf(finding, context.baseSha))], '\n')
}

export function optional(phrase: Phrase | null): Markdown {
  return phrase === null ? NOTHING : toMarkdown(phrase)
}

/** The numbered call path with its source; also the further operations, the guards and the doubt. */
export function pathBlock(finding: PlacedFinding, context: ReportContext): Markdown {
  const path = pathOf(finding)
  if (path.length === 0) return NOTHING
  const lines = path
    .slice(0, LONGEST_PATH)
    .map((step) => md`${placeLink(finding, step, context)} ${toMarkdown(step.sentence)}: ${code(step.source)}`)
  const numbered = list(lines, 'number')
  const cut = path.length > LONGEST_PATH ? md`… ${path.length - LONGEST_PATH} more steps in the report file.` : NOTHING
  const steps =
    path.length > OPEN_PATH ? details(`Call path, ${path.length} steps`, join([numbered, cut], '\n\n')) : numbered
  return join([steps, furtherOperations(finding), optional(guardsOf(finding)), optional(confidenceOf(finding))], '\n\n')
}

function furtherOperations(finding: PlacedFinding): Markdown {
  const others = otherOperations(finding)
  if (others.length === 0) return NOTHING
  const shown = others.slice(0, LISTED_OPERATIONS).map((o) => {
    const mark = finding.baselineState === 'updated' && o.added === true ? md`, added` : NOTHING
    return md`${code(quoted(o.text))} (line ${o.line}${mark})`
  })
  const more = others.length > LISTED_OPERATIONS ? md` and ${others.length - LISTED_OPERATIONS} more` : NOTHING
  return md`The same function also runs ${join(shown, ', ')}${more}.`
}

export function whyBlock(finding: PlacedFinding): Markdown {
  return md`**Why it matters.** ${prose(ruleOf(finding).why)}`
}

export function fixBlock(finding: PlacedFinding): Markdown {
  return md`**Fix.** ${prose(fixOf(finding))}`
}

export function suppressBlock(finding: PlacedFinding): Markdown {
  return md`If it has to stay: ${code(suppressionComment(finding))} on the line or above it.`
}

/** The committable block, or the same edit as a folded patch where the host would not apply it exactly. */
export function suggestionBlock(finding: PlacedFinding): Markdown {
  const { suggestion } = finding
  if (suggestion === null) return NOTHING
  if (isCommittable(finding)) return fence(suggestion.replacement, 'suggestion')
  const what = md`${prose(suggestion.title)}. ${suggestion.disposition === 'safe' ? SAFE_EDIT : UNSAFE_EDIT}`
  return details('A possible edit', join([what, fence(suggestion.patch.trimEnd(), 'diff')], '\n\n'))
}

const SAFE_EDIT = md`The edited tree was analysed again: the finding is gone and nothing new has come.`
const UNSAFE_EDIT = md`The edited tree was analysed again and the finding is gone; look at what else it changes before you take it.`

/**
 * A suggestion replaces exactly the range on which the comment stands. What cannot be seen is never offered for a click: a text
 * with invisible characters, or with CR (what the host writes into such files is not documented).
 */
export function isCommittable(finding: PlacedFinding): boolean {
  const { suggestion, placement } = finding
  if (suggestion === null || suggestion.disposition !== 'safe' || placement === null) return false
  if (suggestion.patch.includes('\r')) return false
  if (placement.kind !== 'line' && placement.kind !== 'range') return false
  const startLine = placement.kind === 'range' ? placement.startLine : placement.line
  if (placement.path !== suggestion.path || startLine !== suggestion.startLine || placement.line !== suggestion.endLine)
    return false
  return suggestion.replacement.split(/[\n\t]/).every((part) => toPlain([part]) === part)
}

/** The whole finding below its title. */
export function findingBody(finding: PlacedFinding, context: ReportContext): Markdown {
  return join(
    [
      ruleLine(finding),
      claimBlock(finding, context),
      pathBlock(finding, context),
      whyBlock(finding),
      fixBlock(finding),
      suggestionBlock(finding),
      suppressBlock(finding),
    ],
    '\n\n',
  )
}
