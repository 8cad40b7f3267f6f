// The call path of a finding as a Mermaid flowchart for the job summary.
// Labels are foreign text: everything but plain letters, digits and a few marks is written as a Mermaid entity (#60; for <).
import type { PlacedFinding } from '../findings/model.ts'
import { type Markdown, fence } from './markdown.ts'
import { pathOf } from './story.ts'
import { shorten, visible } from './visible.ts'
import { entryName } from './words.ts'
import { toPlain } from './phrase.ts'

/** A longer chart cannot be read; the list beside it has every step. */
const LONGEST_CHART = 24
const LONGEST_LABEL = 90

/** Text of a node. Mermaid decodes `#NUMBER;` after parsing, so no character can end the label or become HTML. */
export function mermaidLabel(value: string): string {
  return visible(shorten(value, LONGEST_LABEL)).replace(/[^\p{L}\p{N} ._:/,=-]/gu, (c) => `#${c.codePointAt(0) ?? 0};`)
}

function node(id: number, lines: readonly string[]): string {
  return `  n${id}["${lines.map(mermaidLabel).join('<br/>')}"]`
}

/** Entry point at the top, the operation at the bottom; null for rules without a path. */
export function callPathChart(finding: PlacedFinding): Markdown | null {
  const path = pathOf(finding)
  if (path.length === 0) return null
  const middle = Math.floor(LONGEST_CHART / 2)
  const shown = path.length <= LONGEST_CHART ? path : [...path.slice(0, middle), null, ...path.slice(-middle)]
  const nodes = [
    node(0, [entryName(finding), finding.entryPoint]),
    ...shown.map((step, i) =>
      step === null
        ? node(i + 1, [`${path.length - 2 * middle} more steps`])
        : node(i + 1, [toPlain(step.sentence), `${step.file}:${step.line}`, step.source]),
    ),
  ]
  const edges = shown.map((_, i) => `  n${i} --> n${i + 1}`)
  const last = `  style n${shown.length} stroke-width:3px`
  return fence(['flowchart TD', ...nodes, ...edges, last].join('\n'), 'mermaid')
}
