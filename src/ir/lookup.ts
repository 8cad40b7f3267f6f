// Finding definitions in a lowered file by their qualified names, without running anything.
// Must stay true: the last definition of a name wins, as at run time.
import type { ClassIr, FunctionIr, ModuleIr, Stmt } from './model.ts'

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
      } else if (s.k === 'if') visit([...s.t, ...s.f])
      else if (s.k === 'try') visit([...s.body, ...s.handlers.flatMap((h) => h.body), ...s.orelse, ...s.final])
      else if (s.k === 'with' || s.k === 'for' || s.k === 'while') visit(s.body)
    }
  }
  visit(ir.body)
  return found
}
