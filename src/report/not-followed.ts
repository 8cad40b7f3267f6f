// What was not followed, for people: by reason, most frequent first, every place once. One call site counts once per entry point in all
// totals, but nobody wants to read the same line thirty times.
import type { NotFollowed, Review } from '../findings/model.ts'

export interface NotFollowedGroup {
  readonly reason: string
  /** entry points times call sites, as totals count them */
  readonly calls: number
  /** the call sites, in the review's order */
  readonly places: readonly NotFollowed[]
}

export function notFollowedGroups({ notFollowed }: Review): NotFollowedGroup[] {
  const groups = new Map<string, { calls: number; places: Map<string, NotFollowed> }>()
  for (const call of notFollowed) {
    const group = groups.get(call.reason) ?? { calls: 0, places: new Map<string, NotFollowed>() }
    groups.set(call.reason, group)
    group.calls += 1
    const key = JSON.stringify([call.file, call.line, call.text])
    if (!group.places.has(key)) group.places.set(key, call)
  }
  return [...groups]
    .map(([reason, { calls, places }]) => ({ reason, calls, places: [...places.values()] }))
    .toSorted((a, b) => b.calls - a.calls || (a.reason < b.reason ? -1 : 1))
}
