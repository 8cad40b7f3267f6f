// Foreign text made harmless for eyes, terminals and the runner's log: what cannot be seen is written out as an escape.
// Every text that comes from the analysed tree passes one of these before it is shown; nothing here knows Markdown.

// Control and format characters (bidirectional controls, zero-width characters, tags), line and paragraph separators, lone
// surrogates, and the blank letters that Unicode counts as ordinary ones (Hangul fillers, Braille blank, Khmer inherent vowels).
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu

/** U+200B, ours: breaks a pattern (`##[`, `@name`) without being seen. Foreign ones are escaped before. */
export const ZERO_WIDTH_SPACE = '\u200B'

function escaped(character: string): string {
  const point = character.codePointAt(0) ?? 0
  if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`
  return point <= 0xffff ? `\\u${point.toString(16).padStart(4, '0')}` : `\\u{${point.toString(16)}}`
}

/** One line: line breaks and tabs are escaped as well. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escaped)
}

/** Several lines: LF stays (CRLF becomes LF), tabs stay, everything else invisible is escaped. */
export function visibleBlock(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(INVISIBLE, (c) => (c === '\n' || c === '\t' ? c : escaped(c)))
}

/**
 * A whole output for a log that the Actions runner reads. The runner obeys `::command` at the start of a line (blanks before it
 * are skipped) and `##[command]` anywhere in one; source: actions/runner, src/Runner.Common/ActionCommand.cs.
 * CR is no line break here because `visible` has escaped it in all foreign text.
 */
export function logSafe(text: string): string {
  return text.replaceAll('##[', `##${ZERO_WIDTH_SPACE}[`).replace(/^([^\S\n]*):(?=:)/gm, `$1:${ZERO_WIDTH_SPACE}`)
}

/** The first `units` UTF-16 units at most, an ellipsis for the rest, never half a surrogate pair. */
export function shorten(text: string, units: number): string {
  if (text.length <= units) return text
  return `${wholeUnits(text, units - 1)}…`
}

/** Cuts without an ellipsis and without splitting a surrogate pair. */
export function wholeUnits(text: string, units: number): string {
  const last = text.charCodeAt(units - 1)
  const splits = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, splits ? units - 1 : units)
}
