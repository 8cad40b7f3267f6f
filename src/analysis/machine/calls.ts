// Calling: dispatch on what the callee can be. Several possibilities run from the same state and are joined; what cannot be followed is recorded
// with its reason where it could reach the database.
import { dottedName } from '../../ir/nodes.ts'
import { fork, recordUnknown } from './frames.ts'
import { callKey, implied } from './sites.ts'
import { callFunction } from './functions.ts'
import type { CallSite, Frame, Machine } from './machine.ts'
import { handsItselfOn } from '../objects/metaclasses.ts'
import { disclose } from '../domain/disclosure.ts'
import { applies } from '../library/predicates.ts'
import { isOwnName, isPlainClass, refuse } from '../language/refusals.ts'
import { handOut } from '../suspended/renewal.ts'
import { RESOLVED, resolutionOf, withReceiver, type Atom, type CallArgs, type Value } from '../domain/values.ts'

export function call(frame: Frame, callee: Value, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const { atoms } = callee
  const { expr } = site
  if (m.stopped) return m.domain.bottom
  if (expr !== null && atoms.some((a) => a.kind !== 'unknown')) frame.summary.followed.add(callKey(expr))
  if (atoms.length === 1 && atoms[0] !== undefined) return callAtom(frame, atoms[0], args, site)
  const callable = atoms.filter((a) => !(a.kind === 'const' || a.kind === 'unbound'))
  if (callable.length === 0) return atoms.length === 0 ? m.domain.bottom : m.domain.unknown('not-callable')
  let out = m.domain.bottom
  fork(
    frame,
    callable.map((atom) => () => {
      const value = callAtom(frame, atom, args, site)
      out = m.domain.join(out, value)
      return value.atoms.length > 0
    }),
    callable.length > 1,
  )
  return out
}

export function callAtom(frame: Frame, callee: Atom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  if (m.stopped) return m.domain.bottom
  switch (callee.kind) {
    case 'function':
      return callFunction(frame, callee, args, site)
    case 'bound':
      if (callee.func.kind === 'external')
        return m.ops.callExternal(
          frame,
          {
            atom: callee.func,
            self: callee.self.kind === 'instance' || callee.self.kind === 'class' ? callee.self : null,
          },
          args,
          withResolution(site, callee.self),
        )
      return callAtom(
        frame,
        callee.func,
        handsItselfOn(m, callee, args) ? args : withReceiver(m.domain.of(callee.self), args),
        withResolution(site, callee.self),
      )
    case 'class':
      return passed(m, site, m.ops.instantiate(frame, callee, args, site))
    case 'instance': {
      if (callee.cls === null) return m.ops.callInstance(frame, callee, args, site)
      const method = m.ops.typeMethod(frame, callee, '__call__')
      if (method !== null) return call(frame, method, args, implied(withResolution(site, callee)))
      // an object whose class is all in the tree, and has no `__call__`
      if (site.expr !== null && isPlainClass(callee.cls)) return refuse(frame, 'TypeError')
      return m.ops.callInstance(frame, callee, args, site)
    }
    case 'native':
      return passed(m, site, m.ops.callNative(frame, callee, args, site))
    case 'special':
      return m.ops.callSpecial(frame, callee, args, site)
    case 'external':
      return m.ops.callExternal(frame, { atom: callee, self: null }, args, site)
    case 'unknown':
      return (OPEN.has(callee.reason) ? guessedCall(frame, args, site) : null) ?? callUnknown(frame, callee, args, site)
    default:
      if (callee.kind === 'const' && site.expr?.k === 'call' && isOwnName(frame, site.expr.f))
        return refuse(frame, 'TypeError')
      frame.summary.canRaise = true
      return m.domain.unknown('not-callable')
  }
}

/** What library code called: it may keep the result for a while. */
function passed(m: Machine, site: CallSite, value: Value): Value {
  if (site.step !== 'call' && site.step !== 'construct') handOut(m, value)
  return value
}

/** A method of an object known only by its annotation is an assumed step. */
function withResolution(site: CallSite, self: Atom): CallSite {
  const own = resolutionOf(self)
  return own > site.resolution ? { ...site, resolution: own } : site
}

/** Reasons that are worth showing: something in the tree, or of the database, was called and could not be followed. */
const SHOWN: ReadonlySet<string> = new Set([
  'dynamic-getattr',
  'string-key-unresolved',
  'exec',
  'dynamic-import',
  'unresolved-import',
  'too-many-targets',
  'recursion-cap',
])

/** Reasons that mean: a parameter (or what hangs on it) without a value or a type. */
const UNTYPED: ReadonlySet<string> = new Set(['untyped-parameter', 'missing-argument', 'attribute'])

/** Unknown, but certainly there at run time. */
const OPEN: ReadonlySet<string> = new Set([
  'untyped-parameter',
  'attribute',
  'element',
  'operation',
  'await',
  'dynamic-getattr',
])

/** A receiver that nothing is known about, called by a name that tells with an argument that tells: what a name in the source may say. */
function guessedCall(frame: Frame, args: CallArgs, site: CallSite): Value | null {
  const m = frame.machine
  const { expr } = site
  const written = expr?.k === 'call' ? dottedName(expr.f) : null
  if (written === null || !written.includes('.')) return null
  const rows = m.catalogue.guesses(written)
  if (!rows.some((row) => applies(m, row, { args, expr, unresolved: true }) === true)) return null
  const atom = m.domain.external(`?.${written}`, RESOLVED, true).atoms[0]
  return atom?.kind === 'external' ? m.ops.callExternal(frame, { atom, self: null }, args, site) : null
}

function callUnknown(frame: Frame, callee: Extract<Atom, { kind: 'unknown' }>, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  frame.summary.canRaise = true
  disclose(m, args)
  if (SHOWN.has(callee.reason) && (callee.carriesDatabase || callee.reason !== 'too-many-targets'))
    recordUnknown(frame, site.site, callee.reason)
  else if (callee.carriesDatabase || carriesDatabase(m, args))
    recordUnknown(frame, site.site, UNTYPED.has(callee.reason) ? 'untyped-parameter' : callee.reason)
  return m.domain.unknown(callee.reason, callee.carriesDatabase)
}

/** Whether an argument gives the callee a way to the database: a session, an engine, the context, or code of the tree. */
export function carriesDatabase(m: Machine, args: CallArgs): boolean {
  const suspicious = (value: Value): boolean =>
    value.atoms.some(
      (a) =>
        (a.kind === 'instance' && a.ext !== null && m.catalogue.isDatabaseType(a.ext)) ||
        (a.kind === 'unknown' && a.carriesDatabase),
    )
  return args.pos.some(suspicious) || [...args.kw.values()].some(suspicious)
}
