// Offsets to lines and columns, and source text as reports quote it.
// One place for both, so that every rule counts alike.
import type { ModuleInfo, Site } from '../analysis/domain/values.ts'
import type { Stmt } from '../ir/model.ts'
import type { SourceRange } from '../text/position.ts'
import { position } from '../text/lines.ts'
import { blocksOf } from '../ir/lookup.ts'

/** Longest quoted expression, in UTF-16 units. */
const MAX_TEXT = 160

export function rangeOf(site: Site): SourceRange {
  const start = position(site.module.ir.lines, site.p)
  const end = position(site.module.ir.lines, Math.max(site.p, site.e))
  return { file: site.module.file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column }
}

/** The expression on one line, white space folded and shortened. */
export function textOf(site: Site): string {
  const text = site.module.text.slice(site.p, site.e).replaceAll(/\s+/g, ' ').trim()
  if (text.length <= MAX_TEXT) return text
  const cut =
    text.charCodeAt(MAX_TEXT - 2) >= 0xd8_00 && text.charCodeAt(MAX_TEXT - 2) <= 0xdb_ff ? MAX_TEXT - 2 : MAX_TEXT - 1
  return `${text.slice(0, cut)}…`
}

/** `module.function` as Python writes it. */
export function dottedName(module: ModuleInfo, qualname: string): string {
  return qualname === '' ? module.name : `${module.name}.${qualname}`
}

/** Where a header ends: before the white space and the comments that stand between it and its body. */
export function headerEnd(text: string, start: number, body: number | undefined): number {
  return body === undefined ? start : start + text.slice(start, body).replace(/(?:\s|#[^\r\n]*)+$/, '').length
}

/** A simple statement, or the header of a compound one. */
export function headRange(module: ModuleInfo, s: Stmt): SourceRange {
  const blocks = blocksOf(s).flat()
  const end = blocks.length === 0 ? s.e : Math.min(...blocks.map(({ p }) => p))
  return rangeOf({ module, p: s.p, e: headerEnd(module.text, s.p, end) })
}
