// YAML text → plain values with positions. The rules are ours, not the library's: text keys only, no tags, no merge keys, no second
// document, and aliases may not multiply. Maps become objects without a prototype, so no key can mean anything but itself.
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, ErrorCode, ParsedNode, YAMLError } from 'yaml'
import { guardText } from './guards.ts'
import { ConfigurationError } from './model.ts'

export type Path = readonly (string | number)[]

export interface RawDocument {
  /** null for an empty document */
  readonly value: unknown
  /** The line of a key or list item, from 1; of its nearest parent if it is not there. */
  readonly line: (path: Path) => number
}

/** Most values after all aliases are written out. */
const MAX_VALUES = 10_000

/** Throws a ConfigurationError that names file and line for everything that is not plain YAML. */
export function readDocument(text: string, file: string): RawDocument {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  guardText(source, file)
  const lines = new LineCounter()
  const document = parseDocument(source, {
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
    // not `silent`: then the library drops the error about a second document
    logLevel: 'error',
    lineCounter: lines,
  })
  const problem = document.errors[0] ?? document.warnings[0]
  if (problem !== undefined)
    throw new ConfigurationError(`${file}:${lines.linePos(problem.pos[0]).line}: ${sentence(problem)}`)
  const conversion: Conversion = { document, file, lines, positions: new Map(), values: 0 }
  const value = document.contents === null ? null : convert(document.contents, [], conversion)
  return { value, line: (path) => nearestLine(conversion.positions, path) }
}

function sentence(problem: YAMLError): string {
  const message = problem.message.replaceAll(/\s+/g, ' ').trim()
  const own = SENTENCES[problem.code]
  return own === undefined ? message : own(message)
}

/** Our own words where the library's do not say what to do. */
const SENTENCES: Readonly<Partial<Record<ErrorCode, (message: string) => string>>> = {
  BAD_SCALAR_START: (message) => `${message}; put the value in quotes`,
  TAB_AS_INDENT: () => 'a tab cannot indent YAML; use blanks',
  MULTIPLE_DOCS: () => 'more than one document in the file',
  DUPLICATE_KEY: () => 'the same key stands here twice',
  TAG_RESOLVE_FAILED: (message) => `${message}; tags are not supported`,
}

interface Conversion {
  readonly document: Document.Parsed
  readonly file: string
  readonly lines: LineCounter
  readonly positions: Map<string, number>
  values: number
}

function convert(node: ParsedNode, path: Path, to: Conversion): unknown {
  const line = to.lines.linePos(node.range[0]).line
  if (!to.positions.has(keyOf(path))) to.positions.set(keyOf(path), line)
  if (++to.values > MAX_VALUES) throw refusal(to, line, 'the aliases stand for too many values')
  if (isAlias(node)) {
    const target = node.resolve(to.document)
    if (target === undefined)
      throw refusal(to, line, `no anchor for *${node.source}; a value that begins with * has to be quoted`)
    if (contains(target as ParsedNode, node)) throw refusal(to, line, `the alias *${node.source} stands for itself`)
    return convert(target as ParsedNode, path, to)
  }
  if (node.tag !== undefined) throw refusal(to, line, `the tag ${node.tag} is not supported`)
  if (isScalar(node)) return node.value
  if (isSeq(node)) return node.items.map((item, at) => convert(item, [...path, at], to))
  return isMap(node) ? convertMap(node.items, path, to) : null
}

interface MapEntry {
  readonly key: ParsedNode
  readonly value: ParsedNode | null
}

function convertMap(entries: readonly MapEntry[], path: Path, to: Conversion): Record<string, unknown> {
  const result = Object.create(null) as Record<string, unknown>
  for (const { key, value } of entries) {
    const line = to.lines.linePos(key.range[0]).line
    if (!isScalar(key) || typeof key.value !== 'string' || key.tag !== undefined)
      throw refusal(to, line, `${shown(key)} is no key: keys are text`)
    const inner = [...path, key.value]
    to.positions.set(keyOf(inner), line)
    result[key.value] = value === null ? null : convert(value, inner, to)
  }
  return result
}

function shown(key: ParsedNode): string {
  return isScalar(key) ? JSON.stringify(key.value) : 'a list or map'
}

function refusal(to: Conversion, line: number, problem: string): ConfigurationError {
  return new ConfigurationError(`${to.file}:${line}: ${problem}`)
}

/** Whether an alias stands inside of what it names; then writing it out would never end. */
function contains(target: ParsedNode, alias: ParsedNode): boolean {
  return target.range[0] <= alias.range[0] && alias.range[1] <= target.range[1]
}

function keyOf(path: Path): string {
  return JSON.stringify(path)
}

function nearestLine(positions: ReadonlyMap<string, number>, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const line = positions.get(keyOf(path.slice(0, length)))
    if (line !== undefined) return line
  }
  return 1
}
