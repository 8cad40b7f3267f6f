// A profile is data: where Phase 1 is in a framework, what only stores a callable, and where the fix goes. No code per framework lives here;
// the few ways in which entry points are found are named by `kind` and implemented once, in entries.ts.
import type { CatalogueRow } from '../catalogue/model.ts'

/** How entry points are found in a file that matches `files`. */
export type EntryRule =
  /** a module-level function of that name, its first parameter the context; its module body is an entry too */
  | {
      readonly kind: 'function'
      readonly files: readonly string[]
      readonly names: readonly string[]
      readonly parameters: number | null
      /** only in files that contain this text */
      readonly mentions?: string
    }
  /** methods of every class that derives from one of the bases, over imports and other classes of the tree; `*` in a base stands for
   *  any text, and such a base counts only where it is not in the tree */
  | {
      readonly kind: 'subclass'
      readonly files: readonly string[]
      readonly bases: readonly string[]
      readonly methods: readonly string[]
    }
  /** a class whose decorators say which methods and which service run in Phase 1 */
  | { readonly kind: 'decorated-class'; readonly files: readonly string[]; readonly decorators: DecoratorNames }
  /** functions that build an object of one of the types, or have one of the names, and modules that build one (or call such a function) at their top */
  | {
      readonly kind: 'factory'
      readonly files: readonly string[]
      readonly types: readonly string[]
      readonly names: readonly string[]
      /** a function that keeps what it builds to itself is a client of a running application, unless it calls one of these methods of it; absent: every function that builds one counts */
      readonly starting?: readonly string[]
      /** scripts: programs of their own, which no application imports */
      readonly except: readonly string[]
      /** modules that a server starts with: entry points when they call a factory at their top */
      readonly servers: readonly string[]
    }
  /** the module body, of every file or of those that contain a text */
  | {
      readonly kind: 'module'
      readonly files: readonly string[]
      readonly mentions?: string
      /** imported before any other entry point of the profile runs: an import of it inside one finds it there */
      readonly early?: boolean
    }
  /** modules that an application is told to import when it starts: by keywords of its calls, by names that a file assigns, by calls with names */
  | {
      readonly kind: 'linked-module'
      readonly files: readonly string[]
      /** a file without this text links nothing */
      readonly mentions: string
      readonly keywords: readonly string[]
      /** names or attributes that are assigned lists of modules, in these files and in modules that `configures` names */
      readonly assigned: readonly string[]
      /** a call whose first argument names modules; `suffix` is the module below each */
      readonly calls: readonly { readonly name: string; readonly suffix: string }[]
      /** the call that names a configuration module */
      readonly configures: string
    }
  /** modules that a constant of a settings module names; when no settings module names one, the files of `otherwise` */
  | {
      readonly kind: 'named-module'
      readonly files: readonly string[]
      readonly constant: string
      readonly otherwise: readonly string[]
      readonly mentions: string
    }

/** Names of the decorators of a decorator-style module. */
export interface DecoratorNames {
  /** any of these marks a module class */
  readonly marks: readonly string[]
  /** names methods that run in Phase 1 unless its `phase` keyword says otherwise */
  readonly sequence: string
  /** names a service class as a string: its constructor runs in Phase 1 */
  readonly service: string
  /** names what the service's constructor gets, in order */
  readonly injection: string
  /** adds a method to the class that looks services up as the context does */
  readonly access: { readonly decorator: string; readonly method: string }
  /** names a key under which the service is registered */
  readonly registration: string
  /** the class attribute without which the loader takes no class */
  readonly identity: string
  /** a module that binds this name is of the function style: classes that it imports are not looked at */
  readonly function: string
}

export interface Detection {
  /** paths (globs) of which one must exist */
  readonly paths: readonly string[]
  /** paths (globs) that count only where no other profile is detected: other frameworks have such files too */
  readonly weakPaths: readonly string[]
  /** text of which one must occur in a file that matches `in` */
  readonly texts: readonly { readonly in: string; readonly text: string }[]
}

export interface Advice {
  /** where the fix goes, in one or two sentences */
  readonly fix: string
  /** what is no fix */
  readonly not: string
}

export interface Profile {
  readonly id: string
  /** how messages call the framework's Phase 1 */
  readonly phase: string
  readonly detection: Detection
  readonly entries: readonly EntryRule[]
  /** dotted type of the application context, '' when there is none */
  readonly contextType: string
  readonly deferrals: readonly { readonly symbol: string; readonly arguments: readonly (number | string)[] }[]
  readonly invokers: readonly { readonly symbol: string; readonly arguments: readonly (number | string)[] }[]
  readonly operations: readonly CatalogueRow[]
  readonly advice: Advice
  /** an operation that sends nothing (opening a session object) is an error here, a warning elsewhere */
  readonly strictSessions: boolean
  /** the module is expected to have an entry point: without one it cannot be validated */
  readonly expectsEntry: readonly string[]
  /** JSON files that name, under a key, the file of a module which takes the place of the usual one; null where there are none */
  readonly manifest: { readonly files: string; readonly key: string } | null
  /** the second phase: the function's usual name, and the context's method that registers it with the keywords of its arguments */
  readonly secondPhase: {
    readonly name: string
    readonly registration: string
    /** keyword (or position 0) for the module's id */
    readonly moduleKeyword: string
    /** keyword (or position 1) for the function */
    readonly hookKeyword: string
  } | null
}

/** Usual names of application factories. */
export const FACTORY_NAMES: readonly string[] = [
  'create_app',
  'make_app',
  'build_app',
  'create_application',
  'make_application',
  'get_application',
]

/** Programs of their own: nothing imports them when an application starts. */
export const SCRIPTS: readonly string[] = ['**/bin/**', '**/scripts/**', '**/manage.py']

/** Usual names of the modules that a server is pointed at. */
export const SERVERS: readonly string[] = [
  '**/{wsgi,asgi,main,app,server,serve,application,run,runserver,autoapp,api,web,__init__,__main__}.py',
]

/** Where entry points are not searched for, unless the configuration says so. */
export const DEFAULT_EXCLUDES: readonly string[] = [
  '**/tests/**',
  '**/test_*.py',
  '**/*_test.py',
  '**/conftest.py',
  '**/docs/**',
  '**/examples/**',
  '**/migrations/**',
  '**/.venv/**',
  '**/venv/**',
  '**/env/**',
  '**/site-packages/**',
  '**/node_modules/**',
  '**/build/**',
  '**/dist/**',
]
