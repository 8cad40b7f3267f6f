// fastapi: the body of the module that builds FastAPI() or Starlette() and everything it imports, and application factories.
// Source: FastAPI 0.162 documentation, "Lifespan Events".
import { FACTORY_NAMES, SCRIPTS, SERVERS, type Profile } from './model.ts'

export const FASTAPI: Profile = {
  id: 'fastapi',
  phase: 'the import of the application',
  detection: {
    paths: [],
    weakPaths: [],
    texts: [
      { in: '**/*.py', text: 'FastAPI(' },
      { in: '**/*.py', text: 'Starlette(' },
      { in: '**/*.py', text: '(FastAPI' },
      { in: '**/*.py', text: '(Starlette' },
    ],
  },
  entries: [
    {
      kind: 'factory',
      files: ['**/*.py'],
      types: ['fastapi.FastAPI', 'fastapi.applications.FastAPI', 'starlette.applications.Starlette'],
      names: FACTORY_NAMES,
      except: SCRIPTS,
      servers: SERVERS,
    },
  ],
  contextType: '',
  deferrals: [],
  invokers: [],
  operations: [],
  advice: {
    fix: 'Put it into the lifespan of the application, into a migration step before the server starts, or behind a getter that opens the engine on first use.',
    not: 'Importing the application (in a test, in a worker) must not touch the database: a guard or try/except at module level still runs at import, and so does the top of a router or database module.',
  },
  strictSessions: false,
  expectsEntry: [],
  manifest: null,
  secondPhase: null,
}
