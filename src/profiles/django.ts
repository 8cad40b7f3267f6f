// django: ready() of everything that derives from AppConfig, and what the import of applications and models runs.
// Source: django/apps/registry.py and django/apps/config.py of Django 5.2.
import type { Profile } from './model.ts'

export const DJANGO: Profile = {
  id: 'django',
  phase: 'application loading',
  detection: { paths: ['**/manage.py'], texts: [{ in: '**/apps.py', text: 'AppConfig' }] },
  entries: [
    {
      kind: 'subclass',
      files: ['**/*.py'],
      bases: [
        'django.apps.AppConfig',
        'django.apps.config.AppConfig',
        'netbox.plugins.PluginConfig',
        'nautobot.apps.NautobotAppConfig',
      ],
      methods: ['ready', 'import_models'],
    },
  ],
  contextType: '',
  deferrals: [],
  invokers: [],
  operations: [],
  advice: {
    fix: 'Seed rows in a handler of the post_migrate signal (it runs on every migrate, and never for an application without models.py); read lazily (a callable for choices, a cached function on first use); write in a management command or a data migration.',
    not: "Silencing Django's warning, try/except, or moving the query to a module body (imported even earlier) is not a fix.",
  },
  strictSessions: false,
  expectsEntry: [],
  secondPhase: null,
}
