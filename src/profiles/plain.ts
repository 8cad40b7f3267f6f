// plain: home-made plug-in systems. Python semantics and the catalogue apply; entry points come from the configuration only.
// Nothing is guessed here, so nothing is detected either.
import type { Profile } from './model.ts'

export const PLAIN: Profile = {
  id: 'plain',
  phase: 'registration',
  detection: { paths: [], weakPaths: [], texts: [] },
  entries: [],
  contextType: '',
  deferrals: [],
  invokers: [],
  operations: [],
  advice: {
    fix: 'Move the database work into a function that runs after registration (the second phase of this plug-in system), or do it on first use.',
    not: 'A guard or try/except leaves it in the registration phase; the top of a module is imported even earlier.',
  },
  strictSessions: false,
  expectsEntry: [],
  manifest: null,
  secondPhase: null,
}
