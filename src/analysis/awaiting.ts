// await, tasks and threads. A coroutine runs when awaited; a started task runs inside Phase 1 once the entry point really suspends, otherwise later.
import { mergeDetached } from './summaries.ts'
import { runCoroutine } from './generators.ts'
import type { CallSite, Detached, Frame, Machine } from './machine.ts'
import { only, positional, type Atom, type Value } from './values.ts'

export function awaitValue(m: Machine, frame: Frame, value: Value, site: CallSite): Value {
  const single = only(value)
  if (single !== null) return awaitAtom(m, frame, single, site)
  let out = m.domain.bottom
  m.ops.fork(
    frame,
    value.atoms.map((atom) => () => {
      out = m.domain.join(out, awaitAtom(m, frame, atom, site))
      return true
    }),
    value.atoms.length > 1,
  )
  return out
}

function awaitAtom(m: Machine, frame: Frame, atom: Atom, site: CallSite): Value {
  switch (atom.kind) {
    case 'generator':
      if (atom.type === 'coroutine') return runCoroutine(m, frame, atom, site)
      m.ops.iterate(frame, m.domain.of(atom), site, () => true)
      return m.domain.unknown('generator')
    case 'instance': {
      const method = m.ops.typeMethod(frame, atom, '__await__')
      if (method === null) return atom.cls === null ? m.ops.awaitExternal(frame, atom, site) : suspendFor(m, frame)
      const iterator = m.ops.call(frame, method, positional(), site, null)
      m.ops.iterate(frame, iterator, site, () => (suspend(m, frame), true))
      return m.domain.unknown('generator')
    }
    case 'special':
      return m.ops.awaitSpecial(frame, atom, site)
    case 'native':
    case 'const':
      return m.domain.unknown('await')
    default:
      return suspendFor(m, frame)
  }
}

function suspendFor(m: Machine, frame: Frame): Value {
  suspend(m, frame)
  return m.domain.unknown('await')
}

/** The entry point gives control to the event loop: tasks started so far run now, inside the phase. */
export function suspend(m: Machine, frame: Frame): void {
  frame.summary.suspends = true
  join(m, (task) => task.loop)
}

/** Runs started work that is waited for. */
export function join(m: Machine, which: (task: Detached) => boolean): void {
  for (let round = 0; round < 8; round++) {
    const due = m.detached.filter(which)
    if (due.length === 0) return
    m.detached = m.detached.filter((task) => !which(task))
    for (const task of due) task.run(false)
  }
}

/** Starts a task, thread or timer: what it runs is decided when it is joined or when the entry point ends. */
export function start(
  m: Machine,
  frame: Frame,
  work: {
    readonly key: string
    readonly loop: boolean
    readonly owner: Atom | null
    readonly run: (frame: Frame) => void
  },
): void {
  const { may, guards } = frame
  const task: Detached = {
    key: `${frame.context.id}:${work.key}`,
    loop: work.loop,
    owner: work.owner,
    run: (detached) => {
      const before = { may: frame.may, guards: frame.guards, detaching: m.detaching, loop: m.loopRunning }
      frame.may = may
      frame.guards = guards
      m.detaching = detached
      m.loopRunning = work.loop
      m.ops.fork(frame, [() => (work.run(frame), true)], false)
      frame.may = before.may
      frame.guards = before.guards
      m.detaching = before.detaching
      m.loopRunning = before.loop
    },
  }
  m.detached = mergeDetached(m.detached, [task])
}

/** Runs the body of something callable or awaitable as the work of a task. */
export function runWork(m: Machine, frame: Frame, value: Value, site: CallSite): void {
  for (const atom of value.atoms) {
    if (atom.kind === 'generator' && atom.type === 'coroutine')
      runCoroutine(m, frame, atom, { ...site, step: 'invoke' })
    else awaitAtom(m, frame, atom, { ...site, step: 'invoke' })
  }
}
