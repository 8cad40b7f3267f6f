// Reads the program's own source for the architecture test: every module of src/ with its syntax tree and its imports.
// Type-only imports, re-exports, dynamic imports and `import('…')` types count as imports: a type is a dependency too.
import { type ParserOptions, parse } from '@babel/parser'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

/** Enough of a Babel node to walk over it; the fields are looked at by name. */
export interface Syntax {
  readonly type: string
  readonly loc?: { readonly start: { readonly line: number } } | null
  readonly [field: string]: unknown
}

export interface ImportSite {
  /** as written, for example `../text/position.ts` or `node:fs` */
  readonly specifier: string
  readonly line: number
  readonly typeOnly: boolean
  /** imported names; `*` for a namespace, `()` for a dynamic import */
  readonly names: readonly string[]
  /** what the importing file calls them */
  readonly locals: readonly string[]
}

export interface SourceModule {
  /** relative to src/, with `/` */
  readonly path: string
  /** first folder, or the file's name without `.ts` at the top level */
  readonly room: string
  readonly text: string
  readonly body: readonly Syntax[]
  readonly imports: readonly ImportSite[]
}

const OPTIONS: ParserOptions = { sourceType: 'module', plugins: ['typescript'] }

/** All modules under `root`, sorted by path. */
export function readSources(root: string): readonly SourceModule[] {
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .toSorted()
    .map((path) => sourceModule(path, readFileSync(join(root, path), 'utf8')))
}

export function sourceModule(path: string, text: string): SourceModule {
  const program = parse(text, OPTIONS).program as unknown as { readonly body: readonly Syntax[] }
  const room = (path.split('/')[0] ?? path).replace(/\.ts$/, '')
  return { path, room, text, body: program.body, imports: program.body.flatMap(importsIn) }
}

/** The file under src/ that a relative import means, or null for a package. */
export function resolveImport(from: string, specifier: string): string | null {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : null
}

export function children(node: Syntax): readonly Syntax[] {
  return Object.entries(node).flatMap(([field, value]) => {
    if (field === 'loc' || field.endsWith('Comments')) return []
    return (Array.isArray(value) ? value : [value]).filter(isSyntax)
  })
}

export function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}

export function lineOf(node: Syntax): number {
  return node.loc?.start.line ?? 0
}

/** The name of an identifier, the dotted name of a plain member chain, or null. */
export function dottedName(node: unknown): string | null {
  if (!isSyntax(node)) return null
  if (node.type === 'Identifier') return String(node['name'])
  if (node.type !== 'MemberExpression' || node['computed'] === true) return null
  const object = dottedName(node['object'])
  return object === null ? null : `${object}.${dottedName(node['property'])}`
}

function importsIn(node: Syntax): readonly ImportSite[] {
  return [...importSite(node), ...children(node).flatMap(importsIn)]
}

function importSite(node: Syntax): readonly ImportSite[] {
  const source = node.type === 'TSImportType' ? node['argument'] : importSource(node)
  if (!isSyntax(source) || source.type !== 'StringLiteral') return []
  const specifiers = Array.isArray(node['specifiers']) ? node['specifiers'].filter(isSyntax) : []
  const typeOnly =
    node.type === 'TSImportType' ||
    node['importKind'] === 'type' ||
    node['exportKind'] === 'type' ||
    (specifiers.length > 0 && specifiers.every((s) => s['importKind'] === 'type' || s['exportKind'] === 'type'))
  const names = node.type === 'ImportDeclaration' || specifiers.length > 0 ? specifiers.map(importedName) : ['()']
  const locals = specifiers.flatMap((s) => dottedName(s['local']) ?? [])
  return [{ specifier: String(source['value']), line: lineOf(node), typeOnly, names, locals }]
}

function importSource(node: Syntax): unknown {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
      return node['source']
    case 'CallExpression': {
      const callee = node['callee']
      return isSyntax(callee) && callee.type === 'Import' ? (node['arguments'] as readonly unknown[])[0] : null
    }
    default:
      return null
  }
}

function importedName(specifier: Syntax): string {
  return dottedName(specifier['imported'] ?? specifier['local']) ?? '*'
}
