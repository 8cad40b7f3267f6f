// Executes GraphQL documents over plain objects with field functions. It knows no schema: a field that nobody wrote does not exist,
// which is answered as the service answers it and noted as a violation. Errors come with status 200 beside the data that is there.
import { Kind } from 'graphql/language/kinds.js'
import { OperationTypeNode } from 'graphql/language/ast.js'
import { parse } from 'graphql/language/parser.js'
import type {
  DirectiveNode,
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  OperationDefinitionNode,
  SelectionSetNode,
  ValueNode,
} from 'graphql/language/ast.js'

export type Arguments = Readonly<Record<string, unknown>>

/** An object of the graph: its type, the interfaces it can be asked through, and a function per field. */
export interface GraphObject {
  readonly typename: string
  readonly interfaces?: readonly string[]
  readonly fields: Readonly<Record<string, (args: Arguments) => unknown>>
  /** sees all fields that will be asked, before the first: a chance to read many git objects at once */
  readonly prepare?: (asked: readonly { name: string; args: Arguments }[]) => void
}

/** A field that answers with an error instead of a value. */
export interface GraphRefusal {
  readonly refused: string
  readonly type: 'FORBIDDEN' | 'NOT_FOUND' | 'UNPROCESSABLE' | 'MISSING_PAGINATION_BOUNDARIES' | 'EXCESSIVE_PAGINATION'
}

export function refuse(type: GraphRefusal['type'], message: string): GraphRefusal {
  return { refused: message, type }
}

export interface GraphAnswer {
  readonly data?: unknown
  readonly errors?: readonly unknown[]
}

export interface GraphRequest {
  readonly query: string
  readonly variables: Arguments
  readonly roots: { readonly query: GraphObject; readonly mutation: GraphObject }
  /** `Type.field` of fields that this server pretends not to have; asking for one is no violation */
  readonly missing: readonly string[]
  readonly onViolation: (what: string) => void
}

interface Run {
  readonly variables: Arguments
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly errors: unknown[]
  readonly fatal: unknown[]
  readonly missing: readonly string[]
  readonly onViolation: (what: string) => void
}

export function executeGraphql(request: GraphRequest): GraphAnswer {
  let document: DocumentNode
  try {
    document = parse(request.query, { noLocation: true })
  } catch (error) {
    request.onViolation(`GraphQL document cannot be parsed: ${String(error)}`)
    return { errors: [{ message: `Parse error: ${String(error)}`, extensions: { code: 'parseError' } }] }
  }
  const operation = document.definitions.find(
    (it): it is OperationDefinitionNode => it.kind === Kind.OPERATION_DEFINITION,
  )
  if (operation === undefined)
    return { errors: [{ message: 'A query attribute must be specified and must be a string.' }] }
  const fragments = document.definitions.filter(
    (it): it is FragmentDefinitionNode => it.kind === Kind.FRAGMENT_DEFINITION,
  )
  const defaults = (operation.variableDefinitions ?? []).flatMap((it) =>
    it.defaultValue === undefined ? [] : [[it.variable.name.value, valueOf(it.defaultValue, {})] as const],
  )
  const run: Run = {
    variables: { ...Object.fromEntries(defaults), ...request.variables },
    fragments: new Map(fragments.map((it) => [it.name.value, it])),
    errors: [],
    fatal: [],
    missing: request.missing,
    onViolation: request.onViolation,
  }
  const root = operation.operation === OperationTypeNode.MUTATION ? request.roots.mutation : request.roots.query
  const data = objectOf(run, root, operation.selectionSet, [])
  if (run.fatal.length > 0) return { errors: run.fatal }
  return run.errors.length > 0 ? { data, errors: run.errors } : { data }
}

type Path = readonly (string | number)[]

function objectOf(run: Run, object: GraphObject, selections: SelectionSetNode, path: Path): Record<string, unknown> {
  const fields = collect(run, object, selections)
  const asked = fields.map((node) => ({ node, name: node.name.value, args: argumentsOf(run, node) }))
  object.prepare?.(asked)
  const result: Record<string, unknown> = {}
  for (const { node, name, args } of asked) {
    const key = node.alias?.value ?? name
    result[key] = name === '__typename' ? object.typename : fieldOf(run, object, { node, name, args }, [...path, key])
  }
  return result
}

interface Asked {
  readonly node: FieldNode
  readonly name: string
  readonly args: Arguments
}

function fieldOf(run: Run, object: GraphObject, { node, name, args }: Asked, path: Path): unknown {
  const missing = run.missing.includes(`${object.typename}.${name}`)
  const field = Object.hasOwn(object.fields, name) && !missing ? object.fields[name] : undefined
  if (field === undefined) {
    const message = `Field '${name}' doesn't exist on type '${object.typename}'`
    if (!missing) run.onViolation(`GraphQL: ${message}`)
    run.fatal.push({
      message,
      path,
      extensions: { code: 'undefinedField', typeName: object.typename, fieldName: name },
    })
    return null
  }
  return valueAt(run, field(args), node.selectionSet, path)
}

function valueAt(run: Run, value: unknown, selections: SelectionSetNode | undefined, path: Path): unknown {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map((item, at) => valueAt(run, item, selections, [...path, at]))
  if (isRefusal(value)) {
    run.errors.push({ type: value.type, path, locations: [{ line: 1, column: 1 }], message: value.refused })
    return null
  }
  if (!isObject(value)) return value
  if (selections !== undefined) return objectOf(run, value, selections, path)
  run.fatal.push({
    message: `Field must have selections (field '${path.at(-1)}' returns ${value.typename} but has no selections.)`,
    path,
  })
  return null
}

const isRefusal = (value: unknown): value is GraphRefusal =>
  typeof value === 'object' && value !== null && 'refused' in value
const isObject = (value: unknown): value is GraphObject =>
  typeof value === 'object' && value !== null && 'typename' in value

/** The fields of a selection set with fragments put in place; equal aliases are not merged, nobody needs that here. */
function collect(run: Run, object: GraphObject, selections: SelectionSetNode): FieldNode[] {
  return selections.selections.flatMap((node): FieldNode[] => {
    if (isLeftOut(run, node.directives ?? [])) return []
    if (node.kind === Kind.FIELD) return [node]
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? run.fragments.get(node.name.value) : node
    const condition = fragment?.typeCondition?.name.value
    const fits =
      condition === undefined || condition === object.typename || object.interfaces?.includes(condition) === true
    return fragment !== undefined && fits ? collect(run, object, fragment.selectionSet) : []
  })
}

function isLeftOut(run: Run, directives: readonly DirectiveNode[]): boolean {
  return directives.some((directive) => {
    const condition = directive.arguments?.find((it) => it.name.value === 'if')?.value
    const holds = condition !== undefined && valueOf(condition, run.variables) === true
    return directive.name.value === 'skip' ? holds : directive.name.value === 'include' && !holds
  })
}

function argumentsOf(run: Run, node: FieldNode): Arguments {
  return Object.fromEntries((node.arguments ?? []).map((it) => [it.name.value, valueOf(it.value, run.variables)]))
}

function valueOf(node: ValueNode, variables: Arguments): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value] ?? null
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value
    case Kind.NULL:
      return null
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables))
    case Kind.OBJECT:
    default:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, valueOf(field.value, variables)]))
  }
}

const LARGEST_PAGE = 100

const cursor = (at: number): string => Buffer.from(`${at}`).toString('base64url')

/** A connection over a list: pages of 1 to 100, which the service demands. */
export function connection<T>(
  name: string,
  items: readonly T[],
  args: Arguments,
  node: (item: T) => GraphObject,
): unknown {
  const first = args['first'] ?? args['last']
  if (typeof first !== 'number')
    return refuse(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    )
  if (first > LARGEST_PAGE || first < 1)
    return refuse(
      'EXCESSIVE_PAGINATION',
      `Requesting ${first} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
    )
  const start = typeof args['after'] === 'string' ? Number(Buffer.from(args['after'], 'base64url').toString()) : 0
  const from = typeof args['last'] === 'number' ? Math.max(0, items.length - first) : start
  const page = items.slice(from, from + first)
  const pageInfo: GraphObject = {
    typename: 'PageInfo',
    fields: {
      hasNextPage: () => from + first < items.length,
      endCursor: () => (page.length === 0 ? null : cursor(from + page.length)),
      hasPreviousPage: () => from > 0,
      startCursor: () => (page.length === 0 ? null : cursor(from)),
    },
  }
  const object: GraphObject = {
    typename: `${name}Connection`,
    fields: { totalCount: () => items.length, nodes: () => page.map((item) => node(item)), pageInfo: () => pageInfo },
  }
  return object
}
