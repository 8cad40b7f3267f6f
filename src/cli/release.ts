// Which commit of which repository this program is, where it runs from a clone: so that a workflow can name exactly that one.
// Only files of git are read; nothing is started. Where they do not say, the answer is null.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const COMMIT = /^[0-9a-f]{40}$/

/** `owner/name@commit` of the clone at `root` whose origin is on GitHub, or null. */
export function releaseAt(root: string): string | null {
  const git = join(root, '.git')
  const commit = commitOf(git)
  const origin = /\[remote "origin"\][^[]*?\burl\s*=\s*(\S+)/.exec(textAt(join(git, 'config')) ?? '')?.[1] ?? ''
  const name = /^(?:https:\/\/|ssh:\/\/git@|git@)github\.com[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(origin)?.[1]
  return commit === null || name === undefined ? null : `${name}@${commit}`
}

/** HEAD, a commit itself or the branch that it names (gitrepository-layout). */
function commitOf(git: string): string | null {
  const head = textAt(join(git, 'HEAD'))?.trim() ?? ''
  if (COMMIT.test(head)) return head
  const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1]
  if (ref === undefined || ref.includes('..')) return null
  const loose = textAt(join(git, ref))?.trim()
  const packed = (textAt(join(git, 'packed-refs')) ?? '').split('\n').find((line) => line.endsWith(` ${ref}`))
  const commit = loose ?? packed?.slice(0, packed.indexOf(' ')) ?? ''
  return COMMIT.test(commit) ? commit : null
}

function textAt(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
