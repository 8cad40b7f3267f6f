// Entering and leaving contexts: `__enter__` and `__exit__`, modelled context managers, exit stacks, task groups, executors.
// What a group started is joined when it is left.
import { acquire, release } from '../suspended/awaited-objects.ts'
import { grouped } from './error-groups.ts'
import type { Leaving } from './exceptions.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, positional, type Atom, type CallArgs, type SpecialAtom, type Value } from '../domain/values.ts'
import { FINISHED, handedOut, replayed } from '../suspended/replay.ts'
import { failure, waitForGroup } from '../suspended/awaiting.ts'
import { enterDictPatch, enterPatch, exitPatch } from '../natives/mocking.ts'
import { cancelWork, joinGroup } from '../natives/threads.ts'

export function enter(frame: Frame, atom: Atom, site: CallSite, async: boolean): Value {
  const m = frame.machine
  const name = async ? '__aenter__' : '__enter__'
  if (atom.kind === 'special') return enterSpecial(frame, atom, site)
  if (atom.kind === 'instance' && atom.cls !== null) {
    const method = m.ops.typeMethod(frame, atom, name)
    if (method !== null) {
      const value = m.ops.call(frame, method, positional(), implied(site, 'enter'))
      return async ? m.ops.await(frame, value, implied(site, 'enter')) : value
    }
  }
  if (atom.kind === 'instance' && atom.ext === 'asyncio.Lock')
    return acquire(frame, atom) ? m.domain.none : m.domain.bottom
  if (atom.kind === 'instance' || atom.kind === 'external') return m.ops.enterExternal(frame, atom, site)
  return m.domain.unknown('context', atom.kind === 'unknown' && atom.carriesDatabase)
}

function enterSpecial(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  if (atom.type === 'closing' || atom.type === 'nullcontext') return atom.parts[0] ?? m.domain.none
  if (atom.type === 'patcher') return enterPatch(m, atom)
  if (atom.type === 'dict patcher') return enterDictPatch(frame, atom, site)
  if (atom.type === 'contextmanager') {
    // outside of a with statement (ExitStack): up to the yield now, the rest at the exit
    const generator = only(atom.parts[0] ?? m.domain.bottom)
    return generator === null ? m.domain.bottom : m.ops.next(frame, generator, implied(site, 'enter'))
  }
  return m.domain.none
}

export interface Exiting extends Leaving {
  readonly async: boolean
}

/** What `__exit__` gets: type, value and traceback of the error, or three times None. */
export function exitArguments(m: Machine, { way, error }: Leaving): CallArgs {
  if (way !== 'raised') {
    const given = way === 'open' ? m.domain.join(m.domain.none, m.domain.unknown('exception')) : m.domain.none
    return positional(given, given, given)
  }
  // some error, certainly one
  const any = m.domain.special('exception', [], ['?'])
  const raised = (error?.atoms ?? []).map((atom) => raisedAs(m, atom))
  if (raised.length === 0 || raised.includes(null)) return positional(any, any, any)
  const known = raised.filter((it) => it !== null)
  return positional(m.domain.joinAll(known.map(({ type }) => type)), m.domain.joinAll(known.map((it) => it.value)), any)
}

/** Class and object of an error that was raised as one or the other; null when it is neither. */
function raisedAs(m: Machine, atom: Atom): { readonly type: Value; readonly value: Value } | null {
  const value = m.domain.of(atom)
  if (atom.kind === 'native') return { type: value, value: m.domain.special('exception', [], [atom.name]) }
  if (atom.kind === 'special' && atom.type === 'exception' && atom.names[0] !== '?')
    return { type: m.domain.native(atom.names[0] ?? 'Exception'), value }
  if (atom.kind === 'instance' && atom.cls !== null) return { type: m.domain.of(atom.cls), value }
  return null
}

export function exit(frame: Frame, atom: Atom, site: CallSite, leaving: Exiting): Value {
  const m = frame.machine
  const { async } = leaving
  if (atom.kind === 'special') return exitSpecial(frame, atom, site, leaving)
  if (atom.kind !== 'instance') return m.domain.none
  if (atom.cls !== null) {
    const method = m.ops.typeMethod(frame, atom, async ? '__aexit__' : '__exit__')
    if (method !== null) {
      const value = m.ops.call(frame, method, exitArguments(m, leaving), implied(site, 'enter'))
      return async ? m.ops.await(frame, value, implied(site, 'enter')) : value
    }
  }
  if (atom.ext === 'asyncio.Lock') release(m, atom)
  if (atom.ext === 'contextlib.ExitStack') return m.ops.unwind(frame, m.domain.of(atom), site, leaving)
  if (atom.ext === 'asyncio.TaskGroup') {
    const tasks = m.ops.slot(atom, 'tasks')
    // an error in the block cancels what is not done
    if (leaving.way === 'raised') cancelWork(m, tasks.atoms)
    waitForGroup(frame, tasks.atoms)
    for (const task of tasks.atoms) failure(frame, task, (error) => grouped(m, error))
  }
  if (atom.ext === 'concurrent.futures.Executor') joinGroup(m, [atom])
  m.ops.leaveExternal(atom, leaving.way === 'raised')
  return m.domain.none
}

function exitSpecial(frame: Frame, atom: SpecialAtom, site: CallSite, leaving: Exiting): Value {
  const m = frame.machine
  const first = atom.parts[0] ?? m.domain.bottom
  switch (atom.type) {
    case 'closing': {
      const close = m.ops.getAttribute(frame, first, leaving.async ? 'aclose' : 'close', implied(site, 'property'))
      const closed = m.ops.call(frame, close, positional(), implied(site, 'invoke'))
      if (leaving.async) m.ops.await(frame, closed, implied(site, 'invoke'))
      return m.domain.none
    }
    case 'contextmanager':
      return exitGenerator(frame, only(first), site, leaving)
    case 'suppress': {
      if (leaving.way !== 'raised') return m.domain.none
      const caught = m.ops.catches(leaving.error ?? m.domain.unknown('exception'), atom.parts)
      return caught === null ? m.domain.typed('bool') : caught ? m.domain.true : m.domain.false
    }
    case 'patcher':
      exitPatch(frame, atom, site)
      return m.domain.none
    default:
      return m.domain.none
  }
}

/** Goes on with the generator of a `@contextmanager` function that was entered by hand; an error of the block is raised at its yield. */
function exitGenerator(frame: Frame, generator: Atom | null, site: CallSite, { way, error }: Leaving): Value {
  const m = frame.machine
  if (generator?.kind !== 'generator') return m.domain.none
  const at = handedOut(m, generator)
  const raised = way === 'raised' ? (error ?? m.domain.unknown('exception')) : null
  let index = 0
  const run = m.ops.runGenerator(frame, generator, implied(site, 'enter'), () => {
    const current = index++
    if (current < at - 1) return replayed(m, generator, current)
    if (current >= at) return { kind: 'stop' }
    return raised === null
      ? { kind: 'resume', sent: m.domain.none, mayRaise: way === 'open' }
      : { kind: 'raise', error: raised }
  })
  m.store.write(generator.advanced, m.domain.constant('int', FINISHED))
  if (raised === null || !run.returns) return m.domain.none
  return run.raises.length === 0 ? m.domain.true : m.domain.typed('bool')
}

/** Whether what `__exit__` gave keeps the error: a constant, or a computed bool, that is true on purpose. Null when that is open. */
export function isSwallowed(frame: Frame, result: Value, site: CallSite): boolean | null {
  const isDefinite = result.atoms.some(
    (a) => (a.kind === 'const' && a.value !== null && a.value !== false) || (a.kind === 'typed' && a.type === 'bool'),
  )
  if (!isDefinite) return false
  const { t, f } = frame.machine.ops.truth(frame, result, site)
  return t && f ? null : t
}
