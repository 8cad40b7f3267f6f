// Manifests: a JSON file in the folder of a module that names the file which the framework loads, where it is not the usual one.
// Must stay true: what cannot be read, or names no file of the tree, names nothing; the usual file counts then.
import type { Profile } from '../../profiles/model.ts'
import { folderOf } from '../../program/marks.ts'
import type { Program } from '../../program/program.ts'
import { pathMatcher as matcher } from '../../text/glob.ts'

/** A manifest is a page of JSON; what is larger is something else. */
const MANIFEST_BYTES = 65_536

/** Folder of a module → the Python file that its manifest names. */
export async function manifestFiles(
  program: Program,
  profiles: readonly Profile[],
): Promise<ReadonlyMap<string, string>> {
  const out = new Map<string, string>()
  for (const { manifest } of profiles) {
    if (manifest === null) continue
    const matching = matcher([manifest.files])
    const asked = [...program.marks.values()].filter(({ path, size }) => matching(path) && size <= MANIFEST_BYTES)
    for (const [path, bytes] of asked.length === 0 ? [] : await program.scan(asked.map((entry) => entry.path))) {
      const folder = folderOf(path)
      const name = stringIn(bytes, manifest.key)
      if (name !== null && program.files.has(`${folder}/${name}`)) out.set(folder, `${folder}/${name}`)
    }
  }
  return out
}

function stringIn(bytes: Uint8Array, key: string): string | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes))
    const value =
      typeof json === 'object' && json !== null ? Object.entries(json).find(([name]) => name === key)?.[1] : null
    return typeof value === 'string' ? value : null
  } catch {
    return null
  }
}
