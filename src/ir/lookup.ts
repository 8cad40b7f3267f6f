// Finding definitions and imports in a lowered file by their names, without running anything.
// Must stay true: the last definition of a name wins, as at run time.
import type { Alias, ClassIr, FunctionIr, ModuleIr, Stmt } from './model.ts'

/** The function or class of a qualified name (`Class.method`, `outer.inner`), or null. */
export function definitionIn(ir: ModuleIr, qualname: string): FunctionIr | ClassIr | null {
  let found: FunctionIr | ClassIr | null = null
  const visit = (body: readonly Stmt[]): void => {
    for (const s of body) {
      if (s.k === 'def') {
        if (s.fn.qualname === qualname) found = s.fn
        else if (qualname.startsWith(`${s.fn.qualname}.`)) visit(s.fn.body)
      } else if (s.k === 'class') {
        if (s.cls.qualname === qualname) found = s.cls
        else if (qualname.startsWith(`${s.cls.qualname}.`)) visit(s.cls.body)
      } else visit(blocksOf(s).flat())
    }
  }
  visit(ir.body)
  return found
}

/** The parts of `from` statements at the top of a module that bind a name, in source order; stars only where nothing else does. */
export function importsIn(ir: ModuleIr, name: string): readonly Alias[] {
  const all = flattened(ir.body).flatMap((s) => (s.k === 'from' ? s.names : []))
  const named = all.filter((alias) => (alias.as ?? alias.n) === name)
  return named.length > 0 ? named : all.filter(({ n }) => n === '*')
}

/** The blocks of a compound statement; definitions are not entered: what is inside them runs elsewhere. */
export function blocksOf(s: Stmt): readonly (readonly Stmt[])[] {
  switch (s.k) {
    case 'if':
      return [s.t, s.f]
    case 'while':
    case 'for':
      return [s.body, s.orelse]
    case 'with':
      return [s.body]
    case 'try':
      return [s.body, ...s.handlers.map((it) => it.body), s.orelse, s.final]
    case 'match':
      return s.cases.map((it) => it.body)
    default:
      return []
  }
}

/** All statements of a body, those of its blocks included, in source order. */
export function flattened(body: readonly Stmt[]): Stmt[] {
  return body.flatMap((s) => [s, ...blocksOf(s).flatMap(flattened)])
}
