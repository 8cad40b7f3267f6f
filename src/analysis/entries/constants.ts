// Strings that stand in the source where a framework wants names: written there, or kept in a constant of the module or of another module.
// Nothing runs; what is computed in any other way has no answer here, and who asks has to say so.
import type { Expr, Stmt } from '../../ir/model.ts'
import type { LoadedModule, Program } from '../../program/program.ts'
import { dottedPath, targetOf } from './requests.ts'

/** Constants that refer to constants: deeper chains are taken as computed. */
const MAX_DEPTH = 8

/** The strings that an expression stands for, nested lists and tuples in order; null when it is computed. */
export async function stringsOf(
  program: Program,
  module: LoadedModule,
  x: Expr,
  depth = 0,
): Promise<readonly string[] | null> {
  if (depth > MAX_DEPTH) return null
  switch (x.k) {
    case 'const':
      return typeof x.v === 'string' ? [x.v] : x.t === 'none' ? [] : null
    case 'list':
    case 'tuple':
    case 'set':
      return joined(await Promise.all(x.xs.map((item) => stringsOf(program, module, item, depth + 1))))
    case 'star':
      return stringsOf(program, module, x.x, depth + 1)
    case 'fstr': {
      const parts = await Promise.all(x.parts.map((part) => stringsOf(program, module, part.x, depth + 1)))
      return parts.every((part) => part?.length === 1) ? [parts.flat().join('')] : null
    }
    case 'bin': {
      const sides = await Promise.all([x.l, x.r].map((side) => stringsOf(program, module, side, depth + 1)))
      const [left, right] = sides
      if (x.op !== '+' || left === undefined || right === undefined || left === null || right === null) return null
      const sequences = [x.l, x.r].some((side) => side.k === 'list' || side.k === 'tuple')
      return left.length === 1 && right.length === 1 && !sequences ? [`${left[0]}${right[0]}`] : [...left, ...right]
    }
    case 'name':
      return named(program, module, x.id, depth + 1)
    case 'attr': {
      const path = dottedPath(x, module)
      return path === null ? null : elsewhere(program, module, path, depth + 1)
    }
    default:
      return null
  }
}

function joined(parts: readonly (readonly string[] | null)[]): readonly string[] | null {
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? [])
}

async function named(
  program: Program,
  module: LoadedModule,
  name: string,
  depth: number,
): Promise<readonly string[] | null> {
  const values = assignments(module.ir.body, name)
  if (values.length === 1 && values[0] !== undefined) return stringsOf(program, module, values[0], depth)
  const path = values.length === 0 ? dottedPath({ k: 'name', id: name, p: 0, e: 0 }, module) : null
  return path === null ? null : elsewhere(program, module, path, depth)
}

/** A constant of another module of the tree, by the path under which this one imports it. */
async function elsewhere(
  program: Program,
  module: LoadedModule,
  path: string,
  depth: number,
): Promise<readonly string[] | null> {
  const target = targetOf(program, module.file, path)
  return target === null ? null : inFile(program, target.file, target.name, depth)
}

async function inFile(program: Program, file: string, name: string, depth: number): Promise<readonly string[] | null> {
  await program.read([file])
  const module = program.modules.get(file)
  return module === undefined || depth > MAX_DEPTH ? null : named(program, module, name, depth + 1)
}

/** What a module binds a name to at its top, in source order; a name that is bound in other ways has no constant. */
function assignments(body: readonly Stmt[], name: string): Expr[] {
  return body.flatMap((s) => {
    if (s.k === 'assign' && s.targets.some((t) => t.k === 'name' && t.id === name)) return [s.x]
    if (s.k === 'ann' && s.target.k === 'name' && s.target.id === name && s.x !== null) return [s.x]
    if (s.k === 'aug' && s.target.k === 'name' && s.target.id === name) return [s.x, s.x]
    return []
  })
}
