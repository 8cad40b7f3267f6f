// Files of the base in whose place the head has a symbolic link. Links are never followed, so nobody can say what is there now.
// Must stay true: putting a link in the place of a file never makes a review clean.
import type { Incomplete } from '../findings/model.ts'
import type { Tree } from './tree.ts'

/** The head with such files as incomplete: for themselves, and for the entry points that worked in or through them at the base. */
export function withLinks(head: Tree, base: Tree, links: readonly string[]): Tree {
  const replaced = links.filter((path) => base.program.files.has(path))
  if (replaced.length === 0) return head
  const incomplete = replaced.map((file): Incomplete => {
    const through = base.evaluation.findings.filter(({ operations, trace }) =>
      [...operations, ...trace].some((place) => place.file === file),
    )
    return {
      file,
      line: 1,
      reason: 'unreadable',
      message: 'a symbolic link stands in the place of the file; links are never followed',
      entryPoints: [...new Set([file, ...through.map(({ entryPoint }) => entryPoint)])],
      decides: true,
    }
  })
  return { ...head, evaluation: { ...head.evaluation, incomplete: [...head.evaluation.incomplete, ...incomplete] } }
}
