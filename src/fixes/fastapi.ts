// FastAPI: a statement at the top of the module that builds the application moves into the application's lifespan.
// Must stay true: an application with start-up code of its own is left alone, because a lifespan switches its `on_event` functions off.
import type { Stmt } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import type { Draft, TextEdit } from './edits.ts'
import { type Call, callsIn, dottedName } from '../ir/nodes.ts'
import { importAt } from './imports.ts'
import { blankLinesMissing, indentOf, lineEnd, lineStart, linesOf, reindented } from './layout.ts'
import { namesOf } from './names.ts'

const INDENT = '    '
/** Anything that already runs at start-up, or a name that the new function needs. */
const TAKEN = /on_event|add_event_handler|on_startup|on_shutdown|\blifespan\b/

/** The draft that moves the top-level statement at `offset` into a new lifespan, or null. */
export function moveToLifespan(module: LoadedModule, offset: number): Draft | null {
  const { ir, text } = module
  const statement = ir.body.find((s) => offset >= s.p && offset < s.e)
  const built = applications(module)
  const [application] = built
  if (statement === undefined || application === undefined || built.length > 1 || TAKEN.test(text)) return null
  const names = namesOf([statement])
  const isWork = statement.k === 'expr' || statement.k === 'with' || statement.k === 'for'
  if (!isWork || statement === application.statement || names.bound || names.awaits || names.writes.size > 0)
    return null
  const body = reindented(statement, module, { indent: INDENT, renames: [] })
  const parameter = application.name
  if (body === null || indentOf(application.statement, module) !== '' || names.reads.has(parameter)) return null
  const end = lineEnd(module)
  const at = linesOf(application.statement, module).p
  const header = ['@asynccontextmanager', `async def lifespan(${parameter}):`]
  const apart = end.repeat(blankLinesMissing(module, at, 2))
  const definition = `${apart}${header.join(end)}${end}${body}${INDENT}yield${end}${end}${end}`
  const gone = linesOf(statement, module)
  const imported = importAt(module, 'contextlib', 'asynccontextmanager')
  if (imported === null) return null
  return {
    path: module.file,
    edits: [...imported, { ...gone, text: '' }, { p: at, e: at, text: definition }, keyword(application.call, module)],
    title: 'Move the database work into the lifespan of the application',
    disposition: 'unsafe',
  }
}

interface Application {
  readonly statement: Stmt
  readonly call: Call
  readonly name: string
}

/** `app = FastAPI(...)` at the top of the module. */
function applications({ ir }: LoadedModule): Application[] {
  return ir.body.flatMap((s) =>
    callsIn(s)
      .filter((call) => /(?:^|\.)FastAPI$/.test(dottedName(call.f) ?? ''))
      .flatMap((call) => {
        const target = s.k === 'assign' && s.targets.length === 1 && s.x === call ? s.targets[0] : undefined
        const plain = target?.k === 'name' && call.a.every((a) => a.s === undefined)
        return plain && target?.k === 'name' ? [{ statement: s, call, name: target.id }] : []
      }),
  )
}

/** `lifespan=lifespan` as the last argument, on a line of its own where the arguments have theirs. */
function keyword(call: Call, module: LoadedModule): TextEdit {
  const { text } = module
  const last = call.a.at(-1)
  if (last !== undefined) {
    const begin = lineStart(module, last.x.e - 1)
    const indent = /^[ \t]*/.exec(text.slice(begin))?.[0] ?? ''
    const separator = begin > call.p ? lineEnd(module) + indent : ' '
    return { p: last.x.e, e: last.x.e, text: `,${separator}lifespan=lifespan` }
  }
  const close = text.lastIndexOf(')', call.e - 1)
  return { p: close, e: close, text: 'lifespan=lifespan' }
}
