// How the demo looks in a terminal: pure functions from what happened to lines of text. Everything that comes from the pull request
// or from the Action is shown with control characters made visible.
import type { ActionResult } from './run-action.ts'
import type { FileDiff } from './changes.ts'

export interface Paint {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly red: (text: string) => string
  readonly green: (text: string) => string
  readonly cyan: (text: string) => string
}

export function createPaint(color: boolean): Paint {
  const wrap =
    (start: number, end: number) =>
    (text: string): string =>
      color ? `\u{1b}[${start}m${text}\u{1b}[${end}m` : text
  return { bold: wrap(1, 22), dim: wrap(2, 22), red: wrap(31, 39), green: wrap(32, 39), cyan: wrap(36, 39) }
}

const WIDTH = 100

export function heading(paint: Paint, text: string): string {
  return paint.bold(`── ${text} ${'─'.repeat(Math.max(2, WIDTH - text.length - 4))}`)
}

/** Without C0 and C1 except line feed and tab: a terminal obeys them. */
export function visible(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0
    const control = (code < 0x20 && code !== 0x0a && code !== 0x09) || (code >= 0x7f && code < 0xa0)
    return control ? `\\x${code.toString(16).padStart(2, '0')}` : character
  }).join('')
}

const DIFF_LINES = 30

/** The changed lines of a commit with their context, cut after a screenful. */
export function diffLines(paint: Paint, files: readonly FileDiff[]): string[] {
  return files.flatMap((file) => {
    const lines = visible(file.patch ?? '').split('\n')
    const shown = lines.slice(0, DIFF_LINES).map((line) => {
      if (line.startsWith('+')) return paint.green(line)
      if (line.startsWith('-')) return paint.red(line)
      return paint.dim(line)
    })
    const rest = lines.length - shown.length
    return [
      paint.cyan(visible(file.path)),
      ...indent(shown),
      ...(rest > 0 ? [paint.dim(`  … ${moreLines(rest)}`)] : []),
    ]
  })
}

/**
 * Markdown as a page would show it to somebody who unfolds nothing: addresses of links, folded parts and what only machines read are left
 * out, the words stay as they were written.
 */
export function markdownLines(paint: Paint, text: string): string[] {
  return framed(paint, pageLines(text))
}

/** Lines in a frame, wrapped at words; what belongs to a list item stands below its text. */
function framed(paint: Paint, lines: readonly string[], style: (text: string) => string = String): string[] {
  return lines.flatMap((line) => {
    const hang = ' '.repeat(/^(?:[+-] )?(?:- |\d+\. )?/.exec(line)?.[0].length ?? 0)
    return wrapped(line, WIDTH - 4, hang).map((part) => `${paint.dim('│')} ${part === '' ? '' : style(part)}`.trimEnd())
  })
}

function wrapped(line: string, width: number, hang: string): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (longer.length > width && current.trim() !== '') {
      lines.push(current)
      current = hang + word
    } else current = longer
  }
  return [...lines, current]
}

/** Folded parts as their headings, the inner ones of a folded part with it. */
function folded(text: string): string {
  const inner = text.replaceAll(/<details><summary>(.*?)<\/summary>(?:(?!<details>)[\s\S])*?<\/details>/g, '▸ $1')
  return inner === text ? text : folded(inner)
}

function pageLines(text: string): string[] {
  return folded(visible(text).replaceAll(/<!--[\s\S]*?-->/g, ''))
    .replaceAll(/\[([^\]\n]*)\]\(https?:[^)\s]*\)/g, '$1')
    .replaceAll(/\\([\\_*{}[\]()#+.!-])/g, '$1')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
    .split('\n')
}

/** A text of so many lines is shown again when it is edited; of a longer one only what changed. */
const SHORT_TEXT = 8

/** An edited text: all of it when it is short, else the lines that went and came. */
export function editedLines(paint: Paint, before: string, after: string): string[] {
  const [old, now] = [pageLines(before), pageLines(after)]
  if (now.length <= SHORT_TEXT) return framed(paint, now)
  const gone = old.filter((line) => line !== '' && !now.includes(line))
  const came = now.filter((line) => line !== '' && !old.includes(line))
  return [...framed(paint, signed('-', gone), paint.red), ...framed(paint, signed('+', came), paint.green)]
}

const signed = (sign: string, lines: readonly string[]): string[] => lines.map((line) => `${sign} ${line}`)

/** The beginning of a long document, up to its first section, and how much follows. */
export function openingLines(paint: Paint, text: string): string[] {
  const lines = pageLines(text)
  const end = lines.findIndex((line) => /^(?:### |▸ |\|)/.test(line))
  const shown = end < 0 ? lines : lines.slice(0, end)
  const rest = lines.length - shown.length
  return [...framed(paint, shown), ...framed(paint, rest > 0 ? [`… ${moreLines(rest)}`] : [], paint.dim)]
}

const moreLines = (count: number): string => `${count} more line${count === 1 ? '' : 's'}`

export interface ShownComment {
  readonly id: number
  readonly path: string
  /** null when it is outdated or on the whole file */
  readonly line: number | null
  readonly body: string
}

/** What became of the comments between two moments. */
export function commentLines(paint: Paint, before: readonly ShownComment[], after: readonly ShownComment[]): string[] {
  const known = new Map(before.map((comment) => [comment.id, comment]))
  const lines: string[] = []
  for (const comment of after) {
    const old = known.get(comment.id)
    const place = `${visible(comment.path)}${comment.line === null ? '' : `:${comment.line}`}`
    if (old?.body === comment.body) {
      const moved = old.line === comment.line ? '' : `, now at ${place}${comment.line === null ? ' (outdated)' : ''}`
      lines.push(`${paint.bold('Comment kept')}  as it was${moved}`)
      continue
    }
    lines.push(`${paint.bold(old === undefined ? 'New comment' : 'Comment edited')}  ${paint.cyan(place)}`)
    lines.push(...(old === undefined ? markdownLines(paint, comment.body) : editedLines(paint, old.body, comment.body)))
  }
  return lines
}

export interface ShownCheck {
  readonly name: string
  readonly conclusion: string | null
  readonly title: string | null
}

export function checkLine(paint: Paint, check: ShownCheck): string {
  const good = check.conclusion === 'success'
  const mark = good ? paint.green('✓ success') : paint.red(`✗ ${check.conclusion ?? 'unfinished'}`)
  return `${paint.bold('Check run')}  ${check.name}: ${mark}  ${visible(check.title ?? '')}`
}

export function resultLines(paint: Paint, result: ActionResult): string[] {
  const exit = result.exitCode === 0 ? paint.green('0') : paint.red(`${result.exitCode ?? result.signal ?? '?'}`)
  const summary =
    result.summary.trim() === '' ? [] : [paint.bold('Job summary'), ...openingLines(paint, result.summary)]
  const trouble = result.stderr.trim() === '' ? [] : [paint.bold('Messages'), ...markdownLines(paint, result.stderr)]
  return [...summary, ...trouble, `${paint.bold('Exit code')}  ${exit}`]
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}
