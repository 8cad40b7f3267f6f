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

const DIFF_LINES = 24

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
      ...(rest > 0 ? [paint.dim(`  … ${rest} more lines`)] : []),
    ]
  })
}

/** Markdown as it was written, without the comments that only machines read. */
export function markdownLines(paint: Paint, text: string): string[] {
  const plain = visible(text)
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/<\/?details>\n?|<\/summary>/g, '')
    .replaceAll('<summary>', '▸ ')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return plain.split('\n').map((line) => `${paint.dim('│')} ${line}`.trimEnd())
}

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
    lines.push(...markdownLines(paint, comment.body))
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
    result.summary.trim() === '' ? [] : [paint.bold('Job summary'), ...markdownLines(paint, result.summary)]
  const trouble = result.stderr.trim() === '' ? [] : [paint.bold('Messages'), ...markdownLines(paint, result.stderr)]
  return [...summary, ...trouble, `${paint.bold('Exit code')}  ${exit}`]
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}
