// The index of profiles: adding a framework adds its file and one line here.
// The order is the order in which profiles are reported.
import { CELERY } from './celery.ts'
import { DJANGO } from './django.ts'
import { FASTAPI } from './fastapi.ts'
import { FLASK } from './flask.ts'
import type { Profile } from './model.ts'
import { MODULAR_PYTHON_FRAMEWORK } from './modular-python-framework.ts'
import { PLAIN } from './plain.ts'

export const PROFILES: readonly Profile[] = [MODULAR_PYTHON_FRAMEWORK, DJANGO, FLASK, FASTAPI, CELERY, PLAIN]

/** The profile of a name, or null. */
export function profileNamed(id: string): Profile | null {
  return PROFILES.find((profile) => profile.id === id) ?? null
}
