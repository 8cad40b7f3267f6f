// An import that an edit needs: at the top of the module, where it is not there already.
// Must stay true: a name that means something else in the module is never taken.
import type { LoadedModule } from '../program/program.ts'
import type { TextEdit } from './edits.ts'
import { lineEnd, linesOf } from './layout.ts'

/** Edits that import `name` from `from`: none where it is imported; null where the name is taken. In front of the first other import. */
export function importAt(module: LoadedModule, from: string, name: string): TextEdit[] | null {
  const { ir } = module
  const isThere = ir.body.some(
    (s) =>
      s.k === 'from' && s.level === 0 && s.module === from && s.names.some(({ n, as }) => n === name && as === null),
  )
  if (isThere) return []
  if (ir.names.includes(name)) return null
  const isFuture = (s: (typeof ir.body)[number]): boolean => s.k === 'from' && s.module === '__future__'
  const isText = (s: (typeof ir.body)[number]): boolean => s.k === 'expr' && s.x.k === 'const' && s.x.t === 'str'
  const first = ir.body.find((s, at) => !isFuture(s) && !(at === 0 && isText(s)))
  if (first === undefined) return null
  const end = lineEnd(module)
  const isImport = first.k === 'import' || first.k === 'from'
  const p = first.k === 'def' || first.k === 'class' ? startOf(first) : first.p
  const at = linesOf({ p, e: p + 1 }, module).p
  return [{ p: at, e: at, text: `from ${from} import ${name}${end}${isImport ? '' : end + end}` }]
}

/** Decorators stand in front of their definition. */
function startOf(s: Extract<LoadedModule['ir']['body'][number], { k: 'def' | 'class' }>): number {
  const { decorators, p } = s.k === 'def' ? s.fn : s.cls
  return Math.min(p, ...decorators.map((x) => x.p))
}
