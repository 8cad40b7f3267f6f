// Where new lines go: in front of a function's work, at the end of its body, or behind a definition.
// Must stay true: a last line without its line end gets it first.
import type { Expr, FunctionIr, Stmt } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import type { TextEdit } from './edits.ts'
import { dottedName } from '../ir/nodes.ts'
import { type Span, indentOf, lineAfter, lineEnd, linesOf } from './layout.ts'
import { readsOf } from './names.ts'

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

/**
 * Lines (ended) in front of everything that works: what ran in an earlier phase still runs earlier. Behind the docstring, imports, log lines, and
 * services that are asked for and checked: without a database there is nothing to do.
 */
export function prepended(fn: FunctionIr, module: LoadedModule, lines: string): TextEdit | null {
  const parameter = fn.params[0]?.n ?? ''
  const services = new Set<string>()
  const first = fn.body.find((s, at) => !(at === 0 && isText(s)) && !prepares(s, parameter, services))
  if (first === undefined || first.k === 'pass') return appended(fn, module, lines)
  if (indentOf(first, module) === null) return null
  const at = linesOf(first, module).p
  return { p: at, e: at, text: lines }
}

/** Whether a function does nothing yet but ask, check and say. */
export function isIdle(fn: FunctionIr): boolean {
  const services = new Set<string>()
  const parameter = fn.params[0]?.n ?? ''
  return fn.body.every(
    (s, at) => (at === 0 && isText(s)) || s.k === 'pass' || isPlainReturn(s) || prepares(s, parameter, services),
  )
}

function isPlainReturn(s: Stmt): boolean {
  return s.k === 'return' && (s.x === null || isPlain(s.x))
}

function isText(s: Stmt): boolean {
  return s.k === 'expr' && s.x.k === 'const'
}

const LOGS = /(?:^|\.)(?:debug|info|warning|error|exception|print)$/

/** The statement asks for services, checks them, or says something. */
function prepares(s: Stmt, parameter: string, services: Set<string>): boolean {
  if (s.k === 'import' || s.k === 'from') return true
  if (s.k === 'expr')
    return s.x.k === 'call' && LOGS.test(dottedName(s.x.f) ?? '') && s.x.a.every(({ x }) => isPlain(x))
  if (s.k === 'assign') {
    const [target] = s.targets
    const asks =
      s.x.k === 'call' && dottedName(s.x.f) === `${parameter}.get_service` && s.x.a.every(({ x }) => isPlain(x))
    if (!asks || target?.k !== 'name' || s.targets.length > 1) return false
    services.add(target.id)
    return true
  }
  if (s.k !== 'if' || s.f.length > 0) return false
  const reads = [...readsOf(s.c)]
  const checks = reads.length > 0 && reads.every((name) => services.has(name))
  return (
    checks && s.t.every((inner) => inner.k === 'return' || inner.k === 'raise' || prepares(inner, parameter, services))
  )
}

function isPlain(x: Expr): boolean {
  return x.k === 'const' || x.k === 'name' || x.k === 'fstr'
}

/** Lines (ended) behind the last line of a statement or definition. */
export function behind(node: Span, module: LoadedModule, lines: string): TextEdit {
  const at = lineAfter(module, node.e - 1)
  const joint = at === module.text.length && !module.text.endsWith('\n') ? lineEnd(module) : ''
  return { p: at, e: at, text: joint + lines }
}
