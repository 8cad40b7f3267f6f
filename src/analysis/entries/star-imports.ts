// Names that a module binds, those included that `from … import *` brings from files of the tree: an entry point may be re-exported that way.
// Nothing runs: a name that the star would leave out (`__all__`, a leading underscore) counts as well, and the analysis finds it unbound.
import type { Program } from '../../program/program.ts'

/** Star imports are rarely more than one deep; a longer chain is no re-export but a loop. */
const MAX_CHAIN = 8

/** Those of the files whose module binds the name. Reads what star imports name. */
export async function filesBinding(program: Program, files: readonly string[], name: string): Promise<string[]> {
  await program.read(files)
  const found = await Promise.all(files.map((file) => binds(program, file, name)))
  return files.filter((_, at) => found[at])
}

async function binds(program: Program, start: string, name: string): Promise<boolean> {
  let files = [start]
  const seen = new Set(files)
  for (let depth = 0; depth < MAX_CHAIN && files.length > 0; depth++) {
    if (files.some((file) => program.modules.get(file)?.ir.names.includes(name) === true)) return true
    files = files.flatMap((file) => starred(program, file)).filter((file) => !seen.has(file))
    for (const file of files) seen.add(file)
    await program.read(files)
  }
  return false
}

/** Files of the tree from which a module imports everything. */
function starred(program: Program, file: string): string[] {
  const imports = program.modules.get(file)?.ir.imports ?? []
  return imports.flatMap(({ module, level, names }) => {
    const result = names?.includes('*') === true ? program.resolve(file, module, level) : null
    return result?.kind === 'file' ? [result.file] : []
  })
}
