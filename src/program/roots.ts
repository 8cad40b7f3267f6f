// Source roots and import resolution over a list of paths: no file is opened. The order follows what sys.path would be: the tree's root, the
// root of the importing file's own package, detected roots (src/, directories of manage.py and setup.py), and last the file's own directory.
import type { ImportResult } from './program.ts'

export interface Roots {
  resolve(from: string, module: string, level: number): ImportResult
  moduleName(file: string): string
}

const parent = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')
const under = (directory: string, name: string): string => (directory === '' ? name : `${directory}/${name}`)

/** The paths of a tree as imports ask for them. */
interface Layout {
  readonly files: ReadonlySet<string>
  readonly directories: ReadonlySet<string>
  /** directories that are put on sys.path by convention, the shortest first */
  readonly detected: readonly string[]
  /** directories that hold Python's own library: analysed like any other code, but what it does for others is known already */
  readonly libraries: ReadonlySet<string>
  /** the directory above the package that a directory is in, for those that were asked for */
  readonly ownRoots: Map<string, string>
}

export function createRoots(paths: readonly string[]): Roots {
  const files = new Set(paths)
  const directories = new Set<string>([''])
  for (const path of paths) for (let dir = parent(path); !directories.has(dir); dir = parent(dir)) directories.add(dir)
  const libraries = new Set([...directories].filter((directory) => holdsPython(directory, files)))
  const detected = detectRoots(paths, files, directories)
  const layout = { files, directories, detected, libraries, ownRoots: new Map() }
  return {
    resolve: (from, module, level) =>
      level === 0 ? absolute(layout, from, module) : relative(layout, from, module, level),
    moduleName: (file) => moduleName(layout, file),
  }
}

function isInPackage({ files }: Layout, file: string): boolean {
  return files.has(under(parent(file), '__init__.py'))
}

/** The directory above the outermost package that the file is in, directories without `__init__.py` in between included. */
function outermostRoot({ files }: Layout, file: string): string {
  let root = parent(file)
  for (let dir = root; dir !== ''; dir = parent(dir)) if (files.has(`${dir}/__init__.py`)) root = parent(dir)
  return root
}

/** The directory above the packages that the file is in without a gap. */
function packageRoot({ files, ownRoots }: Layout, file: string): string {
  const start = parent(file)
  let root = ownRoots.get(start)
  if (root === undefined) {
    root = start
    while (root !== '' && files.has(`${root}/__init__.py`)) root = parent(root)
    ownRoots.set(start, root)
  }
  return root
}

/** Where an absolute import of a file is looked for, in order. `standard`: the module has a name of the standard library. */
function rootsFor(layout: Layout, file: string, standard: boolean): ReadonlySet<string> {
  const { detected } = layout
  // the directory of a file that is in no package is no root: `logging.py` beside it must not hide the standard library
  const own = isInPackage(layout, file) ? [packageRoot(layout, file)] : []
  return new Set([
    '',
    // a package inside of another package's directory is no reason for that directory to hide the standard library
    ...own.filter((root) => !standard || root === outermostRoot(layout, file)),
    ...detected.filter((root) => file.startsWith(`${root}/`)).toReversed(),
    ...(standard ? [] : detected),
  ])
}

/** A dotted name below a directory; null when not even its first part is there. */
function below({ files, directories }: Layout, root: string, parts: readonly string[]): ImportResult | null {
  let at = root
  const packages: string[] = []
  for (let i = 0; i < parts.length; i++) {
    const next = under(at, parts[i] ?? '')
    const last = i === parts.length - 1
    const init = `${next}/__init__.py`
    if (files.has(init)) {
      if (last) return { kind: 'file', file: init, packages }
      packages.push(init)
    } else if (files.has(`${next}.py`)) {
      return last
        ? { kind: 'file', file: `${next}.py`, packages }
        : { kind: 'missing', packages: [...packages, `${next}.py`] }
    } else if (!directories.has(next)) return i === 0 ? null : { kind: 'missing', packages }
    else if (last) return { kind: 'namespace', directory: next, packages }
    at = next
  }
  return null
}

/** A file under one of the roots, else a directory, else the part of the path that is there. */
function absolute(layout: Layout, from: string, module: string): ImportResult {
  const parts = module.split('.')
  const standard = STANDARD_NAMES.has(parts[0] ?? '')
  let partial: ImportResult | null = null
  for (const root of rootsFor(layout, from, standard)) {
    if (standard && layout.libraries.has(root)) continue
    const found = below(layout, root, parts)
    if (found?.kind === 'file') return found
    if (found !== null && (partial === null || (partial.kind === 'missing' && found.kind === 'namespace')))
      partial = found
  }
  if (partial === null && !standard) {
    const beside = below(layout, parent(from), parts)
    // `import logfire` in polar/logfire.py means the package of that name, not the file itself
    if (beside?.kind === 'file' && beside.file !== from) return beside
  }
  // a directory that merely bears a library's name (docs/sqlalchemy/) does not shadow it
  return partial ?? { kind: 'external' }
}

/** `from ..module import name`: one dot is the package of the importing file. */
function relative(layout: Layout, from: string, module: string, level: number): ImportResult {
  let directory = parent(from)
  for (let i = 1; i < level; i++) {
    if (directory === '') return { kind: 'missing', packages: [] }
    directory = parent(directory)
  }
  if (module !== '') return below(layout, directory, module.split('.')) ?? { kind: 'missing', packages: [] }
  const init = under(directory, '__init__.py')
  return layout.files.has(init)
    ? { kind: 'file', file: init, packages: [] }
    : { kind: 'namespace', directory, packages: [] }
}

/** The dotted name of a file's module below its root. */
function moduleName(layout: Layout, file: string): string {
  const { detected } = layout
  const own = packageRoot(layout, file)
  const root = detected.findLast((r) => file.startsWith(`${r}/`))
  const base =
    root !== undefined && own.startsWith(root)
      ? root
      : isInPackage(layout, file) && own !== '' && detected.includes(own)
        ? own
        : ''
  const path = (base === '' ? file : file.slice(base.length + 1)).replace(/\.py$/, '')
  return path.replace(/(^|\/)__init__$/, '').replaceAll('/', '.') || path
}

/** Directories that are put on sys.path by convention: `src` beside a project file, and where manage.py or setup.py stands. */
function detectRoots(paths: readonly string[], files: ReadonlySet<string>, directories: ReadonlySet<string>): string[] {
  const roots = new Set<string>()
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    if ((name === 'manage.py' || name === 'setup.py') && parent(path) !== '' && !isSubpackage(parent(path), files))
      roots.add(parent(path))
  }
  for (const directory of directories) {
    const name = directory.slice(directory.lastIndexOf('/') + 1)
    if ((name === 'src' || name === 'lib') && !files.has(`${directory}/__init__.py`)) roots.add(directory)
  }
  return [...roots].toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
}

/** Modules that Python needs before it runs anything: whoever has all of them has its library (Lib/site.py of CPython imports them). */
const FIRST_MODULES = ['site.py', 'os.py', 'stat.py', 'abc.py', 'io.py', 'codecs.py']

function holdsPython(directory: string, files: ReadonlySet<string>): boolean {
  return FIRST_MODULES.every((name) => files.has(under(directory, name)))
}

/** A package inside of a package: a `manage.py` in it is a module like any other. */
function isSubpackage(directory: string, files: ReadonlySet<string>): boolean {
  return files.has(`${directory}/__init__.py`) && files.has(under(parent(directory), '__init__.py'))
}

/** Standard library modules whose names are likely file names in a project (sys.stdlib_module_names of CPython 3.11, shortened to single words). */
const STANDARD_NAMES: ReadonlySet<string> = new Set(
  (
    'abc argparse array ast asyncio atexit base64 bisect builtins calendar cmd code codecs collections colorsys compileall concurrent configparser contextlib contextvars copy csv ctypes curses dataclasses datetime dbm decimal difflib dis ' +
    'doctest email encodings enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib importlib inspect io ipaddress itertools ' +
    'json keyword linecache locale logging lzma mailbox marshal math mimetypes mmap multiprocessing netrc numbers operator os pathlib pdb pickle pkgutil platform plistlib posixpath pprint profile pstats pty pwd queue random re readline ' +
    'reprlib resource runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct subprocess symtable sys sysconfig tarfile tempfile termios test ' +
    'textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc turtle types typing unicodedata unittest urllib uuid venv warnings wave weakref webbrowser xml xmlrpc zipfile zipimport zlib zoneinfo'
  ).split(' '),
)

export function isStandard(module: string): boolean {
  return (
    STANDARD_NAMES.has(module.split('.')[0] ?? '') || module.startsWith('_') || module.startsWith('typing_extensions')
  )
}
