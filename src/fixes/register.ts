// Repairs by registration: the registration that is missing, and a call of a set-up function that becomes its registration.
// Must stay true: the framework calls the function with the context alone, so only functions that take just that are registered.
import type { Expr, FunctionIr, Stmt } from '../ir/model.ts'
import { appended } from './append.ts'
import type { Draft } from './edits.ts'
import { dottedName } from '../ir/nodes.ts'
import { type Place } from './enclosing.ts'
import { indentOf, lineEnd, linesOf } from './layout.ts'
import { namesOf } from './names.ts'
import { type Entry, functionNamed, hookedIn, registrationOf, takesContext } from './second-phase.ts'
import { sliceOf } from './slice.ts'

/** Registers a function of the module at the end of the entry point, in front of its return; at its start when it may return early. */
export function registerMissing(entry: Entry, name: string): Draft | null {
  const { module, fn } = entry
  const hook = functionNamed(module, name)
  const body = fn.body.filter((s) => !isDocstring(s))
  const [first, last] = [body[0], body.at(-1)]
  if (hook === null || !takesContext(hook) || hookedIn(entry).kind !== 'none') return null
  if (first === undefined || last === undefined || fn.locals.includes(name)) return null
  const registration = registrationOf(entry, name)
  const early = namesOf(body.slice(0, -1)).bound
  const beside = early ? first : last
  const indent = indentOf(beside, module)
  if (registration === null || indent === null || indent === '') return null
  const line = `${indent}${registration}${lineEnd(module)}`
  const title = `Register \`${name}\` in \`${fn.name}\``
  const at = linesOf(beside, module).p
  const edit = early ? { p: at, e: at, text: line } : appended(fn, module, line)
  return edit === null ? null : { path: module.file, edits: [edit], title, disposition: 'safe' }
}

function isDocstring(s: Stmt): boolean {
  return s.k === 'expr' && s.x.k === 'const' && s.x.t === 'str'
}

/** `setup(app_context)`, also awaited, run in a loop of its own or started as a task, becomes the registration of `setup`. */
export function registerInstead(entry: Entry, place: Place): Draft | null {
  const { module, fn, context } = entry
  const { statement, attempted } = place
  if (statement.k !== 'expr' || hookedIn(entry).kind !== 'none') return null
  const call = setupCall(statement.x)
  const name = call?.f.k === 'name' ? call.f.id : null
  const [argument] = call?.a ?? []
  if (call === null || name === null || argument === undefined || call.a.length > 1 || argument.s !== undefined)
    return null
  if (argument.x.k !== 'name' || argument.x.id !== context || fn.locals.includes(name)) return null
  const hook = functionNamed(module, name)
  if (hook === null || hook === fn || !takesContext(hook) || !namedLikeFirst(argument.n, hook)) return null
  const registration = registrationOf(entry, name)
  if (registration === null || indentOf(statement, module) === null) return null
  return {
    path: module.file,
    edits: [{ p: statement.p, e: statement.e, text: registration }],
    title: `Register \`${name}\` instead of calling it`,
    disposition: registersOnly(entry, place) && !attempted ? 'safe' : 'unsafe',
  }
}

function namedLikeFirst(keyword: string | undefined, hook: FunctionIr): boolean {
  return keyword === undefined || hook.params[0]?.n === keyword
}

/** What stands behind the statement does not care when it runs. */
function registersOnly({ fn, context }: Entry, { block, statement }: Place): boolean {
  // the statement has no name of its own and the loop or task around it is not the hook's: only the order is asked here
  const stand: Stmt = { k: 'pass', p: statement.p, e: statement.e }
  const others = block.map((s) => (s === statement ? stand : s))
  return sliceOf(fn, others, [stand], context)?.independent ?? false
}

const RUNNERS = /(?:^|\.)(?:run|create_task|ensure_future|run_until_complete)$/

/** The call of the set-up function in an expression statement, without what starts it. */
export function setupCall(x: Expr): Extract<Expr, { k: 'call' }> | null {
  if (x.k === 'await') return setupCall(x.x)
  if (x.k !== 'call') return null
  const [inner, ...others] = x.a
  const path = dottedName(x.f) ?? (x.f.k === 'attr' ? x.f.n : '')
  if (inner !== undefined && others.length === 0 && RUNNERS.test(path) && inner.n === undefined && inner.x.k === 'call')
    return inner.x
  return x
}
