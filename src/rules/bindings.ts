// Single statements as dependencies see them: which names a statement binds, which it uses, which blocks it holds, and whether it can leave
// early. Works on the tree alone; nothing is resolved here.
import { blocksOf, flattened } from '../ir/lookup.ts'
import type { Expr, Stmt } from '../ir/model.ts'

/** A name that is read, with the attributes asked for directly after it: `shop.items.all` is `shop` with `items` and `all`. */
export interface Use {
  readonly name: string
  readonly attributes: readonly string[]
}

const BLOCKS = ['t', 'f', 'body', 'orelse', 'final'] as const

/** What a statement evaluates itself: a simple statement is all of it, a compound one its condition, iterable or items. */
export function headerOf(s: Stmt): unknown {
  if (s.k === 'def') return [s.fn.decorators, s.fn.params.map((it) => it.default)]
  if (s.k === 'class') return [s.cls.decorators, s.cls.bases]
  if (s.k === 'match') return [s.x, s.cases.map(({ pattern, guard }) => [pattern, guard])]
  if (s.k === 'try') return s.handlers.map(({ type }) => type)
  const blocks: ReadonlySet<string> = new Set(BLOCKS)
  if (blocksOf(s).length === 0) return s
  return Object.fromEntries(Object.entries(s).filter(([key]) => !blocks.has(key)))
}

/** Whether a condition decides if what follows it runs: some block of it returns, raises or leaves a loop. */
export function exits(s: Stmt): boolean {
  if (s.k !== 'if' && s.k !== 'match' && s.k !== 'while' && s.k !== 'for') return s.k === 'assert'
  return flattened(blocksOf(s).flat()).some((it) => ['return', 'raise', 'break', 'continue'].includes(it.k))
}

export interface Binding {
  readonly name: string
}

/** Names that a statement binds in its scope, blocks not included. */
export function bindingsOf(s: Stmt): Binding[] {
  switch (s.k) {
    case 'assign':
      return s.targets.flatMap(targetNames)
    case 'aug':
    case 'ann':
      return targetNames(s.target)
    case 'for':
      return targetNames(s.target)
    case 'with':
      return s.items.flatMap(({ target }) => (target === null ? [] : targetNames(target)))
    case 'def':
      return [{ name: s.fn.name }]
    case 'class':
      return [{ name: s.cls.name }]
    case 'import':
      return s.names.map(({ n, as }) => ({ name: as ?? n.split('.')[0] ?? n }))
    case 'from':
      return s.names.map(({ n, as }) => ({ name: as ?? n }))
    default:
      return []
  }
}

function targetNames(target: Expr): Binding[] {
  switch (target.k) {
    case 'name':
      return [{ name: target.id }]
    case 'tuple':
    case 'list':
      return target.xs.flatMap(targetNames)
    case 'star':
      return targetNames(target.x)
    // `table["x"] = …` and `settings.x = …` change what the name stands for
    case 'attr':
    case 'sub':
      return targetNames(target.o)
    default:
      return []
  }
}

/** Every name that a part of the tree mentions, each with its attributes, in source order. */
export function usesIn(part: unknown): Use[] {
  const uses: Use[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) return node.forEach(visit)
    const chain = chainOf(node)
    if (chain !== null) uses.push(chain)
    else for (const value of Object.values(node)) visit(value)
  }
  visit(part)
  return uses
}

function chainOf(node: Partial<Expr>): Use | null {
  if (node.k === 'name') return { name: node.id ?? '', attributes: [] }
  if (node.k !== 'attr' || node.o === undefined || node.n === undefined) return null
  const below = chainOf(node.o)
  return below === null ? null : { name: below.name, attributes: [...below.attributes, node.n] }
}
