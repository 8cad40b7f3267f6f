// A fetch that checks every request and every JSON answer against GitHub's published OpenAPI description. It guards both sides: the
// embedded server's answers, and the requests that the product sends. The description and what was compiled of it are kept for the process:
// tools/jest-engine.mjs loads this file once for all test files.
import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

export interface Violation {
  readonly operation: string
  readonly where: string
  readonly problems: readonly string[]
}

export interface OpenapiGuard {
  readonly fetch: typeof fetch
  readonly violations: readonly Violation[]
  /** calls per operationId */
  readonly seen: ReadonlyMap<string, number>
}

type Json = Record<string, unknown>
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Json[]
  readonly requestBody?: { readonly content?: Content }
  readonly responses: Readonly<Record<string, Json>>
}
type Content = Readonly<Record<string, { readonly schema: Json }>>

export interface ApiDescription {
  /** a schema by its name below `components`, as it stands there */
  readonly schemaNamed: (name: string) => Json
  readonly find: (method: string, path: string) => Operation | null
  readonly resolve: (value: Json) => Json
}

/** Where the description is stricter than the service: outdated comments have no line, a deleted fork is null. */
const REALLY_NULLABLE: readonly (readonly string[])[] = [
  ['pull-request-review-comment', 'line'],
  ['pull-request-review-comment', 'original_line'],
  ['pull-request-review-comment', 'position'],
  ['pull-request-review-comment', 'original_position'],
  ['review-comment', 'line'],
  ['review-comment', 'original_line'],
]

/** Answers that any route may give, whether or not its description lists them. */
const GENERAL_ANSWERS: Readonly<Record<number, string>> = {
  401: 'basic-error',
  403: 'basic-error',
  404: 'basic-error',
  422: 'validation-error-simple',
}

/** By file. */
const descriptions = new Map<string, ApiDescription>()

/** Reads the description (13 MB), once. */
export function loadDescription(file: string): ApiDescription {
  const known = descriptions.get(file) ?? readDescription(file)
  descriptions.set(file, known)
  return known
}

function readDescription(file: string): ApiDescription {
  const description = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, Operation>>
    components: { schemas: Record<string, { properties: Record<string, Json> }> }
  }
  for (const [schema = '', property = ''] of REALLY_NULLABLE) {
    const found = description.components.schemas[schema]?.properties[property]
    if (found === undefined) throw new Error(`the description has no ${schema}.${property}`)
    found['nullable'] = true
  }
  const routes = Object.keys(description.paths)
    .map((path) => ({ path, holes: path.split('{').length, pattern: patternOf(path) }))
    .toSorted((a, b) => a.holes - b.holes || b.path.length - a.path.length)
  return {
    schemaNamed: (name) => {
      const schema = description.components.schemas[name]
      if (schema === undefined) throw new Error(`the description has no schema ${name}`)
      return schema
    },
    find: (method, path) => {
      const route = routes.find((it) => it.pattern.test(path) && description.paths[it.path]?.[method] !== undefined)
      return route === undefined ? null : (description.paths[route.path]?.[method] ?? null)
    },
    resolve: (value) => {
      if (typeof value['$ref'] !== 'string') return value
      const steps = value['$ref'].slice(2).split('/')
      return steps.reduce<Json>((at, key) => at[key] as Json, description as unknown as Json)
    },
  }
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
  return new RegExp(
    `^${escaped.replaceAll(/\{(path|ref|basehead|branch)\}/g, '.+').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`,
  )
}

const DATA_KEYS = new Set(['example', 'examples', 'default', 'enum'])

const COMPONENT = '#/components/schemas/'

/** OpenAPI 3.0 as JSON Schema 2020: `nullable` becomes a type, a reference is the name of a schema, which is reported. */
function translate(value: unknown, refersTo: (name: string) => void): unknown {
  if (Array.isArray(value)) return value.map((item) => translate(item, refersTo))
  if (typeof value !== 'object' || value === null) return value
  const { nullable, ...rest } = value as Json
  const schema: Json = {}
  for (const [key, item] of Object.entries(rest)) schema[key] = DATA_KEYS.has(key) ? item : translate(item, refersTo)
  if (typeof schema['$ref'] === 'string' && schema['$ref'].startsWith(COMPONENT)) {
    const name = schema['$ref'].slice(COMPONENT.length)
    refersTo(name)
    schema['$ref'] = name
  }
  if (nullable !== true) return schema
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] }
  const values = schema['enum']
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {}),
  }
}

/** The validator of a schema, compiled once for its key. */
type Compiler = (key: string, schema: Json) => ValidateFunction

const compilers = new WeakMap<ApiDescription, Compiler>()

function compilerOf(description: ApiDescription): Compiler {
  const known = compilers.get(description) ?? createCompiler(description)
  compilers.set(description, known)
  return known
}

/** Compiles schemas of the description; of its components those alone that are reached: all of them are 900, and a test sees 30. */
function createCompiler(description: ApiDescription): Compiler {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const known = new Set<string>()
  const translated = (schema: Json): Json => translate(schema, add) as Json
  function add(name: string): void {
    if (known.has(name)) return
    known.add(name)
    ajv.addSchema(translated(description.schemaNamed(name)), name)
  }
  const compiled = new Map<string, ValidateFunction>()
  return (key, schema) => {
    const validate = compiled.get(key) ?? ajv.compile(translated(schema))
    compiled.set(key, validate)
    return validate
  }
}

/** Wraps fetch. `baseUrl` is the address of the API without a slash at the end. GraphQL passes unchecked. */
export function createGuard(description: ApiDescription, baseUrl: string): OpenapiGuard {
  const compile = compilerOf(description)
  const violations: Violation[] = []
  const seen = new Map<string, number>()
  const check = (key: string, schema: Json, value: unknown): string[] => {
    const validate = compile(key, schema)
    if (validate(value)) return []
    const texts = (validate.errors ?? []).map(
      (it) => `${it.instancePath.replaceAll(/\/\d+/g, '/*')} ${it.message ?? ''}`,
    )
    return [...new Set(texts)]
  }
  const guarded: typeof fetch = async (input, init = {}) => {
    const url = new URL(typeof input === 'string' ? input : input instanceof URL ? input.href : input.url)
    const path = decodeURIComponent(url.pathname.slice(new URL(baseUrl).pathname.replace(/\/$/, '').length))
    const method = (init.method ?? 'GET').toLowerCase()
    const operation = description.find(method, path)
    const note = (where: string, problems: readonly string[]): void => {
      if (problems.length > 0)
        violations.push({ operation: operation?.operationId ?? `${method} ${path}`, where, problems })
    }
    if (operation === null) {
      if (!path.endsWith('/graphql')) note('request', ['no such operation in the API description'])
      return fetch(input, init)
    }
    seen.set(operation.operationId, (seen.get(operation.operationId) ?? 0) + 1)
    note('request', requestProblems({ description, check, operation }, url, init))
    const response = await fetch(input, init)
    const type = response.headers.get('content-type') ?? ''
    const text = type.includes('application/json') ? await response.clone().text() : ''
    note(`answer ${response.status}`, responseProblems({ description, check, operation }, response.status, text))
    return response
  }
  return { fetch: guarded, violations, seen }
}

interface Checker {
  readonly description: ApiDescription
  readonly operation: Operation
  readonly check: (key: string, schema: Json, value: unknown) => string[]
}

function requestProblems({ description, operation, check }: Checker, url: URL, init: RequestInit): string[] {
  const problems: string[] = []
  const schema = operation.requestBody?.content?.['application/json']?.schema
  if (schema !== undefined && typeof init.body === 'string') {
    const body = JSON.parse(init.body) as Json
    problems.push(...check(`${operation.operationId}>`, schema, body))
    const known = Object.keys((schema['properties'] as Json | undefined) ?? {})
    if (known.length > 0)
      problems.push(...Object.keys(body).flatMap((key) => (known.includes(key) ? [] : [`unknown property ${key}`])))
  }
  const parameters = (operation.parameters ?? []).map((it) => description.resolve(it))
  const names = new Set(parameters.flatMap((it) => (it['in'] === 'query' ? [it['name']] : [])))
  for (const key of url.searchParams.keys()) if (!names.has(key)) problems.push(`unknown query parameter ${key}`)
  return problems
}

function responseProblems({ description, operation, check }: Checker, status: number, text: string): string[] {
  const listed = operation.responses[status]
  const general = GENERAL_ANSWERS[status]
  if (listed === undefined && general === undefined) return [`undocumented status ${status}`]
  const content = listed === undefined ? undefined : (description.resolve(listed)['content'] as Content | undefined)
  const schema =
    listed === undefined ? { $ref: `#/components/schemas/${general}` } : content?.['application/json']?.schema
  if (schema === undefined || text === '') return []
  return check(`${operation.operationId}<${status}`, schema, JSON.parse(text))
}
