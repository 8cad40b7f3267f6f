// Modules that a server is pointed at (`wsgi.py`, `run.py`, `main.py`) and that take the application from another module of the tree: what they do
// besides (`with app.app_context(): db.create_all()`) runs before anything is served.
// Must stay true: a module that only imports the application, or does the rest under `if __name__ == "__main__"`, is no entry point.
import { filesContaining } from './content-search.ts'
import type { Stmt } from '../../ir/model.ts'
import { lastName } from '../../ir/nodes.ts'
import type { EntryRequest } from '../evidence/facts.ts'
import { isMainGuard, reentering } from './requests.ts'
import type { Search } from './subclasses.ts'

/** What is known of the applications of a tree: the entry points that build them, and the last names of what builds one. */
export interface Applications {
  readonly entries: readonly EntryRequest[]
  readonly builders: readonly string[]
}

/** The server modules among these files that get an application from elsewhere and do something at their top. */
export async function serverModules(
  search: Search,
  files: readonly string[],
  { entries, builders }: Applications,
): Promise<EntryRequest[]> {
  const { program, profile } = search
  const homes = new Set(entries.filter((e) => e.qualname === null).map((e) => e.file))
  const made = new Set([...builders, ...entries.flatMap((e) => (e.qualname === null ? [] : [last(e.qualname)]))])
  const objects = new Map([...homes].map((file) => [file, built(program.modules.get(file)?.ir.body ?? [], made)]))
  const open = files.filter((file) => !homes.has(file))
  const found = new Set<string>()
  for (const name of new Set([...objects.values()].flat()))
    for (const file of await filesContaining(search, open, name)) found.add(file)
  await program.read([...found])
  const gets = (file: string, s: Stmt): boolean => {
    if (s.k !== 'from') return false
    const from = program.resolve(file, s.module, s.level)
    return from.kind === 'file' && s.names.some(({ n }) => objects.get(from.file)?.includes(n) === true)
  }
  return [...found].toSorted().flatMap((file) => {
    const body = program.modules.get(file)?.ir.body ?? []
    return body.some((s) => doesSomething(s)) && body.some((s) => gets(file, s)) ? [reentering(file, profile)] : []
  })
}

const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1)

/** Names to which the body of a module assigns an application: `app = Flask(__name__)`, `app = create_app()`. */
function built(body: readonly Stmt[], builders: ReadonlySet<string>): string[] {
  return body.flatMap((s) =>
    s.k === 'assign' && s.x.k === 'call' && builders.has(lastName(s.x.f) ?? '')
      ? s.targets.flatMap((target) => (target.k === 'name' ? [target.id] : []))
      : [],
  )
}

const QUIET: ReadonlySet<Stmt['k']> = new Set(['import', 'from', 'def', 'class', 'pass', 'typealias'])

function doesSomething(s: Stmt): boolean {
  if (QUIET.has(s.k) || isMainGuard(s)) return false
  if (s.k === 'expr') return s.x.k !== 'const'
  return s.k !== 'assign' || (s.x.k !== 'name' && s.x.k !== 'const')
}
