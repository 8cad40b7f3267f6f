// Markdown that cannot be broken by what is put into it. Foreign text becomes `Markdown` only through `code`, `fence`, `text` or `prose`;
// everything else is a literal of our own, through the tag `md`. No active mention, link, heading, HTML, issue reference or emoji can result.
import { ZERO_WIDTH_SPACE, shorten, visible, visibleBlock } from './visible.ts'

declare const safe: unique symbol
/** Text that may be posted as it is. Nothing but this file makes one. */
export type Markdown = string & { readonly [safe]: true }

/** Longest code span and longest run of plain text, UTF-16 units: so that no line comes near a body's budget. */
const LONGEST_SPAN = 400
const LONGEST_TEXT = 4000

function trusted(value: string): Markdown {
  return value as Markdown
}

/** Literal parts are ours; inserted values are Markdown already, or numbers. */
export function md(literals: TemplateStringsArray, ...values: readonly (Markdown | number)[]): Markdown {
  return trusted(literals.reduce((all, literal, i) => `${all}${values[i - 1] ?? ''}${literal}`))
}

export const NOTHING: Markdown = trusted('')

export function join(parts: readonly Markdown[], separator: ' ' | ', ' | '; ' | '\n' | '\n\n' | '' | ' · '): Markdown {
  return trusted(parts.filter((part) => part !== '').join(separator))
}

function longestRun(value: string, character: string): number {
  let longest = 0
  let run = 0
  for (const c of value) {
    run = c === character ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

/** A code span: its marks are longer than any run of backticks inside (CommonMark 0.31, 6.1). */
export function code(value: string): Markdown {
  const shown = visible(shorten(value, LONGEST_SPAN))
  if (shown === '') return trusted('(empty)')
  const mark = '`'.repeat(longestRun(shown, '`') + 1)
  // one blank at each end is taken away again, except from a span of blanks alone
  const pad = /^[ `]|[ `]$/.test(shown) && /[^ ]/.test(shown) ? ' ' : ''
  return trusted(`${mark}${pad}${shown}${pad}${mark}`)
}

/** A fenced block: its fence is longer than any run of backticks inside (CommonMark 0.31, 4.5). */
export function fence(
  value: string,
  language: 'python' | 'mermaid' | 'suggestion' | 'yaml' | 'text' | 'diff',
): Markdown {
  const shown = visibleBlock(value).replace(/\n$/, '')
  const mark = '`'.repeat(Math.max(3, longestRun(shown, '`') + 1))
  return trusted(shown === '' ? `${mark}${language}\n${mark}` : `${mark}${language}\n${shown}\n${mark}`)
}

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '|': '&#124;', $: '&#36;' }

// What GitHub looks for in finished HTML text, where no escape stops it: mentions, addresses, emoji names, issue references.
const LOOKED_FOR = /@|:(?=\/\/)|:(?=[\w+-]{1,60}:)|www(?=\.)|#(?=\d)|GH-(?=\d)/gi

function unlinked(shown: string): string {
  return shown.replace(LOOKED_FOR, (found) => `${found}${ZERO_WIDTH_SPACE}`)
}

/** Plain words: Markdown's marks escaped, patterns that the host acts on broken by U+200B (cmark-gfm ignores a backslash before @). */
export function text(value: string): Markdown {
  return trusted(
    unlinked(visible(shorten(value, LONGEST_TEXT)))
      .replace(/[<>&|$\\`*_{}[\]#~]/g, (c) => ENTITIES[c] ?? `\\${c}`)
      // at the start of a line: no code block, list or underline of a heading
      .replace(/^ {2,}/, ' ')
      .replace(/^( ?)([-+=])/, '$1\\$2')
      .replace(/^( ?\d{1,9})([.)])(?=\s|$)/, '$1\\$2'),
  )
}

/** Words in which `…` marks names and code, as our own messages have them. Whatever the marks enclose, the result is safe. */
export function prose(value: string): Markdown {
  const parts = shorten(value, LONGEST_TEXT).split('`')
  // an even number of marks gives an odd number of parts; otherwise the last mark is a plain character
  const paired = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join('`')]
  return trusted(paired.map((part, i) => (i % 2 === 1 && part !== '' ? code(part) : text(part))).join(''))
}

/** A link to an address of our own making (blobUrl, the run's page): anything that is not a plain http address gives the label alone. */
export function link(label: Markdown, url: string | null): Markdown {
  return url !== null && /^https?:\/\/[\w.:/?#=&%~+-]+$/.test(url) ? trusted(`[${label}](${url})`) : label
}

/** Folded text. The summary is HTML in which hosts differ on Markdown, so its words are written with entities only. */
export function details(summary: string, body: Markdown): Markdown {
  const words = unlinked(visible(shorten(summary, LONGEST_SPAN))).replace(/[<>&|$\\`*_{}[\]#~!]/g, (c) => entity(c))
  return trusted(`<details><summary>${words}</summary>\n\n${body}\n\n</details>`)
}

function entity(character: string): string {
  return ENTITIES[character] ?? `&#${character.codePointAt(0) ?? 0};`
}

/** One cell of a table: a bar ends a cell even inside a code span, so spans with one are written in HTML with entities only. */
export function codeCell(value: string): Markdown {
  const shown = visible(shorten(value, LONGEST_SPAN))
  if (!/[|\\]/.test(shown)) return code(value)
  return trusted(`<code>${unlinked(shown).replace(/[^a-zA-Z0-9 ./\u200B]/gu, entity)}</code>`)
}

/** Rows of cells. Cells hold no bars and no line breaks: `codeCell`, `text`, `prose` of short words, numbers. */
export function table(head: readonly Markdown[], rows: readonly (readonly Markdown[])[]): Markdown {
  return trusted([tableRow(head), tableRow(head.map(() => '---')), ...rows.map(tableRow)].join('\n'))
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\n/g, ' ')).join(' | ')} |`
}

/** An item per line; items may not contain line breaks other than those of nested lists made here. */
export function list(items: readonly Markdown[], style: 'bullet' | 'number'): Markdown {
  return trusted(items.map((item, i) => `${style === 'bullet' ? '-' : `${i + 1}.`} ${item}`).join('\n'))
}

/** Text that was Markdown of ours before and came back from the host. It is trusted as far as its author was verified. */
export function ownMarkdown(body: string): Markdown {
  return trusted(body.replaceAll('\r\n', '\n'))
}
