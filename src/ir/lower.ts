// One file → its representation. Pure, and total: whatever a file holds, the answer is a value; what could not be understood is an
// entry in `problems`, and the rest of the file is lowered all the same.

import { parse } from '../python/parse.ts'
import { lineIndex, lineStarts } from '../text/lines.ts'
import type { ModuleIr, SyntaxProblem } from './model.ts'
import { closeScope, openScope } from './scope.ts'
import type { FileScope } from './scope.ts'
import { lowerBlock } from './statements.ts'

/** The representation of source text that is already decoded (tests, literals given to `exec`). Never throws. */
export function lowerSource(text: string): ModuleIr {
  const tree = parse(text)
  const lines = lineStarts(text)
  const file: FileScope = {
    text,
    tokens: tree.tokens,
    ascii: !/[^\0-\x7f]/.test(text),
    faults: [],
    errorAt: -1,
    declaredGlobal: new Set(),
    rebound: new Set(),
    attributeStores: new Set(),
    lazyAnnotations: false,
    expressions: 0,
    blocks: 0,
  }
  const scope = openScope(file, 'module', '')
  const body = lowerBlock(tree.statements, scope)
  for (const name of file.declaredGlobal) scope.bound.add(name)
  const found = [...tree.complaints, ...file.faults].toSorted((a, b) => a.offset - b.offset)
  const problems: SyntaxProblem[] = found
    .slice(0, 1)
    .map(({ offset, message }) => ({ reason: 'syntax-error', line: lineIndex(lines, offset) + 1, message }))
  return {
    body,
    names: closeScope(scope),
    rebound: [...file.rebound],
    attributeStores: [...file.attributeStores],
    lazyAnnotations: file.lazyAnnotations,
    suppressions: [],
    lines,
    problems,
  }
}

/** The representation of a file's bytes, and its text ('' if the bytes cannot be decoded). Never throws. */
export function lowerModule(bytes: Uint8Array): { ir: ModuleIr; text: string } {
  const text = new TextDecoder('utf-8').decode(bytes)
  return { ir: lowerSource(text), text }
}
