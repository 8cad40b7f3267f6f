// Entry points of a program: profiles (data) applied to its files. Detection looks at paths first and at contents only where a profile asks for it.
import type { Stmt } from '../../ir/model.ts'
import type { EntryRule, Profile } from '../../profiles/model.ts'
import { DEFAULT_EXCLUDES } from '../../profiles/model.ts'
import { matchingPaths, pathMatcher as matcher } from '../../text/glob.ts'
import { disabledBy } from '../../program/marks.ts'
import type { Program } from '../../program/program.ts'
import { filesContaining, type ContentSearch, type Searchable } from './content-search.ts'
import { decoratedClasses } from './decorated.ts'
import { factoryEntries } from './factories.ts'
import { manifestFiles } from './manifests.ts'
import { linkedModules } from './linked-modules.ts'
import { moduleEntries, namedModules } from './module-entries.ts'
import { functionEntry, moduleEntry } from './requests.ts'
import type { EntryArgument, EntryRequest } from '../evidence/facts.ts'
import { filesBinding } from './star-imports.ts'
import { subclasses } from './subclasses.ts'

/** An entry-point pattern of the configuration. */
export interface EntryPattern {
  readonly files: string
  readonly function: string | null
  readonly class: string | null
  readonly extends: string | null
  readonly methods: readonly string[]
  readonly context: string | null
}

export interface Scope {
  readonly include: readonly string[]
  readonly exclude: readonly string[]
}

/** Files in which entry points are looked for: those of the scope but for modules that are switched off. */
export function searched(program: Program, scope: Scope): readonly string[] {
  return filesFor(program, scope).searched
}

/** Files that profiles are detected by. A module that is switched off is still one of its framework. */
export function inScope(program: Program, scope: Scope): readonly string[] {
  return filesFor(program, scope).inScope
}

interface ScopedFiles {
  readonly scope: Scope
  readonly inScope: readonly string[]
  readonly searched: readonly string[]
}

const SCOPED = new WeakMap<Program, ScopedFiles>()

function filesFor(program: Program, scope: Scope): ScopedFiles {
  const known = SCOPED.get(program)
  if (known?.scope === scope) return known
  const files = filesIn(program, scope)
  const disabled = disabledBy(program.marks.keys())
  const scoped = {
    scope,
    inScope: files,
    searched: files.filter((path) => !path.includes('.disabled/') && !disabled(path)),
  }
  SCOPED.set(program, scoped)
  return scoped
}

/** A configured `include` replaces the directories that are left out by default. */
function filesIn(program: Program, scope: Scope): string[] {
  const custom = scope.include.length > 0 && !(scope.include.length === 1 && scope.include[0] === '**/*.py')
  const included = matcher(scope.include.length > 0 ? scope.include : ['**/*.py'])
  const excluded = matcher([...(custom ? [] : DEFAULT_EXCLUDES), ...scope.exclude])
  return [...program.files.keys()].filter((path) => included(path) && !excluded(path)).toSorted()
}

/** The profiles that the tree itself calls for. */
export async function detectProfiles(
  program: Program,
  files: readonly string[],
  profiles: readonly Profile[],
  search: ContentSearch,
): Promise<Profile[]> {
  const out: Profile[] = []
  for (const profile of profiles) {
    const { paths, texts } = profile.detection
    let found = matchingPaths(files, paths).length > 0
    for (const { in: where, text } of texts) {
      if (found) break
      found = (await filesContaining({ program, search }, matchingPaths(files, [where]), text)).length > 0
    }
    if (found) out.push(profile)
  }
  if (out.length > 0) return out
  const weak = await Promise.all(
    profiles.map(
      async (profile) =>
        matchingPaths(files, profile.detection.weakPaths).length > 0 ||
        (await manifestFiles(program, [profile])).size > 0,
    ),
  )
  return profiles.filter((_, at) => weak[at])
}

interface Discovery {
  readonly program: Program
  readonly files: readonly string[]
  readonly search: ContentSearch
  readonly profile: string
  /** files that manifests name */
  readonly named: readonly string[]
}

/** All entry points that the profiles and the configuration name, module bodies included, in order of their ids. */
export async function findEntries(
  { program, search }: Searchable,
  files: readonly string[],
  profiles: readonly Profile[],
  patterns: readonly EntryPattern[],
): Promise<EntryRequest[]> {
  const out = new Map<string, EntryRequest>()
  const add = (requests: readonly EntryRequest[]): void => {
    for (const request of requests) if (!out.has(request.id)) out.set(request.id, request)
  }
  for (const pattern of patterns)
    add(
      await configured(
        { program, files: [...program.files.keys()], search, profile: profiles[0]?.id ?? 'plain', named: [] },
        pattern,
      ),
    )
  for (const profile of profiles) {
    const named = [...(await manifestFiles(program, [profile])).values()]
    for (const rule of profile.entries) add(await byRule({ program, files, search, profile: profile.id, named }, rule))
  }
  return [...out.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

async function byRule(d: Discovery, rule: EntryRule): Promise<EntryRequest[]> {
  const files = matchingPaths(d.files, rule.files)
  switch (rule.kind) {
    case 'function':
      return functionEntries(
        d,
        rule.mentions === undefined ? orNamed(d, files) : await filesContaining(d, files, rule.mentions),
        rule.names,
        rule.parameters,
      )
    case 'decorated-class':
      await d.program.read(files)
      return (
        await Promise.all(files.map((file) => decoratedClasses(d.program, file, rule.decorators, d.profile)))
      ).flat()
    case 'subclass':
      return subclasses(d, files, rule.bases, rule.methods)
    case 'factory':
      return factoryEntries(d, files, rule)
    case 'module':
      return moduleEntries(d, files, rule)
    case 'linked-module':
      return linkedModules(d, await filesContaining(d, files, rule.mentions), rule)
    case 'named-module':
      return namedModules(d, files, rule, matchingPaths(d.files, rule.otherwise))
  }
}

/** These files and those that manifests name, in the order of the tree. */
function orNamed({ files, named }: Discovery, chosen: readonly string[]): readonly string[] {
  if (named.length === 0) return chosen
  const wanted = new Set([...chosen, ...named])
  return files.filter((file) => wanted.has(file))
}

/** A module-level name, defined here, imported, or assigned. Files outside a `modules` directory count only when the function's shape fits. */
async function functionEntries(
  d: Discovery,
  files: readonly string[],
  names: readonly string[],
  parameters: number | null,
): Promise<EntryRequest[]> {
  const binding = await Promise.all(names.map((name) => filesBinding(d.program, files, name)))
  return files.flatMap((file) => {
    const module = d.program.modules.get(file)
    const own = /(?:^|\/)modules\//.test(file)
    // a file that cannot be read has entry points that nobody can see: its body stands for them and is incomplete
    if (module === undefined) return d.program.unreadable.has(file) ? [moduleEntry(file, d.profile)] : []
    const fitting = names.filter((name, at) => {
      if (binding[at]?.includes(file) !== true) return false
      const needed = module.derive(`required ${name}`, ({ body }) => requiredBy(body, name))
      return own || (needed !== null && (parameters === null || needed === parameters))
    })
    const out = fitting.map((name) => functionEntry(file, name, d.profile, ['context']))
    return own || out.length > 0 ? [moduleEntry(file, d.profile), ...out] : out
  })
}

/** How many arguments the function of that name at the top of a module needs; null when there is none. */
function requiredBy(body: readonly Stmt[], name: string): number | null {
  const fn = body.flatMap((s) => (s.k === 'def' && s.fn.name === name ? [s.fn] : [])).at(-1)
  if (fn === undefined) return null
  return fn.params.filter((p) => p.default === null && (p.kind === 'a' || p.kind === 'a/')).length
}

async function configured(d: Discovery, pattern: EntryPattern): Promise<EntryRequest[]> {
  const files = matchingPaths(d.files, [pattern.files]).toSorted()
  const args: readonly EntryArgument[] = ['context']
  const named = (requests: readonly EntryRequest[]): EntryRequest[] =>
    requests.map((request) =>
      request.qualname === null ? request : Object.assign({}, request, { context: pattern.context }),
    )
  const methods = pattern.methods.length > 0 ? pattern.methods : ['__init__']
  if (pattern.extends !== null) return named(await subclasses(d, files, [pattern.extends], methods))
  if (pattern.function !== null) {
    const name = pattern.function
    const entriesOf = (file: string): EntryRequest[] => [
      moduleEntry(file, d.profile),
      { ...functionEntry(file, name, d.profile, args), entered: true },
    ]
    return named((await filesBinding(d.program, files, name)).flatMap(entriesOf))
  }
  if (pattern.class !== null) {
    const name = pattern.class
    const entriesOf = (file: string): EntryRequest[] =>
      methods.map((method) => methodEntry(file, `${name}.${method}`, d.profile, args))
    const binding = await filesBinding(d.program, files, name)
    return named(binding.flatMap((file) => [moduleEntry(file, d.profile)].concat(entriesOf(file))))
  }
  await d.program.read(files)
  return files.map((f) => moduleEntry(f, d.profile))
}

/** A method of an object that the framework builds and gives the application context. */
function methodEntry(file: string, qualname: string, profile: string, args: readonly EntryArgument[]): EntryRequest {
  return { ...functionEntry(file, qualname, profile, args), receiver: 'construct', injects: ['app_context'] }
}
