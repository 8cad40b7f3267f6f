// What the shapes cannot say: keys that exclude each other, globs and paths that leave the tree, profiles that need something else.
import { globProblem } from '../text/glob.ts'
import type { Problem } from './problems.ts'
import type { RawConfig } from './schema.ts'

type RawEntryPoint = NonNullable<RawConfig['entry-points']>[number]

/** Everything that is wrong, in the order of the keys; empty for a sound configuration. */
export function semanticProblems(raw: RawConfig): readonly Problem[] {
  return [
    ...globProblems('include', raw.include ?? []),
    ...globProblems('exclude', raw.exclude ?? []),
    ...(raw['entry-points'] ?? []).flatMap((item, at) => entryPointProblems(item, at)),
    ...plainProblems(raw),
    ...baselineProblems(raw.baseline),
  ]
}

function globProblems(key: string, globs: readonly string[]): readonly Problem[] {
  return globs.flatMap((glob, at) => {
    const problem = globProblem(glob)
    return problem === null ? [] : [{ path: [key, at], message: `the glob ${problem}` }]
  })
}

function entryPointProblems(item: RawEntryPoint, at: number): readonly Problem[] {
  const path = ['entry-points', at]
  const problem = globProblem(item.files)
  if (problem !== null) return [{ path: [...path, 'files'], message: `the glob ${problem}` }]
  const kinds = (['function', 'class', 'extends'] as const).filter((kind) => item[kind] !== undefined)
  if (kinds.length > 1) return [{ path, message: `${kinds.join(' and ')} exclude each other` }]
  if (item.methods !== undefined && item.class === undefined && item.extends === undefined)
    return [{ path: [...path, 'methods'], message: 'methods needs class or extends' }]
  return []
}

/** The profile `plain` knows no entry points of its own. */
function plainProblems(raw: RawConfig): readonly Problem[] {
  const at = (raw.profiles ?? []).indexOf('plain')
  return at >= 0 && (raw['entry-points'] ?? []).length === 0
    ? [{ path: ['profiles', at], message: 'the profile plain needs entry-points' }]
    : []
}

function baselineProblems(path: string | undefined): readonly Problem[] {
  if (path === undefined) return []
  const outside = path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.split('/').includes('..')
  if (outside || path.includes('\\') || path.includes('\0'))
    return [{ path: ['baseline'], message: 'expected a path inside of the analysed directory, with /' }]
  return []
}
