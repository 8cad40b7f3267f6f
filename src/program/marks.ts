// Files beside Python that decide what a framework loads: a manifest may name the file of a module, and an empty `.disabled` switches a folder off.
// Readers list them apart from Python, so that nothing takes them for modules.
import type { FileEntry, SourceReader } from './model.ts'

/** Whether readers list a file of this path as a mark. */
export function isMark(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name === MANIFEST || name === DISABLED
}

/** Whether a mark switches its folder off. */
export function isSwitch(path: string): boolean {
  return path === DISABLED || path.endsWith(`/${DISABLED}`)
}

const MANIFEST = 'manifest.json'
const DISABLED = '.disabled'

/** Whether a path lies in a folder that holds one of the marks of disabled folders. */
export function disabledBy(marks: Iterable<string>): (path: string) => boolean {
  const folders = new Set([...marks].filter(isSwitch).map(folderOf))
  return (path) => folders.size > 0 && around(path).some((folder) => folders.has(folder))
}

/** Paths of marks of which only one of two commits has this content: modules may be switched on, or loaded from another file, without a change of Python. */
export async function changedMarks(base: SourceReader, head: SourceReader): Promise<string[]> {
  const [before, after] = [await marksOf(base), await marksOf(head)]
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
}

async function marksOf(reader: SourceReader): Promise<ReadonlyMap<string, FileEntry['id']>> {
  const marks = (await reader.marks?.()) ?? []
  return new Map(marks.map(({ path, id }) => [path, id]))
}

/** Every folder in which a path lies, the tree itself ('') included. */
function around(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return ['', ...parts.map((_, at) => parts.slice(0, at + 1).join('/'))]
}

/** The folder of a path; '' at the top of the tree. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
