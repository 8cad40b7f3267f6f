// Module bodies as entry points: files that a framework imports by their name, by a text in them, or because a settings module names them.
// Nothing runs here; a file is read only when a rule asks for its content.
import type { Expr, Stmt } from '../../ir/model.ts'
import type { EntryRule } from '../../profiles/model.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import type { EntryRequest } from '../evidence/facts.ts'
import type { ContentSearch } from './content-search.ts'
import { moduleEntry } from './requests.ts'

interface Search {
  readonly program: Program
  readonly files: readonly string[]
  readonly search: ContentSearch
  readonly profile: string
}

type ModuleRule = Extract<EntryRule, { kind: 'module' }>
type NamedRule = Extract<EntryRule, { kind: 'named-module' }>

/** The bodies of the files that a rule names; `files` are those that match its globs. */
export async function moduleEntries(d: Search, files: readonly string[], rule: ModuleRule): Promise<EntryRequest[]> {
  const named = rule.mentions === undefined ? files : await mentioning(d, files, rule.mentions)
  return named.map((file) => Object.assign({}, moduleEntry(file, d.profile, rule.early), { reenters: true }))
}

/** The modules that a settings constant names (`ROOT_URLCONF = "shop.urls"`), or every file that could be one. */
export async function namedModules(
  d: Search,
  files: readonly string[],
  rule: NamedRule,
  otherwise: readonly string[],
): Promise<EntryRequest[]> {
  const settings = await mentioning(d, files, rule.constant)
  await d.program.read(settings)
  const targets = new Set<string>()
  for (const file of settings) {
    const module = d.program.modules.get(file)
    for (const name of module === undefined ? [] : constantsOf(module, rule.constant)) {
      const result = d.program.resolve(file, name, 0)
      if (result.kind === 'file') targets.add(result.file)
      else for (const path of endingIn(d.files, name)) targets.add(path)
    }
  }
  const found = targets.size > 0 ? [...targets].toSorted() : await mentioning(d, otherwise, rule.mentions)
  return found.map((file) => moduleEntry(file, d.profile))
}

/** A project that stands in a folder of its own name: the module's path is the end of the file's. */
function endingIn(files: readonly string[], name: string): string[] {
  const path = name.replaceAll('.', '/')
  return files.filter((file) => [`${path}.py`, `${path}/__init__.py`].some((end) => file.endsWith(`/${end}`)))
}

/** Every string that a module assigns to a name at its top, in branches too. */
export function constantsOf(module: LoadedModule, name: string): string[] {
  return assignedTo(module.ir.body, name).flatMap((x) => (x.k === 'const' && typeof x.v === 'string' ? [x.v] : []))
}

/** Every expression that a module assigns to a name at its top, in branches too. */
export function assignedTo(body: readonly Stmt[], name: string): Expr[] {
  const out: Expr[] = []
  for (const s of body) {
    if (s.k === 'assign' && s.targets.some((t) => t.k === 'name' && t.id === name)) out.push(s.x)
    else if (s.k === 'ann' && s.target.k === 'name' && s.target.id === name && s.x !== null) out.push(s.x)
    else if (s.k === 'if') out.push(...assignedTo([...s.t, ...s.f], name))
    else if (s.k === 'try') out.push(...assignedTo([...s.body, ...s.handlers.flatMap((h) => h.body)], name))
  }
  return out
}

/** The files that contain a text. */
async function mentioning({ program, search }: Search, files: readonly string[], text: string): Promise<string[]> {
  const answers = await search.ask(program, files, text)
  // a file that cannot be read is an entry point that nobody can see into: it is reported as incomplete
  return files.filter((file) => answers.get(file) !== false)
}
