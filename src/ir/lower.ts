// One file → its representation. Pure, and total: whatever a file holds, the answer is a value; what could not be understood is an
// entry in `problems` (the first one of the file), and the rest of the file is lowered all the same.

import { decodeSource, hex } from '../python/encoding.ts'
import { MAX_TOKENS } from '../python/parser.ts'
import { parse } from '../python/parse.ts'
import type { SyntaxTree } from '../python/parse.ts'
import { firstRefusal } from '../python/refusals.ts'
import { lineIndex, lineStarts } from '../text/lines.ts'
import type { ClassOutline, ModuleIr, Stmt, SyntaxProblem } from './model.ts'
import { closeScope, openScope, moduleStores } from './scope.ts'
import type { Fault, FileScope } from './scope.ts'
import { lowerBlock } from './statements.ts'
import { findSuppressions } from './suppressions.ts'

/** Larger files are not read: they are generated, and a tree costs many times its source. */
export const MAX_SOURCE_BYTES = 8 * 1024 * 1024

/**
 * The representation of a file's bytes, and its text: '' if the bytes cannot be decoded. Offsets in the representation are UTF-16
 * offsets into this text, which has no byte order mark. Never throws.
 */
export function lowerModule(bytes: Uint8Array): { ir: ModuleIr; text: string } {
  if (bytes.length > MAX_SOURCE_BYTES) {
    const message = `file is larger than ${MAX_SOURCE_BYTES / 1024 / 1024} MB`
    return { ir: emptyModule({ reason: 'unreadable', line: 1, message }), text: '' }
  }
  const source = decodeSource(bytes)
  if (source.kind === 'text') return { ir: lowerSource(source.text), text: source.text }
  if (source.kind === 'refused') {
    const { reason, line, message } = source
    return { ir: emptyModule({ reason, line, message }), text: '' }
  }
  const { text, line, byte } = source
  const { ir, comments } = lowerText(text)
  if (isCommentOnly(text, comments)) return { ir, text }
  const problem: SyntaxProblem = { reason: 'syntax-error', line, message: `not UTF-8: byte 0x${hex(byte)}` }
  return { ir: { ...ir, problems: [problem] }, text }
}

/** The representation of source text that is already decoded (a literal given to `exec`, tests). Never throws. */
export function lowerSource(text: string): ModuleIr {
  return lowerText(text).ir
}

function lowerText(text: string): { ir: ModuleIr; comments: readonly number[] } {
  const tree = parse(text)
  if (tree === null) {
    const message = `file has more than ${MAX_TOKENS} tokens`
    return { ir: emptyModule({ reason: 'unreadable', line: 1, message }), comments: [] }
  }
  const lines = lineStarts(text)
  const file = openFile(text, tree)
  const scope = openScope(file, 'module', '')
  const body = lowerBlock(tree.statements, scope)
  for (const name of file.declaredGlobal) scope.bound.add(name)
  // first: it tells of stores on other names, too
  const stores = moduleStores(file)
  const ir: ModuleIr = {
    body,
    names: closeScope(scope),
    rebound: [...file.rebound],
    attributeStores: [...file.attributeStores],
    moduleStores: stores,
    lazyAnnotations: file.lazyAnnotations,
    imports: file.imports,
    classes: outlines(body),
    suppressions: findSuppressions({ text, tokens: tree.tokens, comments: tree.comments, lines }),
    lines,
    problems: findProblems(text, [...faultsOf(file, tree), ...tree.complaints], lines),
  }
  return { ir, comments: tree.comments }
}

function openFile(text: string, tree: SyntaxTree): FileScope {
  return {
    text,
    tokens: tree.tokens,
    ascii: !/[^\0-\x7f]/.test(text),
    faults: [],
    errorAt: -1,
    declaredGlobal: new Set(),
    rebound: new Set(),
    attributeStores: new Set(),
    namedStores: [],
    importedAs: new Map(),
    assigned: new Set(),
    lazyAnnotations: false,
    imports: [],
    privateClass: '',
    expressions: 0,
    blocks: 0,
  }
}

/** What the lowering and the raw text have against the file; an error node that nobody complained about is never passed over. */
function faultsOf(file: FileScope, tree: SyntaxTree): Fault[] {
  const faults = [...file.faults]
  const nul = file.text.indexOf('\0')
  if (nul >= 0) faults.push({ offset: nul, message: 'the file contains a NUL byte' })
  const silent = tree.complaints.length === 0 && faults.length === 0
  if (file.errorAt >= 0 && silent) faults.push({ offset: file.errorAt, message: 'invalid syntax' })
  return faults
}

function findProblems(text: string, faults: readonly Fault[], lines: readonly number[]): SyntaxProblem[] {
  const first = firstRefusal(text, faults)
  if (first === null) return []
  return [{ reason: 'syntax-error', line: lineIndex(lines, first.offset) + 1, message: first.message }]
}

/** Do all replacement characters stand in comments? `comments` are the offsets of their `#`. */
function isCommentOnly(text: string, comments: readonly number[]): boolean {
  for (let at = text.indexOf(REPLACEMENT); at >= 0; at = text.indexOf(REPLACEMENT, at + 1)) {
    const comment = comments[lineIndex(comments, at)]
    if (comment === undefined || comment > at || /[\r\n]/.test(text.slice(comment, at))) return false
  }
  return true
}

const REPLACEMENT = '\ufffd'

/** The classes at the top of a module. */
function outlines(body: readonly Stmt[]): ClassOutline[] {
  return body.flatMap((s) => {
    if (s.k !== 'class') return []
    const { name, qualname, np, ne } = s.cls
    const assigns = s.cls.body.flatMap((inner) =>
      inner.k === 'assign' ? inner.targets.flatMap((target) => (target.k === 'name' ? [target.id] : [])) : [],
    )
    return [{ name, qualname, np, ne, assigns }]
  })
}

function emptyModule(problem: SyntaxProblem): ModuleIr {
  return {
    body: [],
    names: [],
    rebound: [],
    attributeStores: [],
    moduleStores: [],
    lazyAnnotations: false,
    imports: [],
    classes: [],
    suppressions: [],
    lines: [0],
    problems: [problem],
  }
}
