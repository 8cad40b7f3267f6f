// Import statements. `import a.b` binds `a`, `import a.b as c` binds `c`, a star import binds what nobody knows here.

import type { ImportFromNode, ImportNode, ModuleNameNode } from '../python/tree.ts'
import type { Alias, Stmt } from './model.ts'
import { endOf, nameOf, noteImported, plainNameOf } from './scope.ts'
import type { Scope } from './scope.ts'

export function lowerImport(node: ImportNode, scope: Scope): Stmt {
  const names: Alias[] = []
  for (const item of node.d.list) {
    const n = moduleName(item.d.module, scope)
    const as = item.d.alias === undefined ? null : nameOf(item.d.alias, scope.file)
    const bound = as ?? n.split('.')[0] ?? ''
    if (bound !== '') noteImported(scope, bound, { level: 0, module: as === null ? bound : n })
    names.push({ n, as, p: item.start, e: endOf(item) })
    scope.file.imports.push({ level: 0, module: n, names: null })
  }
  return { k: 'import', names, p: node.start, e: endOf(node) }
}

export function lowerFrom(node: ImportFromNode, scope: Scope): Stmt {
  const { module: from, imports, isWildcardImport, wildcardToken } = node.d
  const module = moduleName(from, scope)
  const level = from.d.leadingDots
  const names: Alias[] = []
  if (isWildcardImport) {
    const star = wildcardToken ?? node
    names.push({ n: '*', as: null, p: star.start, e: endOf(star) })
  }
  for (const item of imports) {
    const n = plainNameOf(item.d.name, scope.file)
    const as = item.d.alias === undefined ? null : nameOf(item.d.alias, scope.file)
    noteImported(scope, as ?? n, { level, module: module === '' ? n : `${module}.${n}` })
    names.push({ n, as, p: item.start, e: endOf(item) })
    if (level === 0 && module === '__future__' && n === 'annotations') scope.file.lazyAnnotations = true
  }
  scope.file.imports.push({ level, module, names: names.map((alias) => alias.n) })
  return { k: 'from', level, module, names, p: node.start, e: endOf(node) }
}

function moduleName(node: ModuleNameNode, scope: Scope): string {
  const [first, ...rest] = node.d.nameParts
  if (first === undefined) return ''
  let name = plainNameOf(first, scope.file)
  for (const part of rest) name += `.${plainNameOf(part, scope.file)}`
  return name
}
