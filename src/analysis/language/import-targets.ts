// What an import statement means where paths alone cannot tell: `import redis` beside a `redis.py`. The folder of a file that is imported as part of a
// package is not searched, so the library may be meant; the file beside it says which of the two it is.
import type { ImportResult, LoadedModule, Program } from '../../program/program.ts'

/** What `import module`, or `from module import …names`, of a file resolves to. */
export function importTarget(
  program: Program,
  from: string,
  { module, level = 0, names = [] }: { module: string; level?: number; names?: readonly string[] },
): ImportResult {
  const result = program.resolve(from, module, level)
  const found = level === 0 && result.kind === 'file' ? program.modules.get(result.file) : undefined
  if (found === undefined) return result
  const [top = module] = module.split('.')
  // from any other place than its own folder the file is found under this name by itself as well
  if (program.resolve(found.file, top, 0).kind !== 'external') return result
  return wraps(found, top) || definesNone(found, names) ? { kind: 'external' } : result
}

/** A `redis.py` that imports `redis` is a module about that library: where it were meant, it would import itself. */
function wraps({ ir }: LoadedModule, name: string): boolean {
  return ir.imports.some(({ level, module }) => level === 0 && (module === name || module.startsWith(`${name}.`)))
}

/** Nothing that is asked for is bound there: as an import of the file it would fail. */
function definesNone({ ir, isPackage }: LoadedModule, names: readonly string[]): boolean {
  const bound = new Set(ir.names)
  const isOpen = isPackage || bound.has('__getattr__') || ir.imports.some((it) => it.names?.includes('*') === true)
  return names.length > 0 && !isOpen && !names.some((name) => name === '*' || bound.has(name))
}
