// Edits of random programs, made on their text: those that change nothing that runs, and those that may change anything.
// Must stay true: a neutral edit leaves every statement and every name as it was, so a review of it has nothing new to say.
import type { Files } from '../oracle/model.ts'
import type { Random } from '../oracle/random.ts'

export interface Edit {
  readonly name: string
  /** `same`: every finding keeps its state and fingerprint; `moved`: they may be called moved, but none is new; `any`: nothing is promised */
  readonly leaves: 'same' | 'moved' | 'any'
  readonly make: (files: Files, random: Random) => Files
}

const everywhere = (change: (lines: readonly string[], random: Random) => readonly string[]): Edit['make'] => {
  return (files, random) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text.split('\n'), random).join('\n')]))
}

const indentOf = (line: string): string => /^ */.exec(line)?.[0] ?? ''

/** Only such texts are edited line by line: a string or an expression over several lines has lines that are no statements. */
function isPlain(lines: readonly string[]): boolean {
  return !lines.some((line) => line.includes('"""') || /[\\([{,]$/.test(line))
}

const commented: Edit['make'] = everywhere((lines, random) =>
  isPlain(lines)
    ? lines.flatMap((line) => (line !== '' && random.chance(0.3) ? [`${indentOf(line)}# a remark`, line] : [line]))
    : ['# a remark', ...lines],
)

const spaced: Edit['make'] = everywhere((lines, random) =>
  isPlain(lines) ? lines.flatMap((line) => (random.chance(0.2) ? ['', line] : [line])) : ['', '', ...lines],
)

const documented: Edit['make'] = everywhere((lines) =>
  lines[0]?.startsWith('"""') ? lines : ['"""What the module is for."""', '', ...lines],
)

const windows: Edit['make'] = everywhere((lines) =>
  lines.map((line, at) => (at < lines.length - 1 ? `${line}\r` : line)),
)

const indented: Edit['make'] = everywhere((lines) =>
  isPlain(lines) ? lines.map((line) => line.replace(/^ +/, (blanks) => blanks.repeat(2))) : lines,
)

/** Another name for every module but the entry's, in imports and texts alike. */
const renamed: Edit['make'] = (files) => {
  const names = Object.keys(files)
    .filter((path) => path !== 'main.py' && path !== 'probe.py' && !path.includes('/'))
    .map((path) => path.replace('.py', ''))
  const change = (text: string): string =>
    names.reduce((all, name) => all.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_renamed`), text)
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [change(path), change(text)]))
}

/** Code, by lines: a random statement goes, comes twice, or becomes work. Often no Python any more, which is a case as well. */
const dropped: Edit['make'] = disturbed((lines, at) => lines.toSpliced(at, 1))
const doubled: Edit['make'] = disturbed((lines, at, line) => lines.toSpliced(at, 0, line))
const worked: Edit['make'] = disturbed((lines, at, line) => lines.toSpliced(at, 0, `${indentOf(line)}probe.db(1)`))
const returned: Edit['make'] = disturbed((lines, at, line) => lines.toSpliced(at, 0, `${indentOf(line)}raise KeyError`))
const emptied: Edit['make'] = disturbed((lines, at, line) => lines.with(at, line.replaceAll(/\bdb\([^)]*\)/g, 'None')))

function disturbed(change: (lines: string[], at: number, line: string) => string[]): Edit['make'] {
  return (files, random) => {
    const path = random.pick(Object.keys(files).filter((it) => it !== 'probe.py'))
    const lines = (files[path] ?? '').split('\n')
    const at = random.below(lines.length)
    return { ...files, [path]: change(lines, at, lines[at] ?? '').join('\n') }
  }
}

export const EDITS: readonly Edit[] = [
  { name: 'nothing', leaves: 'same', make: (files) => files },
  { name: 'comments', leaves: 'same', make: commented },
  { name: 'blank lines', leaves: 'same', make: spaced },
  { name: 'docstrings', leaves: 'same', make: documented },
  { name: 'CRLF', leaves: 'same', make: windows },
  { name: 'wider indentation', leaves: 'same', make: indented },
  { name: 'modules renamed', leaves: 'moved', make: renamed },
  { name: 'a line less', leaves: 'any', make: dropped },
  { name: 'a line twice', leaves: 'any', make: doubled },
  { name: 'a line of work', leaves: 'any', make: worked },
  { name: 'a raise', leaves: 'any', make: returned },
  { name: 'a call less', leaves: 'any', make: emptied },
]
