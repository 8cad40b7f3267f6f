// Where new lines go: at the end of a function's body, or behind a definition.
// Must stay true: a last line without its line end gets it first.
import type { FunctionIr } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import type { TextEdit } from './edits.ts'
import { type Span, indentOf, lineAfter, lineEnd, linesOf } from './layout.ts'

/** The indentation of the last statement of the body: that of what is appended. Null when it shares its line with something. */
export function bodyIndent(fn: FunctionIr, module: LoadedModule): string | null {
  const last = fn.body.at(-1)
  const indent = last === undefined ? null : indentOf(last, module)
  return indent === '' ? null : indent
}

/** Lines (ended) at the end of the function: in front of a last `return` or `raise`, in place of a last `pass`. */
export function appended(fn: FunctionIr, module: LoadedModule, lines: string): TextEdit | null {
  const last = fn.body.at(-1)
  if (last === undefined || bodyIndent(fn, module) === null) return null
  const span = linesOf(last, module)
  if (last.k === 'pass') return { p: span.p, e: span.e, text: lines }
  return last.k === 'return' || last.k === 'raise' ? { p: span.p, e: span.p, text: lines } : behind(last, module, lines)
}

/** Lines (ended) behind the last line of a statement or definition. */
export function behind(node: Span, module: LoadedModule, lines: string): TextEdit {
  const at = lineAfter(module, node.e - 1)
  const joint = at === module.text.length && !module.text.endsWith('\n') ? lineEnd(module) : ''
  return { p: at, e: at, text: joint + lines }
}
