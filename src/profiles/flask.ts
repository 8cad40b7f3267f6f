// flask: application factories, and modules that build the application at their top.
// Source: Flask 3.1 documentation, "Application Factories" and "Application Setup".
import { FACTORY_NAMES, SCRIPTS, SERVERS, type Profile } from './model.ts'

export const FLASK: Profile = {
  id: 'flask',
  phase: 'application creation',
  detection: {
    paths: [],
    weakPaths: [],
    texts: [
      { in: '**/*.py', text: 'Flask(' },
      { in: '**/*.py', text: '(Flask' },
      { in: '**/__init__.py', text: 'from CTFd.' },
    ],
  },
  entries: [
    {
      kind: 'factory',
      files: ['**/*.py'],
      types: [
        'flask.Flask',
        'apiflask.APIFlask',
        'connexion.App',
        'connexion.FlaskApp',
        'eve.Eve',
        'flask_openapi3.OpenAPI',
      ],
      names: FACTORY_NAMES,
      except: SCRIPTS,
      servers: SERVERS,
    },
    // a plug-in of CTFd: create_app() imports its package and calls load(app) (CTFd/plugins/__init__.py, init_plugins)
    { kind: 'function', files: ['**/__init__.py'], names: ['load'], parameters: 1, mentions: 'CTFd' },
  ],
  contextType: '',
  deferrals: [],
  invokers: [],
  operations: [],
  advice: {
    fix: 'Do it in a command (`@app.cli.command`, `flask db upgrade`) that runs before the server, or on first use with a cache.',
    not: 'The factory also runs for every command and in every worker: `if migrating: return app`, a try/except, or the top of another module (it is imported even earlier) is not a fix.',
  },
  strictSessions: false,
  expectsEntry: [],
  manifest: null,
  secondPhase: null,
}
