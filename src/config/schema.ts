// The shape of `phasegate.yml` as a schema: what is allowed to stand there, before defaults. The published JSON Schema is generated from
// it. Every message says what is wanted ("expected <message>"). Shapes only: what a single value cannot tell is checked in checks.ts.
import * as v from 'valibot'
import { RULES } from '../rules/metadata.ts'

export const PROFILE_NAMES = ['modular-python-framework', 'django', 'flask', 'fastapi', 'celery', 'plain'] as const
export const RULE_SEVERITIES = ['off', 'note', 'warning', 'error'] as const
export const FAIL_ON = ['error', 'warning', 'note', 'never'] as const
export const OPERATION_KINDS = [
  'query',
  'session',
  'connection',
  'model',
  'schema',
  'migration',
  'transaction',
] as const
export const MOMENTS = ['call', 'awaited', 'entered', 'iterated', 'evaluated'] as const
const SENDS = ['nothing', 'pending', 'connection', 'statement'] as const

/** Longest name, path, glob or reason, in UTF-16 units; our own limit. */
export const MAX_TEXT = 1000
/** Most items of one list; our own limit, far above any real configuration within 64 KB. */
const MAX_ITEMS = 2000

const NAME = /^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$/
const DOTTED = /^(\*\.)?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*(\.[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)*$/

const oneOf = <const T extends readonly string[]>(values: T, description: string) =>
  v.pipe(v.picklist(values, `one of ${values.join(', ')}`), v.description(description))

const text = (description: string) =>
  v.pipe(
    v.string('text'),
    v.regex(/\S/, 'text that is not empty'),
    v.maxLength(MAX_TEXT, `text of at most ${MAX_TEXT} characters`),
    v.description(description),
  )

const name = (description: string) =>
  v.pipe(v.string('a name'), v.regex(NAME, 'a Python name'), v.description(description))

const symbol = (description: string) =>
  v.pipe(
    v.string('a dotted name'),
    v.maxLength(MAX_TEXT, `a dotted name of at most ${MAX_TEXT} characters`),
    v.regex(DOTTED, 'a dotted name such as my.db.Client.fetch or *.fetch'),
    v.description(description),
  )

const list = <T extends v.GenericSchema>(item: T, description: string) =>
  v.optional(
    v.pipe(v.array(item, 'a list'), v.maxLength(MAX_ITEMS, `at most ${MAX_ITEMS} items`), v.description(description)),
  )

const POSITION = 'a position (0, 1, …) or the name of a keyword'

const positions = (description: string) =>
  v.pipe(
    v.array(
      v.union(
        [
          v.pipe(v.number(), v.integer(POSITION), v.minValue(0, POSITION), v.maxValue(255, POSITION)),
          v.pipe(v.string(), v.regex(NAME, POSITION)),
        ],
        POSITION,
      ),
      'a list of positions or keyword names',
    ),
    v.minLength(1, 'at least one position or keyword name'),
    v.description(description),
  )

const ANY_PREFIX = '`*.` in front matches any dotted prefix'

const entryPoint = v.strictObject(
  {
    files: text('Glob of the files, relative to the analysed directory.'),
    function: v.optional(name('The module-level function that Phase 1 calls.')),
    class: v.optional(name('The class that Phase 1 builds.')),
    extends: v.optional(symbol(`Every class that derives from this one; ${ANY_PREFIX}.`)),
    methods: v.optional(
      v.pipe(
        v.array(name('A method that Phase 1 calls.'), 'a list of names'),
        v.description('Methods that Phase 1 calls, besides the constructor.'),
      ),
    ),
    context: v.optional(name('The parameter that is the application context.')),
  },
  'a map with files and at most one of function, class, extends',
)

const operation = v.strictObject(
  {
    symbol: symbol(`The access path that is called; ${ANY_PREFIX}.`),
    kind: oneOf(OPERATION_KINDS, 'What the operation is, for messages.'),
    when: v.optional(oneOf(MOMENTS, 'What must happen to the result; call = the call itself (default).')),
    sends: v.optional(oneOf(SENDS, 'What goes over the wire at that moment.')),
    returns: v.optional(symbol('The class of the result.')),
    certainty: v.optional(oneOf(['may'], 'may = it sometimes does nothing.')),
  },
  'a map with symbol and kind',
)

const callable = v.strictObject(
  {
    symbol: symbol(`The access path that is called; ${ANY_PREFIX}.`),
    arguments: positions('Which arguments are the callables.'),
  },
  'a map with symbol and arguments',
)

const event = v.strictObject(
  {
    subscribe: symbol(`The call that stores a callable; ${ANY_PREFIX}.`),
    arguments: positions('Which arguments of subscribe are the callables.'),
    emit: symbol(`The call that runs what was stored; ${ANY_PREFIX}.`),
  },
  'a map with subscribe, arguments and emit',
)

const allowance = v.strictObject(
  {
    'entry-point': text('Id of the entry point, such as modules/core/api.py::initialize.'),
    reason: text('Why it may use the database.'),
  },
  'a map with entry-point and reason',
)

const severity = v.optional(v.picklist(RULE_SEVERITIES, `one of ${RULE_SEVERITIES.join(', ')}`))

/** Every rule by its id; the ids are those of the rules' own descriptions. */
const ruleEntries = Object.fromEntries(
  Object.values(RULES).map((rule) => [rule.id, v.pipe(severity, v.description(rule.claim))]),
)

export const configSchema = v.strictObject(
  {
    profiles: list(
      v.picklist(PROFILE_NAMES, `one of ${PROFILE_NAMES.join(', ')}`),
      'Frameworks whose Phase 1 is judged; detected when absent.',
    ),
    include: list(text('A glob.'), 'Files that are searched for entry points; default **/*.py.'),
    exclude: list(text('A glob.'), 'Files that are not searched for entry points.'),
    'entry-points': list(
      entryPoint,
      'More Phase-1 entries; with none of function, class, extends the module body is the entry.',
    ),
    operations: list(operation, 'More database operations.'),
    deferrals: list(callable, 'Calls that only store a callable for later.'),
    invokers: list(callable, 'Calls that run a callable at once.'),
    services: v.optional(
      v.pipe(
        v.record(v.string(), symbol('A class.'), 'a map from service names to classes'),
        v.description('Classes behind the names of get_service().'),
      ),
    ),
    rules: v.optional(
      v.pipe(
        v.strictObject(ruleEntries, 'a map from rules to severities'),
        v.description('Severity of rules; off switches a rule off.'),
      ),
    ),
    allow: list(allowance, 'Entry points that may use the database, each with a reason.'),
    events: list(event, 'What emitting an event runs.'),
    baseline: v.optional(text('Path of a baseline file, relative to the analysed directory.')),
    'fail-on': v.optional(oneOf(FAIL_ON, 'The lowest severity that fails the check; default error.')),
  },
  'a map of settings',
)

/** The configuration as written: shapes are right, defaults are not filled in. */
export type RawConfig = v.InferOutput<typeof configSchema>
