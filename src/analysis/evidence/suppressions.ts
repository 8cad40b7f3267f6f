// In-source suppressions of database rules: a suppressed call is a hole in the call graph, so a path around it is still found.
// A comment without a reason hides nothing.
import { position } from '../../text/lines.ts'
import type { EntryFacts } from './facts.ts'
import type { Suppressor } from './witness.ts'

const DATABASE_RULES: ReadonlySet<string> = new Set([
  'database-in-phase-1',
  'database-at-import',
  'database-scheduled-in-phase-1',
  'hook-called-not-passed',
])

/** In-source suppressions as holes in the call graph; remembers which of them hid something. */
export function createSuppressor(): Suppressor & { readonly used: () => EntryFacts['suppressed'] } {
  const used = new Map<string, { file: string; line: number; rule: string; reason: string }>()
  return {
    hides: (site) => {
      const { module } = site
      if (module.ir.suppressions.length === 0) return false
      const first = position(module.ir.lines, site.p).line
      const last = position(module.ir.lines, Math.max(site.p, site.e - 1)).line
      const comment = module.ir.suppressions.find(
        (s) =>
          s.target >= first && s.target <= last && s.reason !== '' && s.rules.some((rule) => DATABASE_RULES.has(rule)),
      )
      if (comment === undefined) return false
      used.set(`${module.file}:${comment.line}`, {
        file: module.file,
        line: comment.line,
        rule: comment.rules.find((rule) => DATABASE_RULES.has(rule)) ?? '',
        reason: comment.reason,
      })
      return true
    },
    used: () => [...used.values()],
  }
}
