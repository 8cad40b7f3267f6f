// What a module of ours does while it is imported, and which globals of the process it touches.
// The program warns others about work at import time; this holds it to the same rule. A constant may be computed from constants:
// by the listed constructors and methods, by packages whose results are values, and by functions that only return such an expression.
import {
  children,
  dottedName,
  isSyntax,
  lineOf,
  resolveImport,
  type SourceModule,
  type Syntax,
} from './source-modules.ts'

const CONSTANT_CONSTRUCTORS = new Set(['Set', 'Map', 'WeakMap', 'WeakSet', 'RegExp'])
const CONSTANT_CALLS = new Set([
  'Buffer.from',
  'Object.entries',
  'Object.freeze',
  'Object.fromEntries',
  'Object.keys',
  'Object.values',
  'String.raw',
  'Symbol',
  'Symbol.for',
])
/** A schema is a value. */
const CONSTANT_PACKAGES = new Set(['valibot'])
/** Methods of strings, arrays and maps that make a new value and change nothing. */
const PURE_METHODS = new Set([
  'concat',
  'entries',
  'filter',
  'flat',
  'flatMap',
  'includes',
  'indexOf',
  'join',
  'keys',
  'map',
  'reduce',
  'repeat',
  'replace',
  'replaceAll',
  'slice',
  'split',
  'toSorted',
  'startsWith',
  'trim',
  'values',
])

const DECLARATIONS = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'FunctionDeclaration',
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSDeclareFunction',
])

export interface Offence {
  readonly line: number
  readonly what: string
}

/** Finds a module by its path under src/, to look at a function that builds a constant elsewhere. */
export type Lookup = (path: string) => SourceModule | undefined

interface Place {
  readonly module: SourceModule
  readonly lookup: Lookup
  /** functions that are being looked at, so that a recursive one ends */
  readonly open: ReadonlySet<Syntax>
}

/** Everything in the module's body that is work rather than a declaration or a constant. */
export function workAtImport(module: SourceModule, lookup: Lookup = () => undefined): readonly Offence[] {
  const place: Place = { module, lookup, open: new Set() }
  return module.body.flatMap((statement) => workOfStatement(statement, place))
}

function workOfStatement(statement: Syntax, place: Place): readonly Offence[] {
  if (statement.type === 'ExportNamedDeclaration') {
    const declaration = statement['declaration']
    return isSyntax(declaration) ? workOfStatement(declaration, place) : []
  }
  if (statement.type === 'VariableDeclaration') return children(statement).flatMap((c) => workOfExpression(c, place))
  if (statement.type === 'ClassDeclaration') return children(statement).flatMap((c) => workOfClass(c, place))
  return DECLARATIONS.has(statement.type) ? [] : [offence(statement, statement.type)]
}

/** Static fields, static blocks, computed keys and decorators run with the class; methods and instance fields do not. */
function workOfClass(part: Syntax, place: Place): readonly Offence[] {
  if (part.type !== 'ClassBody') return workOfExpression(part, place)
  return children(part).flatMap((member) => {
    if (member.type === 'StaticBlock') return [offence(member, 'static block')]
    const runs = member['static'] === true && member.type === 'ClassProperty'
    return runs ? children(member).flatMap((c) => workOfExpression(c, place)) : []
  })
}

function workOfExpression(node: Syntax, place: Place): readonly Offence[] {
  if (isFunction(node) || node.type === 'ObjectMethod' || node.type.startsWith('TSType')) return []
  if (node.type === 'ClassExpression') return children(node).flatMap((c) => workOfClass(c, place))
  return [...workOf(node, place), ...children(node).flatMap((c) => workOfExpression(c, place))]
}

function workOf(node: Syntax, place: Place): readonly Offence[] {
  switch (node.type) {
    case 'AwaitExpression':
      return [offence(node, 'await')]
    case 'NewExpression': {
      const callee = dottedName(node['callee']) ?? '(computed)'
      return CONSTANT_CONSTRUCTORS.has(callee) ? [] : [offence(node, `new ${callee}`)]
    }
    case 'TaggedTemplateExpression':
      return buildsConstant(node['tag'], place) ? [] : [offence(node, `${calleeName(node['tag'])} tag`)]
    case 'CallExpression':
    case 'OptionalCallExpression': {
      const callbacks = ((node['arguments'] ?? []) as readonly unknown[]).filter(isSyntax).filter(isFunction)
      const method = pureMethod(node['callee'])
      if (method) return callbacks.flatMap((callback) => workOfFunction(callback, place))
      return buildsConstant(node['callee'], place) ? [] : [offence(node, `${calleeName(node['callee'])}()`)]
    }
    default:
      return []
  }
}

function pureMethod(callee: unknown): boolean {
  if (!isSyntax(callee) || !callee.type.endsWith('MemberExpression') || callee['computed'] === true) return false
  return PURE_METHODS.has(String(dottedName(callee['property'])))
}

/** A known constructor of constants, a schema, or a function of our own that only returns such an expression. */
function buildsConstant(callee: unknown, place: Place): boolean {
  const name = dottedName(callee)
  if (name === null) return false
  if (CONSTANT_CALLS.has(name)) return true
  const [head = '', ...rest] = name.split('.')
  const origin = place.module.imports.find((site) => site.locals.includes(head))
  if (origin !== undefined && CONSTANT_PACKAGES.has(origin.specifier)) return true
  if (rest.length > 0) return false
  const path = origin === undefined ? null : resolveImport(place.module.path, origin.specifier)
  const module = origin === undefined ? place.module : path === null ? undefined : place.lookup(path)
  const definition = module?.body.flatMap((statement) => functionNamed(statement, head))[0]
  if (module === undefined || definition === undefined) return false
  return workOfFunction(definition, { ...place, module }).length === 0
}

/** A function that runs at import may only choose among expressions to return; they are held to the same rule. */
function workOfFunction(definition: Syntax, place: Place): readonly Offence[] {
  if (place.open.has(definition)) return []
  const inner: Place = { ...place, open: new Set([...place.open, definition]) }
  return workOfBody(definition['body'] as Syntax, inner)
}

function workOfBody(part: Syntax, place: Place): readonly Offence[] {
  switch (part.type) {
    case 'BlockStatement':
    case 'ReturnStatement':
    case 'VariableDeclaration':
    case 'IfStatement':
      return children(part).flatMap((c) => workOfBody(c, place))
    default:
      return part.type.endsWith('Statement') ? [offence(part, part.type)] : workOfExpression(part, place)
  }
}

function functionNamed(statement: Syntax, name: string): readonly Syntax[] {
  const declaration = isSyntax(statement['declaration']) ? statement['declaration'] : statement
  if (declaration.type === 'FunctionDeclaration') return dottedName(declaration['id']) === name ? [declaration] : []
  if (declaration.type !== 'VariableDeclaration') return []
  return (declaration['declarations'] as readonly Syntax[]).flatMap((d) => {
    const value = d['init']
    return dottedName(d['id']) === name && isSyntax(value) && isFunction(value) ? [value] : []
  })
}

function isFunction(node: Syntax): boolean {
  return /^(?:Arrow)?Function/.test(node.type)
}

function calleeName(callee: unknown): string {
  return dottedName(callee) ?? `(computed).${isSyntax(callee) ? (dottedName(callee['property']) ?? '') : ''}`
}

/** Uses of the named globals as values. A file that binds the name itself (parameter, import, variable) means its own. */
export function globalsUsed(module: Pick<SourceModule, 'body'>, names: ReadonlySet<string>): readonly Offence[] {
  const bound = new Set<string>()
  const uses: Offence[] = []
  const visit = (node: Syntax): void => {
    for (const [field, value] of Object.entries(node)) {
      if (field === 'loc' || field.endsWith('Comments')) continue
      for (const child of (Array.isArray(value) ? value : [value]).filter(isSyntax)) {
        if (child.type === 'Identifier' && names.has(String(child['name']))) {
          const role = identifierRole(node, field)
          if (role === 'binding') bound.add(String(child['name']))
          if (role === 'use') uses.push(offence(child, String(child['name'])))
        }
        visit(child)
      }
    }
  }
  module.body.forEach(visit)
  return uses.filter(({ what }) => !bound.has(what))
}

function identifierRole(parent: Syntax, field: string): 'binding' | 'use' | 'name' {
  if (parent.type.startsWith('TS'))
    return parent.type === 'TSNonNullExpression' || parent.type === 'TSAsExpression' ? 'use' : 'name'
  if (parent.type === 'MemberExpression' || parent.type === 'OptionalMemberExpression') {
    const ofGlobalThis = dottedName(parent['object']) === 'globalThis'
    return field === 'property' && parent['computed'] !== true && !ofGlobalThis ? 'name' : 'use'
  }
  if (field === 'key' && parent['computed'] !== true) return 'name'
  if (field === 'params' || field === 'id' || field === 'local' || field === 'param') return 'binding'
  return field === 'imported' || field === 'exported' || field === 'label' ? 'name' : 'use'
}

function offence(node: Syntax, what: string): Offence {
  return { line: lineOf(node), what }
}
