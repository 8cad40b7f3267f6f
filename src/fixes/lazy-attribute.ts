// A constructor that reads the database to fill an attribute: the attribute becomes a cached property, read when somebody first asks for it.
// Must stay true: the expression means the same later; what it needs of the constructor's parameters is kept by the object.
import { definitionIn } from '../ir/lookup.ts'
import type { ClassIr, Expr, FunctionIr, Stmt } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import { behind } from './append.ts'
import type { Draft, TextEdit } from './edits.ts'
import { callsIn } from '../ir/nodes.ts'
import { expressionsIn } from './enclosing.ts'
import { importAt } from './imports.ts'
import { indentOf, lineEnd } from './layout.ts'
import { removal } from './move.ts'
import { namesOf, readsOf } from './names.ts'

type Assignment = Extract<Stmt, { k: 'assign' }>

interface Constructor {
  readonly module: LoadedModule
  readonly owner: ClassIr
  readonly fn: FunctionIr
  readonly self: string
}

/** The draft for `self.<attribute> = <expression>` at `offset` of a constructor, or null. */
export function readOnFirstUse(module: LoadedModule, qualname: string, offset: number): Draft | null {
  const made = constructorOf(module, qualname)
  const statement = made?.fn.body.find((s) => offset >= s.p && offset < s.e)
  if (made === null || statement?.k !== 'assign') return null
  const attribute = attributeOf(statement, made.self)
  if (attribute === null || isUsedOtherwise(made, statement, attribute)) return null
  const indent = indentOf(statement, module)
  const outer = indent?.slice(0, indent.length / 2) ?? ''
  const expression = laterExpression(made, statement)
  const decorator = importAt(module, 'functools', 'cached_property')
  const left = made.fn.body.filter((s) => s !== statement && !(s.k === 'expr' && s.x.k === 'const'))
  const removed = removal(made, [statement], { block: made.fn.body, instead: left.length === 0 ? 'pass' : '' })
  if (indent === null || outer === '' || expression === null || removed === null || decorator === null) return null
  const lines = [
    '',
    `${outer}@cached_property`,
    `${outer}def ${attribute}(${made.self}):`,
    `${indent}"""Read on first use: there is no database yet while modules register."""`,
    `${indent}return ${expression}`,
  ]
  const end = lineEnd(module)
  return {
    path: module.file,
    edits: [...decorator, ...removed, behind(made.fn, module, lines.join(end) + end)],
    title: `Read \`${attribute}\` on first use instead of in the constructor`,
    disposition: 'unsafe',
  }
}

function constructorOf(module: LoadedModule, qualname: string): Constructor | null {
  if (!qualname.endsWith('.__init__')) return null
  const owner = definitionIn(module.ir, qualname.slice(0, -'.__init__'.length))
  const fn = definitionIn(module.ir, qualname)
  if (owner === null || !('bases' in owner) || fn === null || !('params' in fn)) return null
  const self = fn.params[0]?.n
  return self === undefined || owner.locals.includes('__slots__') ? null : { module, owner, fn, self }
}

/** `names` of `self.names = ...`, with one target. */
function attributeOf({ targets }: Assignment, self: string): string | null {
  const [target, ...others] = targets
  const plain = target?.k === 'attr' && target.o.k === 'name' && target.o.id === self && others.length === 0
  return plain && target.k === 'attr' && !target.n.startsWith('__') ? target.n : null
}

/** The class has the name already, or the constructor uses the attribute itself. */
function isUsedOtherwise({ owner, fn, self }: Constructor, statement: Stmt, attribute: string): boolean {
  if (owner.locals.includes(attribute)) return true
  const rest = fn.body.filter((s) => s !== statement)
  return expressionsIn(rest).some((x) => x.k === 'attr' && x.n === attribute && x.o.k === 'name' && x.o.id === self)
}

/** The expression as it can stand in a method: parameters are read from where the constructor keeps them. Null when something is not kept. */
function laterExpression({ module, fn, self }: Constructor, { x }: Assignment): string | null {
  const { bound, awaits, writes } = namesOf([{ k: 'expr', x, p: x.p, e: x.e }])
  const text = module.text.slice(x.p, x.e)
  if (bound || awaits || writes.size > 0 || text.includes('\n') || opensScope(x)) return null
  const kept = new Map<string, string>()
  for (const name of readsOf(x)) {
    if (name === self || !fn.locals.includes(name)) continue
    const where = keptAs(fn, self, name)
    if (where === null) return null
    kept.set(name, where)
  }
  const edits: TextEdit[] = expressionsIn(x).flatMap((it) => {
    const where = it.k === 'name' ? kept.get(it.id) : undefined
    return where === undefined ? [] : [{ p: it.p - x.p, e: it.e - x.p, text: where }]
  })
  const unique = [...new Map(edits.map((edit) => [edit.p, edit])).values()].toSorted((a, b) => b.p - a.p)
  return unique.reduce((out, { p, e, text: by }) => out.slice(0, p) + by + out.slice(e), text)
}

/** Names inside of these may be names of their own. */
function opensScope(x: Expr): boolean {
  return expressionsIn(x).some((it) => it.k === 'lambda' || it.k === 'comp' || it.k === 'fstr')
}

/** `self.context` of `self.context = app_context`, where the parameter and the attribute are bound nowhere else in the constructor. */
function keptAs(fn: FunctionIr, self: string, name: string): string | null {
  if (!fn.params.some((p) => p.n === name && p.kind !== '*' && p.kind !== '**')) return null
  if (namesOf(fn.body).writes.has(name)) return null
  const places = fn.body.flatMap((s) => {
    const attribute = s.k === 'assign' && s.x.k === 'name' && s.x.id === name ? attributeOf(s, self) : null
    return attribute === null ? [] : [attribute]
  })
  const [place] = places
  const stores = fn.body.filter((s) => s.k === 'assign' && place !== undefined && attributeOf(s, self) === place)
  return place === undefined || stores.length > 1 || callsIn(fn.decorators).length > 0 ? null : `${self}.${place}`
}
