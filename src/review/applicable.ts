// Which frameworks a review is about: those that the configuration names, and those that base or head call for.
// Must stay true: a change cannot remove what it is judged by, and patterns that leave nothing to look at never make a tree pass.
import type { ContentSearch } from '../analysis/entries/content-search.ts'
import { detectProfiles, inScope } from '../analysis/entries/entries.ts'
import { ConfigurationError, type Config } from '../config/model.ts'
import { PROFILES, profileNamed } from '../profiles/index.ts'
import type { Profile } from '../profiles/model.ts'
import type { Program } from '../program/program.ts'
import type { TreeNotes } from './notes.ts'

interface Asked {
  readonly search: ContentSearch
  readonly notes: TreeNotes
}

/** Profiles of the configuration, or those that base or head (which comes first) call for. None: nothing applies. */
export async function applicableProfiles(
  programs: readonly Program[],
  config: Config,
  asked: Asked,
): Promise<Profile[]> {
  checkScope(programs, config)
  const found = new Set<Profile>()
  const add = (id: string): void => {
    const profile = profileNamed(id)
    if (profile !== null) found.add(profile)
  }
  config.profiles.forEach(add)
  if (config.detect) for (const program of programs) for (const id of await detected(program, config, asked)) add(id)
  if (found.size === 0 && config.entryPoints.length > 0) found.add(profileNamed('plain') ?? PROFILES[0]!)
  return PROFILES.filter((profile) => found.has(profile))
}

/** Patterns that leave nothing to look at are a mistake in the patterns; a pull request that deletes the last such file makes none. */
function checkScope(programs: readonly Program[], config: Config): void {
  const isOwn = config.exclude.length > 0 || config.include.some((glob) => glob !== '**/*.py')
  const count = programs[0]?.files.size ?? 0
  if (!isOwn || count === 0 || programs.some((program) => inScope(program, config).length > 0)) return
  const all = count === 1 ? 'the one Python file' : `any of the ${count} Python files`
  throw new ConfigurationError(`include and exclude do not leave ${all} of the tree to look for entry points in`)
}

/** Ids of the profiles that a tree calls for, from an earlier run if one has asked. */
async function detected(program: Program, config: Config, { search, notes }: Asked): Promise<readonly string[]> {
  const asked = [config.include, config.exclude]
  const known = await notes.known('profiles', program, asked)
  if (Array.isArray(known)) return known as readonly string[]
  const ids = (await detectProfiles(program, inScope(program, config), PROFILES, search)).map(({ id }) => id)
  await notes.keep('profiles', program, asked, ids)
  return ids
}
