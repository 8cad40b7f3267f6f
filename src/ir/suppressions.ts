// Comments `# phasegate: ignore[rule, …] -- reason`. Only real comments count: the parser says where they are, so the same text in
// a string is none. Lines are CPython's, as everywhere in the representation.

import { nextCode } from '../python/tokens.ts'
import type { TokenList } from '../python/tokens.ts'
import { lineIndex } from '../text/lines.ts'
import type { SuppressionComment } from './model.ts'

const WORD = 'phasegate'
const SUPPRESSION = /#[ \t]*phasegate:[ \t]*ignore(?![\w-])[ \t]*(?:\[([^\]]*)\])?[ \t]*(?:--[ \t]*([^#]*))?/i

/** What the search needs of a parsed file. */
interface Source {
  readonly text: string
  readonly tokens: TokenList
  /** offsets of the `#` of every comment */
  readonly comments: readonly number[]
  readonly lines: readonly number[]
}

/** In source order. A comment alone on its line speaks for the next line with code, any other for its own line. */
export function findSuppressions(source: Source): SuppressionComment[] {
  if (!source.text.toLowerCase().includes(WORD)) return []
  const found: SuppressionComment[] = []
  for (const start of source.comments) {
    const suppression = readComment(source, start)
    if (suppression !== null) found.push(suppression)
  }
  return found
}

function readComment({ text, tokens, lines }: Source, start: number): SuppressionComment | null {
  const index = lineIndex(lines, start)
  const lineStart = lines[index] ?? 0
  const comment = text.slice(start, lines[index + 1] ?? text.length).trimEnd()
  const match = SUPPRESSION.exec(comment)
  if (match === null) return null
  const own = text.slice(lineStart, start).trim() === ''
  const code = own ? nextCode(tokens, start) : start
  const target = own && code < text.length ? lineIndex(lines, code) + 1 : index + 1
  const rules = (match[1] ?? '').split(',').map((rule) => rule.trim())
  return {
    line: index + 1,
    own,
    target,
    rules: rules.filter((rule) => rule !== ''),
    reason: readable((match[2] ?? '').trim()),
    column: start + match.index - lineStart + 1,
  }
}

/** Characters that nobody can read are no reason. */
function readable(reason: string): string {
  return /[\p{L}\p{N}]/u.test(reason) ? reason : ''
}
