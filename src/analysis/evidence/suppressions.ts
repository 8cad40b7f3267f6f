// In-source suppressions of database rules: a suppressed call is a hole in the call graph, so a path around it is still found. A comment hides
// work of the rules that it names and of no other: what was accepted as scheduled is not accepted when Phase 1 comes to wait for it.
// A comment without a reason hides nothing.
import { position } from '../../text/lines.ts'
import type { Site } from '../domain/values.ts'
import type { EntryFacts, EntryPhase } from './facts.ts'
import { MUTED_PHASE, MUTED_SCHEDULED, type Muted, type Suppressor } from './witness.ts'

/** The rules of a phase. Work behind a hook that is called by mistake is work of Phase 1, under a name of its own. */
const RULES: Readonly<Record<EntryPhase, readonly string[]>> = {
  'phase-1': ['database-in-phase-1', 'hook-called-not-passed'],
  import: ['database-at-import'],
  scheduled: ['database-scheduled-in-phase-1'],
}

/** A comment at a place, with the bits of what it hides there and the rule that stands for it. */
interface Hole {
  readonly line: number
  readonly reason: string
  readonly rule: string
  readonly muted: Muted
}

function holesAt({ module, p, e }: Site, phase: EntryPhase): Hole[] {
  if (module.ir.suppressions.length === 0) return []
  const first = position(module.ir.lines, p).line
  const last = position(module.ir.lines, Math.max(p, e - 1)).line
  return module.ir.suppressions.flatMap(({ line, target, rules, reason }) => {
    if (target < first || target > last || reason === '') return []
    const own = rules.find((rule) => RULES[phase].includes(rule))
    const scheduled = rules.find((rule) => RULES.scheduled.includes(rule))
    const rule = own ?? scheduled
    if (rule === undefined) return []
    const muted = (own === undefined ? 0 : MUTED_PHASE) | (scheduled === undefined ? 0 : MUTED_SCHEDULED)
    return [{ line, reason, rule, muted }]
  })
}

/** In-source suppressions as holes in the call graph; remembers which of them hid something. */
export function createSuppressor(): Suppressor & { readonly used: () => EntryFacts['suppressed'] } {
  const used = new Map<string, EntryFacts['suppressed'][number]>()
  return {
    mutes: (site, phase) => holesAt(site, phase).reduce((bits, { muted }) => bits | muted, 0),
    hid: (site, phase, work) => {
      const { file } = site.module
      for (const { line, rule, reason, muted } of holesAt(site, phase))
        if ((muted & work) !== 0) used.set(`${file}:${line}`, { file, line, rule, reason })
    },
    used: () => [...used.values()],
  }
}
