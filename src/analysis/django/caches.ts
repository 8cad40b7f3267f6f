// Django's cache is a database when its backend is a table. The settings modules of the tree say so; a deployment may replace them, so it is an
// assumption. Without that a cache is not a database, and only what it computes on a miss counts (a catalogue row).
import type { Expr } from '../../ir/model.ts'
import type { LibraryCall } from '../domain/instances.ts'
import { ASSUMED, leastSure } from '../domain/values.ts'
import { recordOperation } from '../machine/frames.ts'
import type { Frame } from '../machine/machine.ts'
import { settingExpressions } from './settings.ts'

const CACHE = 'django.core.cache.cache'
const BACKEND = /(?:^|\.)DatabaseCache$/
const METHOD = /^(?:get|set|add|touch|delete|get_many|set_many|delete_many|get_or_set|has_key|incr|decr|clear)$/

/** A call of the cache that asks its table. */
export function cacheCall(frame: Frame, call: LibraryCall): void {
  if (!call.path.startsWith(`${CACHE}.`) || !METHOD.test(call.path.slice(CACHE.length + 1))) return
  const [row] = frame.machine.catalogue.rows(`${CACHE}.<database-backend>`)
  if (row === undefined || !settingExpressions(frame.machine, 'CACHES').some((x) => namesTable(x))) return
  recordOperation(frame, row, { site: call.site.site, resolution: leastSure(call.resolution, ASSUMED), built: null })
}

/** Some backend of the `CACHES` dictionary is the one that keeps its entries in a table. */
function namesTable(x: Expr): boolean {
  if (x.k === 'const') return typeof x.v === 'string' && BACKEND.test(x.v)
  return x.k === 'dict' && x.xs.some((item) => namesTable(item.value))
}
