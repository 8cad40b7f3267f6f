// Flask: a block under the application's context becomes a command that is run before the server.
// Must stay true: it stays where it is and keeps its names, so only the decorator decides when it runs.
import type { FunctionIr, Stmt } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import type { Draft } from './edits.ts'
import { dottedName } from '../ir/nodes.ts'
import { blankLinesMissing, indentOf, lineEnd, lineStart, linesOf } from './layout.ts'
import { namesOf } from './names.ts'

const COMMAND = 'init_db'

/** The draft for `with app.app_context():` at `offset` in a factory (or, with null, at the top of the module), or null. */
export function moveToCommand(module: LoadedModule, fn: FunctionIr | null, offset: number): Draft | null {
  const block = fn === null ? module.ir.body : fn.body
  const statement = block.find((s) => offset >= s.p && offset < s.e)
  if (statement?.k !== 'with') return null
  const application = contextOf(statement)
  const names = namesOf([statement])
  const taken = [...module.ir.names, ...(fn?.locals ?? [])]
  if (application === null || names.bound || names.awaits || taken.includes(COMMAND)) return null
  // what the block binds is bound in the command only
  const others = namesOf(block.filter((s) => s !== statement))
  if ([...names.writes].some((name) => others.reads.has(name) || others.writes.has(name))) return null
  const indent = indentOf(statement, module)
  const [first] = statement.body
  if (indent === null || first === undefined || indentOf(first, module) === null) return null
  const end = lineEnd(module)
  const head = { p: lineStart(module, statement.p), e: linesOf(first, module).p }
  const apart = fn === null ? 2 : 1
  const blank = end.repeat(blankLinesMissing(module, head.p, apart))
  const lines = [`${indent}@${application}.cli.command("init-db")`, `${indent}def ${COMMAND}():`]
  const after = linesOf(statement, module).e
  const follows = /^(?:[ \t]*\r?\n|$)/.test(module.text.slice(after)) ? '' : end.repeat(apart)
  return {
    path: module.file,
    edits: [
      { ...head, text: `${blank}${lines.join(end)}${end}` },
      ...(follows === '' ? [] : [{ p: after, e: after, text: follows }]),
    ],
    title: 'Make it a command, run by `flask init-db` before the server starts',
    disposition: 'unsafe',
  }
}

/** The application of `with <application>.app_context():`, which a command enters by itself. */
function contextOf(statement: Extract<Stmt, { k: 'with' }>): string | null {
  const [item, ...others] = statement.items
  if (item === undefined || others.length > 0 || item.target !== null || statement.async || item.x.k !== 'call')
    return null
  const path = dottedName(item.x.f)
  return path !== null && item.x.a.length === 0 && /^\w+\.app_context$/.test(path)
    ? path.slice(0, -'.app_context'.length)
    : null
}
