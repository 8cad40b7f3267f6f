// Files of the base in whose place the head has a symbolic link or a submodule, or in the place of a directory around them. Neither is ever
// followed, so nobody can say what is there now. Must stay true: putting a link in the place of Python never makes a review clean.
import type { Incomplete } from '../findings/model.ts'
import type { Link } from '../program/model.ts'
import type { Tree } from './tree.ts'

/** The files of the base behind these links. */
function filesBehind(base: Tree, links: readonly Link[]): string[] {
  const known = new Set(links.map(({ path }) => path))
  return known.size === 0
    ? []
    : [...base.program.files.keys()].filter((file) => upwards(file).some((p) => known.has(p)))
}

/** Those behind which a reader may expect Python: by their names, by where they lead, or because the base had some there. */
export function worthNaming(links: readonly Link[], base: Tree | null): string[] {
  const replaced = new Set(base === null ? [] : filesBehind(base, links).flatMap(upwards))
  return links
    .filter(({ path, isDirectory }) => isDirectory || path.endsWith('.py') || replaced.has(path))
    .map(({ path }) => path)
}

/** The path and every directory around it. */
function upwards(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** The head with such files as incomplete: for themselves, and for the entry points that worked in or through them at the base. */
export function withLinks(head: Tree, base: Tree, links: readonly Link[]): Tree {
  const replaced = filesBehind(base, links)
  if (replaced.length === 0) return head
  const incomplete = replaced.map((file): Incomplete => {
    const through = base.evaluation.findings.filter(({ operations, trace }) =>
      [...operations, ...trace].some((place) => place.file === file),
    )
    return {
      file,
      line: 1,
      reason: 'unreadable',
      message: 'a symbolic link or a submodule stands in its place; neither is ever followed',
      entryPoints: [...new Set([file, ...through.map(({ entryPoint }) => entryPoint)])],
      decides: true,
    }
  })
  return {
    program: head.program,
    suppressions: head.suppressions,
    evaluation: { ...head.evaluation, incomplete: [...head.evaluation.incomplete, ...incomplete] },
  }
}
