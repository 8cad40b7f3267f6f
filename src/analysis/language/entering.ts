// Entering and leaving contexts: `__enter__` and `__exit__`, modelled context managers, exit stacks, task groups, executors.
// What a group started is joined when it is left.
import { grouped } from './error-classes.ts'
import type { Leaving } from './exceptions.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, positional, type Atom, type CallArgs, type SpecialAtom, type Value } from '../domain/values.ts'
import { failure, waitForGroup } from '../suspended/awaiting.ts'
import { enterDictPatch, enterPatch, exitPatch } from '../natives/mocking.ts'
import { joinGroup } from '../natives/threads.ts'

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
function exitArguments(m: Machine, { way, error }: Leaving): CallArgs {
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
  if (atom.kind === 'special' && atom.type === 'closing') {
    const close = m.ops.getAttribute(frame, atom.parts[0] ?? m.domain.bottom, 'close', implied(site, 'property'))
    return m.ops.call(frame, close, positional(), implied(site, 'invoke'))
  }
  if (atom.kind === 'special' && atom.type === 'contextmanager')
    m.ops.iterate(frame, atom.parts[0] ?? m.domain.bottom, implied(site, 'enter'), () => true)
  if (atom.kind === 'special' && atom.type === 'patcher') exitPatch(frame, atom, site)
  if (atom.kind !== 'instance') return m.domain.none
  if (atom.cls !== null) {
    const method = m.ops.typeMethod(frame, atom, async ? '__aexit__' : '__exit__')
    if (method !== null) {
      const value = m.ops.call(frame, method, exitArguments(m, leaving), implied(site, 'enter'))
      return async ? m.ops.await(frame, value, implied(site, 'enter')) : value
    }
  }
  if (atom.ext === 'contextlib.ExitStack') unwind(frame, m.domain.of(atom), site)
  if (atom.ext === 'asyncio.TaskGroup') {
    const tasks = m.ops.slot(atom, 'tasks')
    // an error in the block cancels what has not begun
    if (leaving.way === 'raised')
      m.detached = m.detached.filter(({ owner }) => owner === null || !tasks.atoms.includes(owner))
    waitForGroup(frame, tasks.atoms)
    for (const task of tasks.atoms) failure(frame, task, (error) => grouped(m, error))
  }
  if (atom.ext === 'concurrent.futures.Executor') joinGroup(m, [atom])
  return m.domain.none
}

/** Leaves everything an ExitStack holds: callbacks run, managers exit. */
export function unwind(frame: Frame, stacks: Value, site: CallSite): void {
  const m = frame.machine
  for (const stack of stacks.atoms) {
    if (stack.kind !== 'instance') continue
    const invoked = implied(site, 'invoke')
    const each = (name: string, leaving: (atom: Atom) => void): void => {
      for (const held of m.ops.slot(stack, name).atoms) {
        const atom = held.kind === 'special' && held.type === 'perhaps' ? held.parts[0]?.atoms[0] : held
        if (atom === held) leaving(held)
        else if (atom !== undefined) m.ops.maybe(frame, site.site, () => leaving(atom))
      }
    }
    each('callbacks', (callback) => m.ops.callAtom(frame, callback, positional(), invoked))
    each('async callbacks', (callback) =>
      m.ops.await(frame, m.ops.callAtom(frame, callback, positional(), invoked), invoked),
    )
    each('exits', (callback) => {
      const target = callback.kind === 'special' ? only(callback.parts[0] ?? m.domain.bottom) : null
      const method = target === null ? null : m.ops.typeMethod(frame, target, '__exit__')
      const nones = positional(m.domain.none, m.domain.none, m.domain.none)
      m.ops.call(frame, method ?? m.domain.of(callback), nones, invoked)
    })
    each('managers', (manager) => exit(frame, manager, site, { way: 'open', error: null, async: false }))
    each('async managers', (manager) => exit(frame, manager, site, { way: 'open', error: null, async: true }))
    for (const name of STACKED) m.ops.setSlot(stack, name, m.domain.bottom)
  }
}

/** What an exit stack holds, by kind. */
export const STACKED: readonly string[] = ['callbacks', 'async callbacks', 'exits', 'managers', 'async managers']
