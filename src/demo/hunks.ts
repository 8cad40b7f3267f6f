// Reads the patches that git itself made. This is not the product's reader and must not become it: the embedded server has to
// judge anchors independently of the code that places them. Lines are counted at LF, as git counts them.

export interface PatchLine {
  readonly sign: ' ' | '+' | '-'
  /** line number on the old side; null for added lines */
  readonly left: number | null
  /** line number on the new side; null for deleted lines */
  readonly right: number | null
  readonly text: string
}

export interface PatchHunk {
  readonly header: string
  readonly lines: readonly PatchLine[]
}

export type Side = 'LEFT' | 'RIGHT'

const HUNK_HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/** The hunks of a patch without file headers. The mark `\ No newline at end of file` is no line. */
export function readHunks(patch: string): PatchHunk[] {
  const hunks: { header: string; lines: PatchLine[] }[] = []
  let left = 0
  let right = 0
  for (const line of patch.split('\n')) {
    const header = HUNK_HEADER.exec(line)
    if (header) {
      left = Number(header[1])
      right = Number(header[3])
      hunks.push({ header: line, lines: [] })
      continue
    }
    const sign = line[0]
    const lines = hunks.at(-1)?.lines
    if (lines === undefined || (sign !== ' ' && sign !== '+' && sign !== '-')) continue
    lines.push({ sign, left: sign === '+' ? null : left, right: sign === '-' ? null : right, text: line })
    if (sign !== '+') left++
    if (sign !== '-') right++
  }
  return hunks
}

/** Where a line stands in the hunks: LEFT finds deleted lines only, RIGHT added and context lines. */
export function findLine(
  hunks: readonly PatchHunk[],
  side: Side,
  line: number,
): { hunk: number; index: number } | null {
  for (const [hunk, { lines }] of hunks.entries()) {
    const index = lines.findIndex((it) => (side === 'RIGHT' ? it.right === line : it.sign === '-' && it.left === line))
    if (index >= 0) return { hunk, index }
  }
  return null
}

/** The part of a hunk that a comment shows: from its header to the commented line. */
export function hunkExcerpt(hunk: PatchHunk, index: number): string {
  return [hunk.header, ...hunk.lines.slice(0, index + 1).map((line) => line.text)].join('\n')
}

/**
 * The number that an old line has on the new side of a patch without context (`-U0`), or null if that line was changed or deleted.
 */
export function followLine(patch: string, line: number): number | null {
  let shift = 0
  for (const raw of patch.split('\n')) {
    const header = HUNK_HEADER.exec(raw)
    if (!header) continue
    const start = Number(header[1])
    const oldCount = Number(header[2] ?? 1)
    const newCount = Number(header[4] ?? 1)
    // A hunk without old lines stands after line `start`; one with old lines begins at it.
    const before = oldCount === 0 ? line <= start : line < start
    if (before) break
    if (oldCount > 0 && line < start + oldCount) return null
    shift += newCount - oldCount
  }
  return line + shift
}
