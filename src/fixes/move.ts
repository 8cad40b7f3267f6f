// Moving statements of an entry point into the second phase: into the function that is registered already, or into a new one that is
// then registered. The draft is one file's edits; whether they work is tried by the review.
import type { Expr, FunctionIr, Stmt } from '../ir/model.ts'
import { behind, bodyIndent, isIdle, prepended } from './append.ts'
import type { Draft, TextEdit } from './edits.ts'
import { callsIn, dottedName } from '../ir/nodes.ts'
import { type Place, expressionsIn } from './enclosing.ts'
import { type Span, indentOf, lineEnd, linesOf, reindented } from './layout.ts'
import { namesOf } from './names.ts'
import { type Entry, functionNamed, hookedIn, registrationOf, takesContext } from './second-phase.ts'
import { type Slice, sliceOf } from './slice.ts'

/** Where the statements go. */
type Destination =
  | { readonly kind: 'existing'; readonly fn: FunctionIr; readonly registered: boolean }
  | { readonly kind: 'new'; readonly name: string }

/**
 * The draft that moves the work at these places, or null when it cannot be done without losing something. `passed`: functions of the module
 * on the path to the work; what is moved into one of them would call itself.
 */
export function moveToSecondPhase(entry: Entry, places: readonly Place[], passed: ReadonlySet<string>): Draft | null {
  const [first] = places
  if (first === undefined || places.some((place) => place.block !== first.block)) return null
  const seeds = [...new Set(places.map((place) => place.statement))]
  const slice = sliceOf(entry.fn, first.block, seeds, entry.context)
  const to = slice === null ? null : destinationOf(entry, slice)
  if (slice === null || to === null || (to.kind === 'existing' && passed.has(to.fn.qualname))) return null
  const name = to.kind === 'new' ? to.name : to.fn.name
  const inserted = insertion(entry, slice, to)
  const registration = to.kind === 'existing' && to.registered ? '' : registrationOf(entry, name)
  if (inserted === null || registration === null) return null
  const removed = removal(entry, slice.moved, { block: first.block, instead: registration })
  if (removed === null) return null
  // a function that nobody registers starts to run: what it does already is new as well
  const wakes = to.kind === 'existing' && !to.registered && !isIdle(to.fn)
  const safe = slice.independent && !first.attempted && !wakes
  const registering = registration === '' ? '' : ' and register it'
  return {
    path: entry.module.file,
    edits: [...removed, inserted],
    title:
      to.kind === 'new'
        ? `Move the database work into a new \`${name}\`${registering}`
        : `Move the database work into \`${name}\`${registering}`,
    disposition: safe ? 'safe' : 'unsafe',
  }
}

function destinationOf(entry: Entry, slice: Slice): Destination | null {
  const { module, phase } = entry
  const hooked = hookedIn(entry)
  if (hooked.kind === 'other') return null
  const named = functionNamed(module, phase.name)
  const fn = hooked.kind === 'function' ? hooked.fn : named
  if (fn === null)
    return module.ir.names.includes(phase.name) || entry.fn.locals.includes(phase.name)
      ? null
      : { kind: 'new', name: phase.name }
  const names = namesOf([...slice.copied, ...slice.moved])
  const usable = takesContext(fn) && fn !== entry.fn && (fn.async || !names.awaits) && fitsInto(fn, entry, names)
  return usable ? { kind: 'existing', fn, registered: hooked.kind === 'function' } : null
}

/** No name of the statements means something else there, and none of theirs is one of the function's. */
function fitsInto(fn: FunctionIr, entry: Entry, names: ReturnType<typeof namesOf>): boolean {
  const there = new Set([...fn.locals, ...fn.globals, ...fn.nonlocals])
  const parameter = fn.params[0]?.n
  if (parameter !== entry.context && names.reads.has(parameter ?? '')) return false
  const used = namesOf(fn.body).reads
  for (const name of [...names.reads].filter((n) => n !== entry.context)) if (there.has(name)) return false
  for (const name of names.writes) if (there.has(name) || used.has(name)) return false
  return true
}

/** The statements' text in the destination. */
function insertion(entry: Entry, slice: Slice, to: Destination): TextEdit | null {
  const { module, fn } = entry
  const end = lineEnd(module)
  const own = fn.body[0] === undefined ? null : indentOf(fn.body[0], module)
  if (own === null || own === '') return null
  if (to.kind === 'new') {
    const parameter = fn.params[0]
    const annotation = parameter?.annotation ?? null
    const typed = annotation === null ? '' : `: ${module.text.slice(annotation.p, annotation.e)}`
    const body = textOf(entry, slice, { indent: own, parameter: entry.context })
    if (body === null || typed.includes('\n')) return null
    const head = `async def ${to.name}(${entry.context}${typed}):`
    const lines = [head, `${own}"""Phase 2: runs when every module is registered and the database is ready."""`]
    return behind(fn, module, `${end}${end}${lines.join(end)}${end}${body}`)
  }
  const indent = bodyIndent(to.fn, module)
  const parameter = to.fn.params[0]?.n
  if (indent === null || parameter === undefined) return null
  const body = textOf(entry, slice, { indent, parameter })
  return body === null ? null : prepended(to.fn, module, body)
}

/** Fetched objects first, then the statements in their order. Null when one of them cannot be written elsewhere. */
function textOf(
  { module, context }: Entry,
  slice: Slice,
  to: { readonly indent: string; readonly parameter: string },
): string | null {
  const end = lineEnd(module)
  const out = [...slice.fetched].map(
    ([name, key]) => `${to.indent}${name} = ${to.parameter}.get_service(${module.text.slice(key.p, key.e)})${end}`,
  )
  const statements = [...slice.copied, ...slice.moved].toSorted((a, b) => a.p - b.p)
  for (const statement of statements) {
    const renames = to.parameter === context ? [] : occurrences(statement, context, module.text)
    if (renames === null) return null
    const text = reindented(statement, module, {
      indent: to.indent,
      renames: renames.map(({ p, e }) => ({ p, e, text: to.parameter })),
    })
    if (text === null) return null
    out.push(text)
  }
  return out.join('')
}

/** Where the name stands in the statement; null when a scope inside of it has a name of its own like that. */
function occurrences(statement: Stmt, name: string, text: string): Span[] | null {
  const found: Span[] = []
  for (const x of expressionsIn(statement)) {
    if (x.k === 'lambda' || x.k === 'comp') {
      const inner = x.k === 'lambda' ? x.fn.locals : []
      if (inner.includes(name) || (x.k === 'comp' && bindsInClauses(x, name))) return null
    }
    if (x.k !== 'name' || x.id !== name) continue
    if (text.slice(x.p, x.e) !== name) return null
    found.push({ p: x.p, e: x.e })
  }
  const unique = new Map(found.map((span) => [span.p, span]))
  return [...unique.values()].toSorted((a, b) => a.p - b.p)
}

function bindsInClauses(x: Extract<Expr, { k: 'comp' }>, name: string): boolean {
  return x.clauses.some(({ target }) => expressionsIn(target).some((it) => it.k === 'name' && it.id === name))
}

/** The statements' lines without them; the first is replaced by `instead`. Null when a block would be left empty. */
export function removal(
  { module, fn }: Pick<Entry, 'module' | 'fn'>,
  moved: readonly Stmt[],
  { block, instead }: { readonly block: readonly Stmt[]; readonly instead: string },
): TextEdit[] | null {
  const spans: TextEdit[] = []
  for (const [i, statement] of moved.entries()) {
    const indent = indentOf(statement, module)
    if (indent === null || statement.p < fn.p) return null
    const span = linesOf(statement, module)
    const text = i === 0 && instead !== '' ? `${indent}${instead}${lineEnd(module)}` : ''
    const whole = text === '' ? withBlankLine(span, module.text, indent) : span
    spans.push({ p: Math.max(whole.p, spans.at(-1)?.e ?? 0), e: whole.e, text })
  }
  const left = block.filter((s) => !moved.includes(s) && !isDocstring(s))
  return left.length === 0 && instead === '' ? null : spans
}

function isDocstring(s: Stmt): boolean {
  return s.k === 'expr' && s.x.k === 'const' && s.x.t === 'str'
}

/** A blank line behind the removed ones goes too when one stands before them; at the end of their block the one before them does. */
function withBlankLine(span: Span, text: string, indent: string): Span {
  const before = text.slice(0, span.p)
  const blank = /(?<=\n)(?:[ \t]*\r?\n)+$/.exec(before)?.[0] ?? ''
  const next = /^(?:[ \t]*\r?\n)*([ \t]*)(?=[^ \t\r\n]|$)/.exec(text.slice(span.e))?.[1] ?? ''
  if (blank !== '' && next.length < indent.length) return { p: span.p - blank.length, e: span.e }
  const following = /^[ \t]*\r?\n/.exec(text.slice(span.e))?.[0] ?? ''
  return blank !== '' || /:[ \t]*\r?\n$/.test(before) ? { p: span.p, e: span.e + following.length } : span
}

/** Statements of the block that make the same call as this one: the work runs there as well. */
export function sameCalls(place: Place, callee: string): Place[] {
  return place.block
    .filter((s) => s !== place.statement && callsIn(s).some((call) => dottedName(call.f) === callee))
    .map((statement): Place => ({ block: place.block, statement, attempted: place.attempted }))
}
