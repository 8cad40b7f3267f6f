// Text of a configuration file → Config: parse, check every key, fill in defaults. The first thing that is wrong is a ConfigurationError
// that names file, line and key, so that a broken configuration ends a run and never switches the gate off.
import { safeParse } from 'valibot'
import type { CatalogueRow } from '../catalogue/model.ts'
import { semanticProblems } from './checks.ts'
import { readDocument } from './document.ts'
import type { RawDocument } from './document.ts'
import { ConfigurationError } from './model.ts'
import type { Config } from './model.ts'
import { issueProblem, pathText, unknownKey } from './problems.ts'
import type { Problem } from './problems.ts'
import { configSchema } from './schema.ts'
import type { RawConfig } from './schema.ts'

/** Where the configuration may stand, relative to the analysed directory. Two of them are an error. */
export const CONFIG_PATHS = ['phasegate.yml', '.github/phasegate.yml'] as const

/** What holds without a configuration file. */
export function defaultConfig(): Config {
  return {
    file: null,
    profiles: [],
    detect: true,
    include: ['**/*.py'],
    exclude: [],
    entryPoints: [],
    operations: [],
    deferrals: [],
    invokers: [],
    services: Object.create(null) as Record<string, string>,
    rules: {},
    allow: [],
    events: [],
    baseline: null,
    failOn: null,
  }
}

/** `file` is the path for messages. An empty file, or one with comments only, is the defaults. */
export function loadConfig(text: string, file: string): Config {
  const document = readDocument(text, file)
  if (document.value === null) return { ...defaultConfig(), file }
  const fail = (problem: Problem): never => raise(problem, document, file)
  if (typeof document.value !== 'object' || Array.isArray(document.value))
    return fail({ path: [], message: 'expected a map of settings at the top' })
  const unknown = unknownKey(configSchema, document.value)
  if (unknown !== null) return fail(unknown)
  const parsed = safeParse(configSchema, document.value, { abortEarly: true })
  if (!parsed.success) return fail(issueProblem(parsed.issues[0]))
  const problem = semanticProblems(parsed.output)[0]
  if (problem !== undefined) return fail(problem)
  return { ...filled(parsed.output), services: servicesOf(document.value), file }
}

function raise({ path, message }: Problem, document: RawDocument, file: string): never {
  const key = path.length === 0 ? '' : `${pathText(path)}: `
  throw new ConfigurationError(`${file}:${document.line(path)}: ${key}${message}`)
}

function filled(raw: RawConfig): Omit<Config, 'file' | 'services'> {
  const defaults = defaultConfig()
  const profiles = [...new Set(raw.profiles)]
  return {
    profiles,
    detect: profiles.length === 0,
    include: raw.include ?? defaults.include,
    exclude: raw.exclude ?? [],
    entryPoints: (raw['entry-points'] ?? []).map((item) => ({
      files: item.files,
      function: item.function ?? null,
      class: item.class ?? null,
      extends: item.extends ?? null,
      methods: item.methods ?? [],
      context: item.context ?? null,
    })),
    operations: (raw.operations ?? []).map((item) => operationRow(item)),
    deferrals: raw.deferrals ?? [],
    invokers: raw.invokers ?? [],
    rules: raw.rules ?? {},
    allow: (raw.allow ?? []).map((item) => ({ entryPoint: item['entry-point'], reason: item.reason })),
    events: raw.events ?? [],
    baseline: raw.baseline ?? null,
    failOn: raw['fail-on'] ?? null,
  }
}

type RawOperation = NonNullable<RawConfig['operations']>[number]

/** A row of the catalogue, as if it were shipped. */
function operationRow({ symbol, kind, when, ...rest }: RawOperation): CatalogueRow {
  const optional = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  return {
    package: '(configuration)',
    symbol,
    kind,
    when: when ?? 'call',
    role: 'operation',
    evidence: 'configuration',
    ...optional,
  }
}

/** The services as written: the schema library drops keys such as `constructor` from what it returns. */
function servicesOf(value: object): Readonly<Record<string, string>> {
  const services = Object.create(null) as Record<string, string>
  const written: unknown = 'services' in value ? value.services : {}
  for (const [name, target] of Object.entries(written ?? {})) services[name] = String(target)
  return services
}
