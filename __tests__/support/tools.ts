// What a tree is analysed with, for tests that look at one tree and not at a review: the default configuration, two profiles, no cache, no limit.
import { createContentSearch } from '../../src/analysis/entries/content-search.ts'
import { createCatalogue } from '../../src/catalogue/lookup.ts'
import { profileNamed } from '../../src/profiles/index.ts'
import { createRuleContext } from '../../src/rules/database.ts'
import type { Tools } from '../../src/review/tree.ts'
import { configOf } from './review-files.ts'

const PROFILES = ['modular-python-framework', 'django'].flatMap((id) => profileNamed(id) ?? [])

export function toolsFor(text: string | null = null): Tools {
  const config = configOf(text)
  return {
    profiles: PROFILES,
    catalogue: createCatalogue(
      PROFILES.flatMap((p) => p.operations),
      config.services,
    ),
    config,
    team: null,
    adopt: () => undefined,
    until: Number.POSITIVE_INFINITY,
    texts: { get: () => null, set: () => undefined },
    search: createContentSearch(),
    rules: createRuleContext({ profileOf: profileNamed, severities: config.rules }),
    progress: () => undefined,
    expired: () => false,
  }
}
