// Applying a decorator to a function or a class. What an unknown library does with it is assumed, and marked as assumed:
// the same callable comes back.
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { namespaceNames, rawMember, setOwn } from './namespaces.ts'
import { isStandard } from '../../program/roots.ts'
import { positional, type Atom, type FunctionAtom, type InstanceAtom, type Value } from '../domain/values.ts'

/**
 * Attributes under which objects that decorators make keep the function itself, or run it at once: `Command.callback` of Click, `Task.run` and
 * `Task.apply` of Celery, `Flow.fn` of Prefect, `Tool.func` of LangChain.
 */
const KEPT_FUNCTION: ReadonlySet<string> = new Set(['callback', 'run', 'apply', 'fn', 'func'])
/** What such an attribute of a decorated function gives; null for every other attribute. */
export function keptFunction(m: Machine, decorated: Value, name: string): Value | null {
  if (!KEPT_FUNCTION.has(name)) return null
  return m.domain.special(name === 'apply' ? 'applied' : 'assumed', [decorated])
}

/** Methods that hand the function to a queue or describe such a call: a worker runs it, never the caller (Celery, Dramatiq, Huey, RQ). */
export const STARTS_LATER: ReadonlySet<string> = new Set([
  'delay',
  'apply_async',
  's',
  'si',
  'signature',
  'send',
  'send_with_options',
  'message',
  'enqueue',
  'schedule',
])

/** Applies a decorator. What an unknown library does to the function is assumed to be: the same callable comes back. */
export function decorate(frame: Frame, decorator: Value, value: Value, at: CallSite): Value {
  const unknown = decorator.atoms.every(
    (a) =>
      a.kind === 'external' ||
      a.kind === 'unknown' ||
      (a.kind === 'instance' && a.cls === null) ||
      (a.kind === 'bound' && a.func.kind === 'external'),
  )
  const result = frame.machine.ops.call(frame, decorator, positional(value), at)
  if (decorator.atoms.some((atom) => isElsewhere(atom)))
    for (const atom of value.atoms) if (atom.kind === 'function') frame.machine.decoratedElsewhere.add(atom.fn)
  if (!unknown) return result
  const modelledResult =
    result.atoms.length > 0 &&
    result.atoms.every(
      (a) =>
        a.kind !== 'external' &&
        a.kind !== 'unknown' &&
        !(a.kind === 'instance' && a.cls === null) &&
        !(a.kind === 'const' && a.type === 'none'),
    )
  if (modelledResult) return result
  return value.atoms.every((a) => a.kind === 'class') ? value : frame.machine.domain.special('assumed', [value])
}

/** A decorator of a library that is not Python's own: it may give the function other arguments than its callers do (`@shared_task(bind=True)`). */
function isElsewhere(atom: Atom): boolean {
  if (atom.kind === 'external') return !isStandard(atom.path)
  if (atom.kind === 'bound') return isElsewhere(atom.func)
  if (atom.kind === 'instance') return atom.cls === null
  return (
    atom.kind === 'unknown' || (atom.kind === 'special' && atom.type === 'decorator' && atom.names[0] === 'identity')
  )
}

/** What functools.wraps and update_wrapper do: the wrapper takes the name and the attributes of the function, and keeps the function itself. */
export function updateWrapper(m: Machine, wrapper: Value, wrapped: Value): Value {
  for (const atom of wrapper.atoms) {
    if (atom.kind !== 'function' && atom.kind !== 'instance') continue
    for (const source of wrapped.atoms) {
      if (source.kind !== 'function') continue
      keepApart(m, atom, '__name__', m.domain.constant('str', source.fn.name))
      keepApart(m, atom, '__qualname__', m.domain.constant('str', source.fn.qualname))
      for (const name of namespaceNames(m, source))
        setOwn(m, atom, { name, value: rawMember(m, source, name) ?? m.domain.bottom, weak: wrapped.atoms.length > 1 })
    }
    keepApart(m, atom, '__wrapped__', wrapped)
  }
  return wrapper
}

/** Binds a name that nobody can have asked a new function or object for. */
function keepApart(m: Machine, { fields }: FunctionAtom | InstanceAtom, name: string, value: Value): void {
  m.store.write(m.store.cellIn(fields, name, 0), value)
}
