// Calls that leave the tree: the catalogue says what they do and when. Work that waits for await, with, iteration or evaluation is kept in the
// value (`pending`) and recorded where it happens. What has no row is unknown, not harmless.
import { at as moment } from '../../catalogue/lookup.ts'
import type { CatalogueRow } from '../../catalogue/model.ts'
import type { Expr } from '../../ir/model.ts'
import { carriesDatabase } from '../machine/calls.ts'
import { recordNote, recordUnknown } from '../machine/frames.ts'
import { disclose } from '../domain/disclosure.ts'
import { libraryInstance, madeByCall, type LibraryCall } from '../domain/instances.ts'
import { djangoCall, djangoResult } from '../django/calls.ts'
import { NATIVES } from '../natives/table.ts'
import { schedulerCall } from './job-stores.ts'
import { isPure } from './pure-packages.ts'
import { patternCall } from './patterncalls.ts'
import type { CallFacts } from './predicates.ts'
import { serviceCall } from './services.ts'
import { applyRow } from './rows.ts'
import { sqlalchemyResult } from '../sqlalchemy/queries.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { ASSUMED, RESOLVED, type Pending, type CallArgs, type Resolution, type Value } from '../domain/values.ts'
import { settingRead } from '../language/settings.ts'

export function callLibrary(frame: Frame, call: LibraryCall): Value {
  const m = frame.machine
  frame.summary.canRaise = true
  const native = Object.hasOwn(NATIVES, call.path) ? NATIVES[call.path] : undefined
  if (m.options.graph) recordNote(frame, { note: 'edge', site: call.site.site, text: call.path, function: null })
  if (native !== undefined)
    return native(frame, {
      name: call.path,
      self: call.self === null ? null : m.domain.of(call.self),
      args: call.args,
      site: call.site,
    })
  const framework = djangoCall(frame, call)
  if (framework !== null) return framework
  const pattern = patternCall(frame, call) ?? schedulerCall(frame, call)
  if (pattern !== null) return pattern
  const name = call.path.slice(call.path.lastIndexOf('.') + 1)
  let rows =
    call.self === null
      ? m.catalogue.rows(call.path)
      : (m.catalogue.member(call.self.ext ?? '', name) ?? m.catalogue.rows(call.path))
  let { resolution, unresolved } = call
  if (rows.length === 0) {
    const guess = guesses(m, call)
    rows = guess.rows
    resolution = guess.resolution > resolution ? guess.resolution : resolution
    // a package that has rows, but none of this name, says no more about it than one that is not known
    if (rows.length > 0 && call.self === null) unresolved = true
  }
  const service = serviceCall(frame, call, rows)
  if (service !== null) return service
  if (rows.length > 0) return applyRows(frame, { ...call, resolution, unresolved }, rows)
  return unknownCall(frame, call)
}

/** Rows for a receiver that did not resolve. A factory or engine imported from a module that is clearly about the database is an assumption. */
function guesses(
  m: Machine,
  call: LibraryCall,
): { readonly rows: readonly CatalogueRow[]; readonly resolution: Resolution } {
  if (call.self !== null && !call.unresolved) return { rows: [], resolution: RESOLVED }
  const written = call.site.expr?.k === 'call' ? dotted(call.site.expr.f) : null
  const path = call.path.replace(/^\?\./, '')
  const rows = [...new Set([...m.catalogue.guesses(path), ...(written === null ? [] : m.catalogue.guesses(written))])]
  const parts = path.split('.')
  const assumed =
    parts.some((part, i) => i < parts.length - 1 && m.catalogue.databaseModules.has(part)) &&
    parts.length > 1 &&
    !path.startsWith('?')
  return { rows, resolution: assumed ? ASSUMED : RESOLVED }
}

/** The name of a callee for guesses: of what is behind something that is no name, the part that is one. */
function dotted(x: Expr): string | null {
  if (x.k === 'name') return x.id
  if (x.k !== 'attr') return x.k === 'call' ? dotted(x.f) : null
  const owner = dotted(x.o)
  return owner === null ? x.n : `${owner}.${x.n}`
}

function unknownCall(frame: Frame, call: LibraryCall): Value {
  const m = frame.machine
  const read = settingRead(m, call.path, call.args)
  if (read !== null) return read
  const top = call.path.split('.')[0] ?? ''
  const context = call.path.startsWith(`${m.options.contextType}.`)
  const pure = isPure(call.path)
  if (!pure) disclose(m, call.args)
  const quiet = pure && !context && top !== '?'
  // a name of the tree whose file is not there: what it would have done is not known
  if (call.missing) recordUnknown(frame, call.site.site, 'unresolved-import')
  // what a library does with a function that it decorates is an assumption of its own: the same callable comes back
  else if (
    !quiet &&
    !context &&
    (carriesDatabase(m, call.args) ||
      (call.site.step !== 'decorator' && handsOverCode(call.args) && !m.catalogue.keeps(call.path)))
  )
    recordUnknown(frame, call.site.site, 'external-callable')
  // `vendor.route("/")(load)` is a decorator applied by hand: assumed to give the same callable back, as `@vendor.route("/")` is
  const [only] = call.args.pos
  if (call.path.endsWith('()') && only !== undefined && call.args.pos.length === 1 && call.args.kw.size === 0)
    if (only.atoms.length > 0 && only.atoms.every((a) => CALLABLES.has(a.kind)))
      return m.domain.special('assumed', [only])
  // calling a class that has members in the catalogue makes an instance of it
  if (isKnownClass(m, call.path)) return m.domain.of(madeByCall(frame, call.path, call))
  return m.domain.external(`${call.path.length > MAX_PATH ? top : call.path}()`, call.resolution, call.unresolved)
}
const CALLABLES: ReadonlySet<string> = new Set(['function', 'bound', 'special'])
/** Longest access path that is kept. */
const MAX_PATH = 200

function isCode(value: Value): boolean {
  return value.atoms.some(
    (a) =>
      a.kind === 'function' ||
      (a.kind === 'bound' && a.func.kind === 'function') ||
      // a coroutine or generator that has not run yet: who gets it may run it
      (a.kind === 'generator' && (a.func !== null || a.comp?.expr.x.k === 'call')),
  )
}

function handsOverCode(args: CallArgs): boolean {
  return args.pos.some(isCode) || [...args.kw.values()].some(isCode)
}

/** Applies the rows of a call: work now, or a value that carries the work. */
function applyRows(frame: Frame, call: LibraryCall, rows: readonly CatalogueRow[]): Value {
  const m = frame.machine
  const facts: CallFacts = { args: call.args, expr: call.site.expr, unresolved: call.unresolved }
  let returns: Value | null = null
  for (const row of moment(rows, 'call')) {
    const value = applyRow(frame, {
      row,
      site: call.site.site,
      resolution: call.resolution,
      facts,
      built: null,
      call,
    })
    if (value !== null) returns = returns === null ? value : m.domain.join(returns, value)
  }
  returns = djangoResult(frame, call, rows) ?? returns
  if (rows.some((row) => row.when === 'call')) returns = sqlalchemyResult(frame, call, returns)
  const waiting = rows.some((row) => row.when !== 'call')
  const pending: Pending | null = waiting
    ? {
        // an object of a class of the tree has no library type itself: the path names the base that has the method
        symbol:
          call.self?.ext === undefined || call.self.ext === null
            ? call.path
            : `${call.self.ext}.${call.path.slice(call.path.lastIndexOf('.') + 1)}`,
        args: call.args,
        site: call.site.site,
        receiver: call.site.expr,
        self: call.self,
      }
    : null
  if (returns !== null && pending === null) return returns
  // a result with a type of its own knows what using it does; any other result keeps the call that made it
  const declared = rows.some((row) => row.when === 'call' && row.returns !== undefined)
  if (
    returns !== null &&
    returns.atoms.every((a) => a.kind === 'instance') &&
    (declared || returns.atoms.some((a) => a.kind === 'instance' && a.cls !== null))
  )
    return returns
  // a constructor whose rows do not apply (`MongoClient(connect=False)`) still makes its object
  const type = isKnownClass(m, call.path) ? call.path : `${call.path}()`
  return m.domain.of(libraryInstance(frame, type, { site: call.site.site, resolution: call.resolution, pending }))
}

function isKnownClass(m: Machine, path: string): boolean {
  return m.catalogue.knows(path) && /(?:^|\.)[A-Z]\w*$/.test(path)
}
