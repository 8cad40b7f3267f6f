// celery: the body of the module that builds Celery(), and task modules, which the worker imports.
// Source: Celery 5.6 documentation, "Application" and "Signals".
import { SCRIPTS, type Profile } from './model.ts'

/** Where workers look for tasks. */
const TASKS: readonly string[] = ['**/tasks.py', '**/tasks/*.py']

export const CELERY: Profile = {
  id: 'celery',
  phase: 'import of the worker application',
  detection: {
    paths: [],
    weakPaths: [],
    texts: [
      { in: '**/*.py', text: 'Celery(' },
      { in: '**/*.py', text: 'shared_task' },
    ],
  },
  entries: [
    {
      kind: 'factory',
      files: ['**/*.py'],
      types: ['celery.Celery', 'celery.app.base.Celery'],
      names: ['make_celery', 'create_celery', 'create_celery_app', 'init_celery'],
      except: SCRIPTS,
    },
    ...['celery', 'shared_task', '.task'].map((mentions) => ({ kind: 'module' as const, files: TASKS, mentions })),
  ],
  contextType: '',
  deferrals: [],
  invokers: [],
  operations: [],
  advice: {
    fix: 'Open connections in a handler of worker_process_init or worker_ready; create schedule rows in a data migration.',
    not: 'A connection opened at import is shared by all forked workers.',
  },
  strictSessions: false,
  expectsEntry: [],
  secondPhase: null,
}
