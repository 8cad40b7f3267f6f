// django: ready() of everything that derives from AppConfig, and what the import of applications and models runs.
// Source: django/apps/registry.py and django/apps/config.py of Django 5.2.
import type { Profile } from './model.ts'

const SETTINGS = ['**/settings.py', '**/settings/*.py', '**/settings_*.py', '**/*_settings.py']

export const DJANGO: Profile = {
  id: 'django',
  phase: 'application loading',
  detection: {
    paths: ['**/manage.py'],
    weakPaths: [],
    texts: [
      { in: '**/apps.py', text: 'AppConfig' },
      { in: '**/apps.py', text: 'django' },
      { in: '**/__init__.py', text: 'PluginConfig' },
      { in: '**/models.py', text: 'from django.db import' },
    ],
  },
  entries: [
    {
      kind: 'subclass',
      files: ['**/*.py'],
      bases: [
        'django.apps.AppConfig',
        'django.apps.config.AppConfig',
        'netbox.plugins.PluginConfig',
        'extras.plugins.PluginConfig',
        'nautobot.apps.NautobotAppConfig',
        'nautobot.extras.plugins.NautobotAppConfig',
        'nautobot.extras.plugins.PluginConfig',
        'pretix.base.plugins.PluginConfig',
        'oscar.core.application.OscarConfig',
        'oscar.core.application.OscarDashboardConfig',
        // a configuration that another package offers as a base: by convention it stands in that package's apps.py
        '*.apps.*Config',
      ],
      methods: ['__init__', 'ready', 'import_models', 'get_models'],
    },
    // apps.populate() imports the models of every application before it calls the first ready()
    { kind: 'module', files: ['**/models.py', '**/models/__init__.py'], mentions: 'import', early: true },
    // the admin's own ready() imports every admin module
    { kind: 'module', files: ['**/admin.py', '**/admin/__init__.py'], mentions: 'admin' },
    // modules that the configuration of a plug-in system imports by name in its ready()
    {
      kind: 'module',
      files: ['**/template_content.py', '**/navigation.py', '**/search.py', '**/data_backends.py'],
      mentions: 'netbox',
    },
    { kind: 'module', files: ['**/template_content.py', '**/navigation.py', '**/jobs.py'], mentions: 'nautobot' },
    { kind: 'module', files: ['**/wagtail_hooks.py'], mentions: 'wagtail' },
    { kind: 'module', files: ['**/translation.py'], mentions: 'modeltranslation' },
    { kind: 'module', files: ['**/search_indexes.py'], mentions: 'haystack' },
    { kind: 'module', files: ['**/dynamic_preferences_registry.py'], mentions: 'dynamic_preferences' },
    { kind: 'module', files: ['**/cms_plugins.py', '**/cms_menus.py', '**/cms_apps.py'], mentions: 'cms' },
    { kind: 'module', files: SETTINGS, mentions: 'INSTALLED_APPS' },
    // settings for one environment, on top of common ones: `from .base import *`
    { kind: 'module', files: SETTINGS, mentions: 'import *' },
    {
      kind: 'named-module',
      files: SETTINGS,
      constant: 'ROOT_URLCONF',
      otherwise: ['**/urls.py', '**/urls/__init__.py'],
      mentions: 'urlpatterns',
    },
    { kind: 'module', files: ['**/wsgi.py', '**/asgi.py', '**/manage.py'], mentions: 'django' },
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
  manifest: null,
  secondPhase: null,
}
