// One row of the catalogue in effect: the operation is recorded, callables run or are kept, and the result gets its type.
// What a row claims may be less certain than the call it is about, never more.
import { isWork, returnedTypes } from '../../catalogue/lookup.ts'
import type { CatalogueRow } from '../../catalogue/model.ts'
import { recordOperation } from '../machine/frames.ts'
import type { Frame } from '../machine/machine.ts'
import { libraryInstance, type LibraryCall } from '../domain/instances.ts'
import { ASSUMED, GUESSED, leastSure, type Resolution, type Site, type Value } from '../domain/values.ts'
import { applies, type CallFacts } from './predicates.ts'

/** A row, and the call or the value that it is about. */
export interface RowUse {
  readonly row: CatalogueRow
  readonly site: Site
  readonly resolution: Resolution
  readonly facts: CallFacts
  readonly built: Site | null
  readonly call: LibraryCall | null
}

/** One row in effect: records an operation, runs or keeps callables, and gives the result's type. Null = the row does not apply. */
export function applyRow(frame: Frame, use: RowUse): Value | null {
  const m = frame.machine
  const { row } = use
  const verdict = applies(m, row, use.facts)
  if (verdict === false) return null
  let resolution: Resolution = use.resolution
  if (verdict === null || row.certainty === 'may') resolution = leastSure(resolution, ASSUMED)
  // a name that tells, on a receiver that did not resolve, is a guess; from a database module it is an assumption
  if (row.certainty === 'guess') resolution = use.resolution === ASSUMED ? ASSUMED : GUESSED
  if (isWork(row)) {
    recordOperation(frame, row, { site: use.site, resolution, built: use.built })
  } else if (use.call !== null && (row.role === 'invoker' || row.role === 'forcer' || row.role === 'deferral'))
    m.ops.applyCallback(frame, row, use.call)
  if (row.role === 'wrapper' && use.call?.args.pos[0] !== undefined)
    return m.domain.special('assumed', [use.call.args.pos[0]])
  if (row.role === 'deferral' && row.arguments?.includes('<decorated>') === true)
    // with or without parentheses: `@app.task`, `@app.task(bind=True)`
    return handedBack(use.call) ?? m.domain.special('decorator', [], ['identity'])
  // one of several types is an assumption about the result, not about the operation itself
  const result = Array.isArray(row.returns) ? leastSure(resolution, ASSUMED) : resolution
  return resultOf(frame, use, result)
}

/** The function below a decorator that is written without parentheses. */
function handedBack(call: LibraryCall | null): Value | null {
  const only = call !== null && call.args.pos.length === 1 && call.args.kw.size === 0 ? call.args.pos[0] : undefined
  const isFunction = only?.atoms.every((a) => a.kind === 'function' || (a.kind === 'special' && a.type === 'assumed'))
  return only !== undefined && only.atoms.length > 0 && isFunction === true ? only : null
}

function resultOf(frame: Frame, { row, site, call }: RowUse, resolution: Resolution): Value {
  const m = frame.machine
  const types = returnedTypes(row)
  if (types.length > 0)
    return m.domain.joinAll(types.map((type) => m.domain.of(libraryInstance(frame, type, { site, resolution }))))
  const path = call?.path ?? row.symbol
  // a function that was handed over and came back unchanged (a decorator without arguments)
  if (
    row.role === 'deferral' &&
    call !== null &&
    call.args.pos.length === 1 &&
    call.args.pos[0]?.atoms.every((a) => a.kind === 'function') === true
  )
    return call.args.pos[0]
  if (row.role === 'builder' || (row.when === 'call' && /(?:^|\.)[A-Z]\w*$/.test(path) && m.catalogue.knows(path)))
    return m.domain.of(libraryInstance(frame, m.catalogue.knows(path) ? path : `${path}()`, { site, resolution }))
  return m.domain.external(`${path}()`, resolution)
}
