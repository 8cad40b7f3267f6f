// Files beside Python that decide what a framework loads: a manifest may name the file of a module, and an empty `.disabled` switches a folder off.
// Readers list them apart from Python, so that nothing takes them for modules.

/** Whether readers list a file of this path as a mark. */
export function isMark(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name === MANIFEST || name === DISABLED
}

const MANIFEST = 'manifest.json'
const DISABLED = '.disabled'

/** Whether a path lies in a folder that holds one of the marks of disabled folders. */
export function disabledBy(marks: Iterable<string>): (path: string) => boolean {
  const folders = new Set([...marks].filter((path) => path === DISABLED || path.endsWith(`/${DISABLED}`)).map(folderOf))
  return (path) => folders.size > 0 && around(path).some((folder) => folders.has(folder))
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
