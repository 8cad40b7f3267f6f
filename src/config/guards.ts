// What is refused before any parser sees the text: size, NUL, depth and aliases. The YAML library takes one frame of the stack for each
// level and one copy for each alias, and a stack that overflows inside of it ends the process instead of throwing.
// Must stay true: every check here is linear in the text and over-counts rather than under-counts.
import { CST, Lexer } from 'yaml'
import { ConfigurationError } from './model.ts'

/** Largest configuration, in bytes of UTF-8. */
export const MAX_BYTES = 64 * 1024
/** Deepest nesting of lists and maps. */
export const MAX_DEPTH = 32
/** Most aliases (`*name`) in one file. */
export const MAX_ALIASES = 100

/** Throws a ConfigurationError that names the file, and the line where there is one. */
export function guardText(text: string, file: string): void {
  if (Buffer.byteLength(text, 'utf8') > MAX_BYTES)
    throw new ConfigurationError(`${file}: larger than ${MAX_BYTES / 1024} KB`)
  const nul = text.indexOf('\0')
  if (nul >= 0) throw new ConfigurationError(`${file}:${lineOf(text, nul)}: a NUL byte; this is not a text file`)
  const deep = tooDeep(text)
  if (deep !== null) throw new ConfigurationError(`${file}:${deep}: nested deeper than ${MAX_DEPTH} levels`)
  const aliases = text.match(/(?<![^\s,[\]{}:?-])\*[^\s,[\]{}]/g)?.length ?? 0
  if (aliases > MAX_ALIASES) throw new ConfigurationError(`${file}: more than ${MAX_ALIASES} aliases`)
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** The line at which the nesting goes over the limit, or null. Block levels by indentation, flow levels by the lexer's own brackets. */
function tooDeep(text: string): number | null {
  const block = blockDepths(text)
  let line = 1
  let flow = 0
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') flow++
    else if (token === CST.FLOW_END) flow = 0
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1)
    if ((block[line - 1] ?? 0) + flow > MAX_DEPTH) return line
    for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) line++
  }
  const at = block.findIndex((depth) => depth > MAX_DEPTH)
  return at < 0 ? null : at + 1
}

/** For each line, how many block collections can be open there: one for each smaller indentation above, and for each `-`, `?`, `:` in front. */
function blockDepths(text: string): readonly number[] {
  const open: number[] = []
  return text.split('\n').map((line) => {
    const indent = line.length - line.trimStart().length
    if (line.trim() === '') return open.length
    while ((open.at(-1) ?? -1) >= indent) open.pop()
    open.push(indent)
    const indicators = /^(?:[-?:][ \t]+)*/.exec(line.trimStart())?.[0] ?? ''
    let column = indent
    for (const character of indicators) {
      column++
      if (character !== ' ' && character !== '\t') open.push(column)
    }
    return open.length
  })
}
