// Sentences about wrong configurations: which key, what was expected, what stands there, and what was probably meant.
// Unknown keys are found here and not by the schema library: it looks keys up along the prototype and would take `constructor` for known.
import type { BaseIssue } from 'valibot'
import type { Path } from './document.ts'
import { nearest } from '../text/nearest.ts'

/** One thing that is wrong, at a place of the document. */
export interface Problem {
  readonly path: Path
  readonly message: string
}

/** `entry-points[0].files`. */
export function pathText(path: Path): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${shownKey(part)}`))
    .join('')
}

function shownKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(shortened(key))
}

/** The parts of a schema that say which keys there are. */
interface SchemaNode {
  readonly type: string
  /** what the schema wants, for maps */
  readonly message?: unknown
  readonly entries?: Readonly<Record<string, SchemaNode>>
  readonly item?: SchemaNode
  readonly wrapped?: SchemaNode
}

/** The first key that the schema does not know, or list in the place of a map (which the library takes for one); null if there is none. */
export function unknownKey(schema: SchemaNode, value: unknown, path: Path = []): Problem | null {
  if (schema.wrapped !== undefined) return unknownKey(schema.wrapped, value, path)
  if (typeof value !== 'object' || value === null) return null
  if (schema.item !== undefined && Array.isArray(value)) {
    const { item } = schema
    return firstOf(value, (inner, at) => unknownKey(item, inner, [...path, at]))
  }
  if (Array.isArray(value))
    return schema.type === 'array' ? null : { path, message: `expected ${String(schema.message)}, got a list` }
  if (schema.entries === undefined) return null
  const { entries } = schema
  return firstOf(Object.entries(value), ([key, inner]) => {
    if (!Object.hasOwn(entries, key)) {
      const meant = nearest(key, Object.keys(entries))
      const hint = meant === null ? `known are ${Object.keys(entries).join(', ')}` : `did you mean ${meant}?`
      return { path: [...path, key], message: `unknown key; ${hint}` }
    }
    const next = entries[key]
    return next === undefined ? null : unknownKey(next, inner, [...path, key])
  })
}

function firstOf<T>(items: readonly T[], find: (item: T, at: number) => Problem | null): Problem | null {
  for (const [at, item] of items.entries()) {
    const found = find(item, at)
    if (found !== null) return found
  }
  return null
}

/** The sentence for an issue of the schema library; its own message says what is wanted. */
export function issueProblem(issue: BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map((item) => item.key as string | number)
  const isMissing = issue.input === undefined && issue.kind === 'schema' && issue.type === 'strict_object'
  if (isMissing) return { path, message: `missing; ${pathText(path.slice(0, -1)) || 'the file'} needs it` }
  return { path, message: `expected ${issue.message}, got ${described(issue.input)}${quoteHint(issue)}` }
}

function described(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  if (typeof value === 'string') return JSON.stringify(shortened(value))
  return `${typeof value} ${JSON.stringify(value)}`
}

function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`
}

const SHOWN = 60

function quoteHint(issue: BaseIssue<unknown>): string {
  const scalar = typeof issue.input === 'number' || typeof issue.input === 'boolean'
  return scalar && (issue.expected === 'string' || issue.type === 'picklist') ? '; put text in quotes' : ''
}
