// Profiles that an option or an input names: they take the place of the configuration's own. Everything else stays as it is, the entry
// points of the configuration included, which the profile `plain` needs.
import { ConfigurationError, type Config } from './model.ts'
import { PROFILE_NAMES } from './schema.ts'

/** The configuration with these profiles; unchanged for an empty list. `source` names the option or input for messages. */
export function withProfiles(config: Config, names: readonly string[], source: string): Config {
  if (names.length === 0) return config
  const unknown = names.find((name) => !PROFILE_NAMES.some((known) => known === name))
  if (unknown !== undefined)
    throw new ConfigurationError(
      `${source}: ${JSON.stringify(unknown.slice(0, 60))} is not a profile; known are ${PROFILE_NAMES.join(', ')}`,
    )
  if (names.includes('plain') && config.entryPoints.length === 0)
    throw new ConfigurationError(`${source}: the profile plain needs entry-points in the configuration`)
  return { ...config, profiles: [...new Set(names)], detect: false }
}
