// How far Django's application registry is while an entry point runs: `apps.apps_ready`, `apps.models_ready` and `apps.ready` are set one after the
// other by apps.populate(), which imports the applications, then their models, then calls every ready() (django/apps/registry.py).
// Must stay true: only what is false for certain is said. Once the applications are loaded, and in work that was only started, anything is possible.
import type { EntryRequest } from '../evidence/facts.ts'
import type { Machine } from '../machine/machine.ts'
import { stringOf, type Value } from '../domain/values.ts'
import { SETTINGS_FILE } from './settings.ts'

const REGISTRY = 'django.apps.apps'

/** Flags that are false in a stage. Code that runs in ready() may stand in modules that were imported before it: theirs is the stage before. */
const FALSE_IN: Readonly<Record<string, readonly string[]>> = {
  settings: ['apps_ready', 'models_ready', 'ready'],
  models: ['models_ready', 'ready'],
  ready: ['ready'],
}

/** Notes the stage in which an entry point of Django runs, before anything of it does. */
export function enterStage(m: Machine, request: EntryRequest): void {
  m.store.write(m.registryStage, m.domain.constant('str', stageOf(request)))
}

function stageOf({ profile, early, qualname, file }: EntryRequest): string {
  if (profile !== 'django') return ''
  if (early) return 'models'
  if (qualname === null) return SETTINGS_FILE.test(file) ? 'settings' : ''
  return qualname.endsWith('.ready') ? 'ready' : ''
}

/** Forgets the stage: what was only started runs at a time that nobody knows. */
export function leaveStage(m: Machine): void {
  m.store.write(m.registryStage, m.domain.unbound)
}

/** `apps.ready` and its like; null where it may be either, and for every other name. */
export function registryFlag(m: Machine, owner: string, name: string): Value | null {
  if (owner !== REGISTRY) return null
  const stage = stringOf(m.store.read(m.registryStage)) ?? ''
  const flags = Object.hasOwn(FALSE_IN, stage) ? FALSE_IN[stage] : undefined
  return flags?.includes(name) === true ? m.domain.false : null
}
