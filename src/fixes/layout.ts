// Statements as lines of text: where one begins and ends, how it is indented, and how it looks with another indentation.
// Must stay true: text inside of strings that span lines is never touched, and a statement that shares a line with another is not moved.
import type { Expr, Stmt } from '../ir/model.ts'
import { objectsIn } from '../ir/nodes.ts'
import { lineIndex } from '../text/lines.ts'
import type { LoadedModule } from '../program/program.ts'

export interface Span {
  readonly p: number
  readonly e: number
}

/** The file's line end: that of its first line. */
export function lineEnd({ text }: LoadedModule): string {
  const at = text.indexOf('\n')
  return at > 0 && text.charAt(at - 1) === '\r' ? '\r\n' : '\n'
}

export function lineStart({ ir }: LoadedModule, offset: number): number {
  return ir.lines[lineIndex(ir.lines, offset)] ?? 0
}

/** Offset behind the line end of the line that holds `offset`. */
export function lineAfter({ ir, text }: LoadedModule, offset: number): number {
  return ir.lines[lineIndex(ir.lines, offset) + 1] ?? text.length
}

/** White space before the statement; null when something else stands on its first or behind its last line. */
export function indentOf(statement: Span, module: LoadedModule): string | null {
  const { text } = module
  const before = text.slice(lineStart(module, statement.p), statement.p)
  const behind = text.slice(statement.e, lineAfter(module, Math.max(statement.p, statement.e - 1)))
  return /^[ \t]*$/.test(before) && /^[ \t]*(?:#[^\r\n]*)?\r?\n?$/.test(behind) ? before : null
}

/** The statement's own lines, with the comments that stand directly above it. */
export function linesOf(statement: Span, module: LoadedModule): Span {
  const { ir, text } = module
  const indent = indentOf(statement, module) ?? ''
  let first = lineIndex(ir.lines, statement.p)
  const isComment = (line: number): boolean => {
    const shown = text.slice(ir.lines[line] ?? 0, ir.lines[line + 1] ?? text.length)
    return shown.startsWith(`${indent}#`) && !/phasegate|noqa|type:|pragma/.test(shown)
  }
  while (first > 0 && isComment(first - 1)) first--
  return { p: ir.lines[first] ?? 0, e: lineAfter(module, Math.max(statement.p, statement.e - 1)) }
}

/** Line ends that are missing in front of the line that starts at `offset` for `count` blank lines to stand there; none at the top. */
export function blankLinesMissing({ text }: LoadedModule, offset: number, count: number): number {
  if (offset === 0) return 0
  const blank = /(?<=\n)(?:[ \t]*\r?\n)*$/.exec(text.slice(0, offset))?.[0] ?? ''
  return Math.max(0, count - blank.split('\n').length + 1)
}

/** Strings that span lines, anywhere below these nodes. */
function longStrings(nodes: readonly Stmt[], text: string): Span[] {
  return objectsIn(nodes).filter(
    (value): value is Expr => isString(value) && text.slice(value.p, value.e).includes('\n'),
  )
}

function isString(value: object): value is Expr {
  return 'k' in value && (value.k === 'const' || value.k === 'fstr') && 'p' in value
}

/**
 * The lines of a statement with the indentation `to` instead of `from`. `renames`: occurrences of names to be replaced.
 * Null when a line cannot be re-indented: it continues a string, or has less indentation than the statement inside of brackets only.
 */
export function reindented(
  statement: Stmt,
  module: LoadedModule,
  to: { readonly indent: string; readonly renames: readonly (Span & { readonly text: string })[] },
): string | null {
  const from = indentOf(statement, module)
  if (from === null) return null
  const span = linesOf(statement, module)
  const strings = longStrings([statement], module.text)
  const inString = (offset: number): boolean => strings.some((s) => offset > s.p && offset < s.e)
  let out = ''
  for (let start = span.p; start < span.e; start = lineAfter(module, start)) {
    const end = lineAfter(module, start)
    const line = renamed(module.text, { p: start, e: end }, to.renames)
    if (inString(start)) out += line
    else if (/^[ \t\f]*\r?\n?$/.test(line)) out += line.replace(/^[ \t\f]+/, '')
    else if (line.startsWith(from)) out += to.indent + line.slice(from.length)
    else out += to.indent + line.replace(/^[ \t]+/, '')
  }
  return out.endsWith('\n') ? out : `${out}${lineEnd(module)}`
}

function renamed(text: string, { p, e }: Span, renames: readonly (Span & { readonly text: string })[]): string {
  let out = ''
  let at = p
  for (const rename of renames) {
    if (rename.p < p || rename.e > e) continue
    out += text.slice(at, rename.p) + rename.text
    at = rename.e
  }
  return out + text.slice(at, e)
}
