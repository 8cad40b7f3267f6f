// Arguments of the command line. Everything wrong with them is a ConfigurationError that says what is wanted.
// Planned formats are refused by name, so that nobody waits for an effect that is not there.
import { parseArgs } from 'node:util'
import { ConfigurationError, type FailOn, type OnIncomplete } from '../config/model.ts'
import { nearest } from '../text/nearest.ts'

export const FORMATS = ['text', 'json', 'sarif', 'github', 'markdown'] as const
export type Format = (typeof FORMATS)[number]
const PLANNED_FORMATS: ReadonlySet<string> = new Set(['rdjson', 'gitlab', 'junit', 'html'])

export interface OutputFile {
  readonly format: Format
  readonly file: string
}

export interface CheckArguments {
  readonly path: string
  readonly base: string | null
  readonly head: string | null
  readonly baseDirectory: string | null
  readonly config: string | null
  readonly profiles: readonly string[]
  readonly format: Format
  readonly outputs: readonly OutputFile[]
  readonly failOn: FailOn | null
  readonly onIncomplete: OnIncomplete
  readonly baseline: string | null
  readonly maxSeconds: number | null
  /** threads that analyse; null: as many as the machine is good for */
  readonly threads: number | null
  readonly quiet: boolean
  readonly color: boolean
  readonly cache: boolean
  /** applies the safe suggestions */
  readonly fix: boolean
  readonly updateBaseline: boolean
}

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>

export const CHECK_OPTIONS = {
  base: { type: 'string' },
  head: { type: 'string' },
  'base-dir': { type: 'string' },
  config: { type: 'string' },
  profile: { type: 'string', multiple: true },
  format: { type: 'string' },
  output: { type: 'string', multiple: true },
  'fail-on': { type: 'string' },
  'on-incomplete': { type: 'string' },
  baseline: { type: 'string' },
  'max-seconds': { type: 'string' },
  threads: { type: 'string' },
  quiet: { type: 'boolean' },
  'no-color': { type: 'boolean' },
  'no-cache': { type: 'boolean' },
  'update-baseline': { type: 'boolean' },
  fix: { type: 'boolean' },
} as const satisfies Options

/** A question for somebody who mistyped a name, or null. */
export function meant(name: string, known: readonly string[]): string | null {
  const found = nearest(name, known)
  return found === null ? null : `did you mean ${found}?`
}

/** Splits arguments by their options; unknown ones are named. */
export function parsed(
  args: readonly string[],
  options: Options,
): { readonly values: Record<string, unknown>; readonly positionals: readonly string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new ConfigurationError(
      message
        .replace(/^Unknown option '(-*)([^']*)'\..*$/s, (_, dashes: string, name: string) => {
          const hint = meant(name, Object.keys(options))?.replace(/ (?=[\w-]+\?$)/, ' --')
          return `unknown option '${dashes}${name}': ${hint ?? 'see phasegate --help'}`
        })
        .replace(/\. To specify.*$/s, '')
        .replace(/\n.*$/s, ''),
    )
  }
}

export function text(values: Record<string, unknown>, name: string): string | null {
  const value = values[name]
  if (typeof value !== 'string') return null
  if (value === '') throw new ConfigurationError(`--${name}: a value is missing`)
  return value
}

export function oneOf<T extends string>(
  values: Record<string, unknown>,
  name: string,
  allowed: readonly T[],
): T | null {
  const value = text(values, name)
  if (value === null) return null
  const found = allowed.find((a) => a === value)
  if (found === undefined) throw new ConfigurationError(`--${name} ${value}: one of ${allowed.join(', ')} is wanted`)
  return found
}

export function onePath(positionals: readonly string[]): string {
  if (positionals.length > 1)
    throw new ConfigurationError(`one path is wanted, not ${positionals.length}: ${positionals.join(' ')}`)
  return positionals[0] ?? '.'
}

function formatOf(name: string): Format {
  const found = FORMATS.find((f) => f === name)
  if (found !== undefined) return found
  if (PLANNED_FORMATS.has(name))
    throw new ConfigurationError(`format ${name} is planned and not available yet; use one of ${FORMATS.join(', ')}`)
  throw new ConfigurationError(`format ${name}: one of ${FORMATS.join(', ')} is wanted`)
}

function outputOf(value: string): OutputFile {
  const cut = value.indexOf(':')
  if (cut <= 0 || cut === value.length - 1) throw new ConfigurationError(`--output ${value}: FORMAT:FILE is wanted`)
  return { format: formatOf(value.slice(0, cut)), file: value.slice(cut + 1) }
}

export function checkArguments(args: readonly string[]): CheckArguments {
  const { values, positionals } = parsed(args, CHECK_OPTIONS)
  const seconds = text(values, 'max-seconds')
  if (seconds !== null && !/^[1-9]\d{0,5}$/.test(seconds))
    throw new ConfigurationError(`--max-seconds ${seconds}: a whole number of seconds from 1 is wanted`)
  const threads = text(values, 'threads')
  if (threads !== null && !/^(?:[1-9]|[1-5]\d|6[0-4])$/.test(threads))
    throw new ConfigurationError(`--threads ${threads}: a whole number from 1 to 64 is wanted`)
  const base = text(values, 'base')
  const baseDirectory = text(values, 'base-dir')
  const head = text(values, 'head')
  if (base !== null && baseDirectory !== null) throw new ConfigurationError('--base and --base-dir exclude each other')
  if (head !== null && base === null) throw new ConfigurationError('--head needs --base')
  const list = (name: string): string[] => (Array.isArray(values[name]) ? values[name].map(String) : [])
  return {
    path: onePath(positionals),
    base,
    head,
    baseDirectory,
    config: text(values, 'config'),
    profiles: list('profile'),
    format: formatOf(text(values, 'format') ?? 'text'),
    outputs: list('output').map(outputOf),
    failOn: oneOf(values, 'fail-on', ['error', 'warning', 'note', 'never']),
    onIncomplete: oneOf(values, 'on-incomplete', ['fail', 'warn']) ?? 'fail',
    baseline: text(values, 'baseline'),
    maxSeconds: seconds === null ? null : Number(seconds),
    threads: threads === null ? null : Number(threads),
    quiet: values['quiet'] === true,
    color: values['no-color'] !== true,
    cache: values['no-cache'] !== true,
    ...writing(values, { base, head, baseDirectory }),
  }
}

/** The two options that change files. */
function writing(
  values: Record<string, unknown>,
  { base, head, baseDirectory }: Pick<CheckArguments, 'base' | 'head' | 'baseDirectory'>,
): Pick<CheckArguments, 'fix' | 'updateBaseline'> {
  const fix = values['fix'] === true
  const updateBaseline = values['update-baseline'] === true
  if (fix && updateBaseline) throw new ConfigurationError('--fix and --update-baseline exclude each other: fix first')
  if (fix && head !== null) throw new ConfigurationError('--fix changes files of the working tree: leave --head out')
  if (updateBaseline && (base !== null || baseDirectory !== null))
    throw new ConfigurationError('--update-baseline looks at the whole tree: leave the base out')
  return { fix, updateBaseline }
}

export const INIT_OPTIONS = {
  profile: { type: 'string', multiple: true },
  uses: { type: 'string' },
  force: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
} as const satisfies Options

export interface InitArguments {
  readonly path: string
  readonly profiles: readonly string[]
  /** the Action as a workflow names it, `owner/name@ref`; null: found out */
  readonly uses: string | null
  readonly force: boolean
  readonly dryRun: boolean
}

/** `owner/name@ref`, also with a folder of the repository. */
const ACTION = /^[\w.-]+\/[\w.-]+(?:\/[\w./-]+)?@[\w./-]+$/

export function initArguments(args: readonly string[]): InitArguments {
  const { values, positionals } = parsed(args, INIT_OPTIONS)
  const uses = text(values, 'uses')
  if (uses !== null && !ACTION.test(uses))
    throw new ConfigurationError(`--uses ${uses}: OWNER/NAME@REF is wanted, best with the full commit SHA`)
  return {
    path: onePath(positionals),
    profiles: Array.isArray(values['profile']) ? values['profile'].map(String) : [],
    uses,
    force: values['force'] === true,
    dryRun: values['dry-run'] === true,
  }
}

export interface GraphArguments {
  readonly path: string
  readonly entry: string
  readonly format: 'json' | 'dot' | 'mermaid'
  readonly config: string | null
}

export function graphArguments(args: readonly string[]): GraphArguments {
  const { values, positionals } = parsed(args, {
    entry: { type: 'string' },
    format: { type: 'string' },
    config: { type: 'string' },
    'no-color': { type: 'boolean' },
    quiet: { type: 'boolean' },
  })
  const entry = text(values, 'entry')
  if (entry === null) throw new ConfigurationError('--entry FILE[::QUALNAME] is wanted')
  return {
    path: onePath(positionals),
    entry,
    format: oneOf(values, 'format', ['json', 'dot', 'mermaid']) ?? 'json',
    config: text(values, 'config'),
  }
}
