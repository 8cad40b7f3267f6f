// What a module imports, as files: the static closure that is read before the analysis starts. Imports under TYPE_CHECKING count too, because
// annotations name what they import; what is imported by a computed name is asked for later.
import type { Expr, Stmt } from '../ir/model.ts'
import type { ImportResult, LoadedModule } from './program.ts'
import type { Roots } from './roots.ts'

/** Files that importing the module may run, function-local imports included. */
export function importTargets(module: LoadedModule, roots: Roots): string[] {
  const out = new Set<string>()
  const add = (result: ImportResult): void => {
    if (result.kind === 'external') return
    for (const file of result.packages) out.add(file)
    if (result.kind === 'file') out.add(result.file)
  }
  const statement = (s: Stmt): void => {
    if (s.k === 'import') for (const alias of s.names) add(roots.resolve(module.file, alias.n, 0))
    else if (s.k === 'from') {
      const target = roots.resolve(module.file, s.module, s.level)
      add(target)
      if (target.kind === 'external' || target.kind === 'missing') return
      for (const alias of s.names) {
        if (alias.n === '*') continue
        const sub = roots.resolve(module.file, s.module === '' ? alias.n : `${s.module}.${alias.n}`, s.level)
        if (sub.kind === 'file') add(sub)
      }
    }
  }
  walkStatements(module.ir.body, statement, (x) => {
    const literal =
      x.k === 'call' && x.f.k === 'attr' && x.f.n === 'import_module' && x.a.length === 1 ? x.a[0]?.x : undefined
    if (literal?.k === 'const' && typeof literal.v === 'string' && literal.v !== '')
      add(roots.resolve(module.file, literal.v, 0))
  })
  return [...out]
}

/** Visits every statement, nested functions and classes included; `call` sees the expressions of expression statements and assignments. */
export function walkStatements(body: readonly Stmt[], visit: (s: Stmt) => void, call: (x: Expr) => void): void {
  const stack: (readonly Stmt[])[] = [body]
  for (let block = stack.pop(); block !== undefined; block = stack.pop()) {
    for (const s of block) {
      visit(s)
      switch (s.k) {
        case 'expr':
        case 'assign':
          call(s.x)
          break
        case 'if':
          stack.push(s.t, s.f)
          break
        case 'while':
        case 'for':
          stack.push(s.body, s.orelse)
          break
        case 'with':
          stack.push(s.body)
          break
        case 'try':
          stack.push(s.body, s.orelse, s.final, ...s.handlers.map((h) => h.body))
          break
        case 'match':
          stack.push(...s.cases.map((c) => c.body))
          break
        case 'def':
          stack.push(s.fn.body)
          break
        case 'class':
          stack.push(s.cls.body)
          break
        default:
      }
    }
  }
}
