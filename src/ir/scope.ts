// What the lowering knows while it walks one file: the file as a whole, and for each module, class or function body the names it
// binds. Scopes live for one lowering only and never leave it.

import { startInsideParentheses, endInsideParentheses } from '../python/tokens.ts'
import type { TokenList } from '../python/tokens.ts'
import type { ExpressionNode, NameNode } from '../python/tree.ts'
import type { Expr, ImportRequest, ModuleStore } from './model.ts'

/** Something that CPython refuses, found while lowering. */
export interface Fault {
  readonly offset: number
  readonly message: string
}

export interface FileScope {
  readonly text: string
  readonly tokens: TokenList
  /** no character beyond U+007F: no identifier needs normalising */
  readonly ascii: boolean
  readonly faults: Fault[]
  /** offset of the first error node, or -1 */
  errorAt: number
  /** names that functions declare global */
  readonly declaredGlobal: Set<string>
  readonly rebound: Set<string>
  readonly attributeStores: Set<string>
  /** attributes that are stored on plain names: the name, and the attribute's */
  readonly namedStores: (readonly [owner: string, name: string])[]
  /** what names are imported as, anywhere in the file; names that are bound to something that is assigned or passed */
  readonly importedAs: Map<string, Pick<ModuleStore, 'level' | 'module'>[]>
  readonly assigned: Set<string>
  lazyAnnotations: boolean
  readonly imports: ImportRequest[]
  /** the class whose body is being lowered, without leading underscores: its private names carry it; '' outside */
  privateClass: string
  /** nesting of the expression / of the block that is being lowered */
  expressions: number
  blocks: number
}

export interface Scope {
  readonly file: FileScope
  readonly kind: 'module' | 'class' | 'function'
  /** '' for the module, else the qualified name and a dot */
  readonly prefix: string
  readonly bound: Set<string>
  readonly globals: string[]
  readonly nonlocals: string[]
  lambdas: number
  generator: boolean
}

/** Expressions may nest this deep (the parser stops chains at 256); readers of the tree may recurse. */
export const MAX_EXPRESSION_DEPTH = 400
/** CPython refuses the 100th level of indentation (MAXINDENT in its tokenizer). */
export const MAX_BLOCK_DEPTH = 100
/** `elif` chains become nested `if` statements; longer ones are cut. */
export const MAX_ELIF_CHAIN = 500

/** A name is bound by an import. */
export function noteImported(scope: Scope, name: string, from: Pick<ModuleStore, 'level' | 'module'>): void {
  scope.bound.add(name)
  const { importedAs } = scope.file
  importedAs.set(name, [...(importedAs.get(name) ?? []), from])
}

/** What the file stores on modules that it imports; everything else that it stores on names becomes a store on something unknown. */
export function moduleStores({ namedStores, importedAs, assigned, attributeStores }: FileScope): ModuleStore[] {
  const out = new Map<string, ModuleStore>()
  for (const [owner, name] of namedStores) {
    const modules = assigned.has(owner) ? undefined : importedAs.get(owner)
    if (modules === undefined) attributeStores.add(name)
    for (const { level, module } of modules ?? []) out.set(`${level}:${module}:${name}`, { level, module, name })
  }
  return [...out.values()]
}

export function openScope(file: FileScope, kind: Scope['kind'], prefix: string): Scope {
  return { file, kind, prefix, bound: new Set(), globals: [], nonlocals: [], lambdas: 0, generator: false }
}

/** Names the scope binds itself, in source order; hands what it rebinds elsewhere to the file. */
export function closeScope(scope: Scope): string[] {
  const { file, bound, globals, nonlocals } = scope
  if (globals.length === 0 && nonlocals.length === 0) return [...bound]
  for (const name of globals) {
    file.declaredGlobal.add(name)
    if (bound.has(name)) file.rebound.add(name)
  }
  const elsewhere = new Set([...globals, ...nonlocals])
  return [...bound].filter((name) => !elsewhere.has(name))
}

const NON_ASCII = /[^\0-\x7f]/
const IDENTIFIER = /^[_\p{XIDS}]\p{XIDC}*$/u

/** An identifier as Python compares it: NFKC, and private names with their class (Reference, "Identifiers and keywords", "Private name mangling"). */
export function nameOf(node: NameNode, file: FileScope): string {
  const name = plainNameOf(node, file)
  return file.privateClass !== '' && name.startsWith('__') && !name.endsWith('__')
    ? `_${file.privateClass}${name}`
    : name
}

/** An identifier as it is written: what a qualified name and a trace show. */
export function plainNameOf(node: NameNode, file: FileScope): string {
  const { value } = node.d
  if (file.ascii || !NON_ASCII.test(value)) return value
  const name = value.normalize('NFKC')
  if (!IDENTIFIER.test(name))
    file.faults.push({ offset: node.d.token.start, message: `invalid character in identifier ${name}` })
  return name
}

export function fault(scope: Scope, offset: number, message: string): void {
  scope.file.faults.push({ offset, message })
}

const OPEN = 40

/** Where an expression that cannot itself begin with a parenthesis starts inside the parentheses around it. */
export function innerStart(node: ExpressionNode, file: FileScope): number {
  return file.text.charCodeAt(node.start) === OPEN ? startInsideParentheses(file.tokens, node.start) : node.start
}

/** Where an expression that starts at `inner` ends inside the parentheses around it. */
export function innerEnd(node: ExpressionNode, inner: number, file: FileScope): number {
  const end = node.start + node.length
  return inner === node.start ? end : endInsideParentheses(file.tokens, node.start, end, inner)
}

/** Lowers one expression: handed to the modules that lower its parts, so that none of them imports another in a circle. */
export type LowerExpression = (node: ExpressionNode, scope: Scope) => Expr

/** Offset behind a node, parentheses around it included. */
export function endOf(node: { readonly start: number; readonly length: number }): number {
  return node.start + node.length
}
