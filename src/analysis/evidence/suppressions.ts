// In-source suppressions of database rules: a suppressed call is a hole in the call graph, so a path around it is still found. A comment hides
// work of the rules that it names and of no other: what was accepted as scheduled is not accepted when Phase 1 comes to wait for it.
// A comment without a reason hides nothing.
import { position } from '../../text/lines.ts'
import type { EntryFacts, EntryPhase } from './facts.ts'
import { MUTED_PHASE, MUTED_SCHEDULED, type Suppressor } from './witness.ts'

/** The rules of a phase. Work behind a hook that is called by mistake is work of Phase 1, under a name of its own. */
const RULES: Readonly<Record<EntryPhase, readonly string[]>> = {
  'phase-1': ['database-in-phase-1', 'hook-called-not-passed'],
  import: ['database-at-import'],
  scheduled: ['database-scheduled-in-phase-1'],
}

/** In-source suppressions as holes in the call graph; remembers which of them hid something. */
export function createSuppressor(): Suppressor & { readonly used: () => EntryFacts['suppressed'] } {
  const used = new Map<string, { file: string; line: number; rule: string; reason: string }>()
  return {
    mutes: (site, phase) => {
      const { module } = site
      if (module.ir.suppressions.length === 0) return 0
      const first = position(module.ir.lines, site.p).line
      const last = position(module.ir.lines, Math.max(site.p, site.e - 1)).line
      let muted = 0
      for (const { line, target, rules, reason } of module.ir.suppressions) {
        if (target < first || target > last || reason === '') continue
        const own = rules.find((rule) => RULES[phase].includes(rule))
        const scheduled = rules.find((rule) => RULES.scheduled.includes(rule))
        const rule = own ?? scheduled
        if (rule === undefined) continue
        muted |= (own === undefined ? 0 : MUTED_PHASE) | (scheduled === undefined ? 0 : MUTED_SCHEDULED)
        used.set(`${module.file}:${line}`, { file: module.file, line, rule, reason })
      }
      return muted
    },
    used: () => [...used.values()],
  }
}
