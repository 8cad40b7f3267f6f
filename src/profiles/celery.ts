// celery: the body of the module that builds Celery(), and task modules, which the worker imports.
// Source: Celery 5.6 documentation, "Application" and "Signals".
import { SCRIPTS, SERVERS, type Profile } from './model.ts'

/** Where workers look for tasks. */
const TASKS: readonly string[] = ['**/tasks.py', '**/tasks/*.py']

export const CELERY: Profile = {
  id: 'celery',
  phase: 'the import of the worker application',
  detection: {
    paths: [],
    weakPaths: [],
    texts: [
      { in: '**/*.py', text: 'Celery(' },
      { in: '**/*.py', text: '(Celery' },
      { in: '**/*.py', text: 'shared_task' },
    ],
  },
  entries: [
    {
      kind: 'factory',
      files: ['**/*.py'],
      types: ['celery.Celery', 'celery.app.base.Celery'],
      starting: ['worker_main', 'start'],
      names: ['make_celery', 'create_celery', 'create_celery_app', 'init_celery'],
      except: SCRIPTS,
      servers: [...SERVERS, '**/{celery,celeryapp,celery_app,worker}.py'],
    },
    {
      kind: 'linked-module',
      files: ['**/*.py'],
      mentions: 'Celery(',
      keywords: ['include', 'imports'],
      assigned: ['include', 'imports', 'CELERY_INCLUDE', 'CELERY_IMPORTS'],
      calls: [
        { name: 'config_from_object', suffix: '' },
        { name: 'autodiscover_tasks', suffix: '.tasks' },
      ],
      configures: 'config_from_object',
    },
    {
      kind: 'subclass',
      files: ['**/*.py'],
      bases: ['celery.bootsteps.Step', 'celery.bootsteps.StartStopStep', 'celery.bootsteps.ConsumerStep'],
      methods: ['__init__'],
    },
    ...['celery', 'shared_task', '.task'].map((mentions) => ({ kind: 'module' as const, files: TASKS, mentions })),
  ],
  contextType: '',
  deferrals: [],
  invokers: [],
  operations: [],
  advice: {
    fix: 'Open connections in a handler of worker_process_init or worker_ready; create schedule rows in a data migration.',
    not: 'A connection opened at import is shared by all forked workers; a try/except around it, or another module that opens it, changes nothing about that.',
  },
  strictSessions: false,
  expectsEntry: [],
  manifest: null,
  secondPhase: null,
}
