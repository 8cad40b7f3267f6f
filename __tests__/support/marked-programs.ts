// Bundles of small Python programs with marked lines: what runs when, how sure the analysis has to be, and what it cannot follow.
// The form is explained at the top of each bundle; a mark is a comment at the end of the line on which the operation or the call stands.
import { readFileSync } from 'node:fs'

/** `phase file:line` of one operation. */
export interface MarkedProgram {
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  /** certain: every run reaches it */
  readonly runs: readonly string[]
  /** possible: reported with medium confidence */
  readonly may: readonly string[]
  /** `file:line reason` */
  readonly notFollowed: readonly string[]
}

const MARK = /\s+# (runs|may run|not followed): (.*)$/

/** The programs of a bundle: `=== name` begins one with its main.py, `--- path` another file of it. */
export function readBundle(url: URL): MarkedProgram[] {
  const programs: MarkedProgram[] = []
  let current: { name: string; files: Map<string, string[]>; marks: [string, string][] } | null = null
  let path = ''
  const finish = (): void => {
    if (current === null) return
    const of = (kind: string): string[] => current?.marks.filter(([k]) => k === kind).map(([, text]) => text) ?? []
    const written = [...current.files].filter(([file, lines]) => file !== 'main.py' || lines.length > 0)
    const files = Object.fromEntries(written.map(([file, lines]) => [file, `${lines.join('\n')}\n`]))
    programs.push({
      name: current.name,
      files,
      runs: of('runs'),
      may: of('may run'),
      notFollowed: of('not followed'),
    })
  }
  for (const text of readFileSync(url, 'utf8').trimEnd().split('\n')) {
    const heading = /^(===|---) (.*)$/.exec(text)
    if (heading?.[1] === '===') {
      finish()
      current = { name: heading[2] ?? '', files: new Map(), marks: [] }
      path = 'main.py'
      current.files.set(path, [])
    } else if (heading !== null && current !== null) {
      path = heading[2] ?? ''
      current.files.set(path, [])
    } else if (current !== null) {
      const lines = current.files.get(path) ?? []
      const mark = MARK.exec(text)
      lines.push(mark === null ? text : text.slice(0, mark.index))
      for (const said of mark?.[2]?.split(', ') ?? []) {
        const place = `${path}:${lines.length}`
        current.marks.push([mark?.[1] ?? '', mark?.[1] === 'not followed' ? `${place} ${said}` : `${said} ${place}`])
      }
    }
  }
  finish()
  return programs
}
