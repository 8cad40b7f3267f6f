// Glob patterns over paths of the tree. Compiled once per set of patterns; a `**` crosses directories, a `*` does not.
// picomatch compiles to one linear expression; patterns of a configuration are checked for length before they get here.
import picomatch from 'picomatch'

/** A test for paths that match one of the patterns. `dot`: hidden directories count like others. */
export function matcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  return picomatch([...patterns], { dot: true })
}
