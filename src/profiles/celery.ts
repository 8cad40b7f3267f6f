// celery: the body of the module that builds Celery(), and task modules, which the worker imports.
// Source: Celery 5.6 documentation, "Application" and "Signals".
import type { Profile } from './model.ts'

export const CELERY: Profile = {
  id: 'celery',
  phase: 'import of the worker application',
  detection: {
    paths: [],
    texts: [
      { in: '**/*.py', text: 'Celery(' },
      { in: '**/*.py', text: 'shared_task' },
    ],
  },
  entries: [
    { kind: 'factory', files: ['**/*.py'], types: ['celery.Celery', 'celery.app.base.Celery'] },
    { kind: 'module', files: ['**/tasks.py', '**/tasks/*.py'] },
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
