// Library values that do their work later: a query that is iterated, a coroutine that is awaited, a connection that is entered. The rows of the call that
// made the value come first, then those of its type.
import { at as moment } from '../../catalogue/lookup.ts'
import type { CatalogueRow, Moment } from '../../catalogue/model.ts'
import { unwritten } from '../machine/sites.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { KNOWN_CALL, libraryTypes, type LibraryCall } from '../domain/instances.ts'
import { NO_ARGS, type CallArgs, type InstanceAtom, type Pending, type Site, type Value } from '../domain/values.ts'
import { sqlalchemyResult } from '../sqlalchemy/queries.ts'
import { applyRow } from './rows.ts'

/** A use of a library value. */
export interface Use {
  readonly when: Moment
  /** the methods by which Python does it, most telling first */
  readonly names: readonly string[]
  readonly site: Site
}

/** What happens when a library value is awaited, entered, iterated or evaluated. Null = no row says anything about it. */
export function force(frame: Frame, object: InstanceAtom, use: Use): Value | null {
  for (const candidate of candidates(frame.machine, object, use)) {
    const { value, call } = effect(frame, object, candidate)
    if (value === null) continue
    return call !== null && use.when === 'awaited' ? sqlalchemyResult(frame, call, value) : value
  }
  return null
}

/** Rows that may say what the use does. */
interface Candidate {
  readonly rows: readonly CatalogueRow[]
  readonly site: Site
  /** of the call that left the work to be done; null for what every object of the type does */
  readonly args: CallArgs | null
}

function candidates(m: Machine, object: InstanceAtom, { when, names, site }: Use): Candidate[] {
  const out: Candidate[] = []
  const { pending } = object
  if (pending !== null)
    out.push({
      rows: moment(pendingRows(m, pending), when),
      site: when === 'awaited' && encloses(site, pending.site) ? pending.site : site,
      args: pending.args,
    })
  for (const type of libraryTypes(object)) {
    out.push({ rows: moment(m.catalogue.rows(type), when), site, args: null })
    const found = names.map((name) => m.catalogue.member(type, name)).find((rows) => rows !== null)
    if (found !== undefined && found !== null) out.push({ rows: found, site, args: null })
  }
  return out
}

/** What all rows of a candidate do, and the call as the last of them sees it. */
function effect(
  frame: Frame,
  object: InstanceAtom,
  { rows, site, args }: Candidate,
): { readonly value: Value | null; readonly call: LibraryCall | null } {
  const { resolution, pending } = object
  let value: Value | null = null
  let call: LibraryCall | null = null
  for (const row of rows) {
    call = args === null ? null : waited(row.symbol, object, args, site)
    const one = applyRow(frame, {
      row,
      site,
      resolution,
      facts: { args: args ?? NO_ARGS, expr: pending?.receiver ?? null, unresolved: false },
      built: object.site !== null && object.site !== site ? object.site : null,
      call,
    })
    if (one !== null) value = value === null ? one : frame.machine.domain.join(value, one)
  }
  return { value, call }
}

/** The call that made the value, at the place where its work is done. */
function waited(path: string, object: InstanceAtom, args: CallArgs, site: Site): LibraryCall {
  const { resolution, pending } = object
  const at = unwritten(site, 'await', resolution)
  return { ...KNOWN_CALL, path, self: pending?.self ?? null, args, site: at, resolution }
}

function encloses(outer: Site, inner: Site): boolean {
  return outer.module === inner.module && outer.p <= inner.p && inner.e <= outer.e
}

function pendingRows(m: Machine, pending: Pending): readonly CatalogueRow[] {
  const exact = m.catalogue.rows(pending.symbol)
  if (exact.length > 0) return exact
  const cut = pending.symbol.lastIndexOf('.')
  return (
    m.catalogue.member(pending.symbol.slice(0, cut), pending.symbol.slice(cut + 1)) ??
    m.catalogue.guesses(pending.symbol)
  )
}
