// functools, operator, contextlib, enum, inspect: wrappers, factories and decorators of the standard library.
import { updateWrapper } from '../objects/decoration.ts'
import { STACKED } from '../language/exit-stacks.ts'
import { implied } from '../machine/sites.ts'
import type { Machine } from '../machine/machine.ts'
import { only, positional, stringOf, type InstanceAtom, type Value } from '../domain/values.ts'
import { argument, consuming, invoke, typed, type Native, type Natives } from './native.ts'

const returnsDecorator =
  (kind: string): Native =>
  (frame, call) => {
    const m = frame.machine
    const f = argument(frame, call, 0)
    // `@lru_cache` and `@lru_cache(maxsize=…)` both occur
    return f.atoms.some(
      (a) => a.kind === 'function' || a.kind === 'bound' || a.kind === 'special' || a.kind === 'class',
    )
      ? m.domain.special(kind, [f])
      : m.domain.special('decorator', [], [kind])
  }

const wrap =
  (kind: string): Native =>
  (frame, call) =>
    frame.machine.domain.special(kind, [argument(frame, call, 0)])

const partial =
  (kind: 'partial' | 'partialmethod'): Native =>
  (frame, call) => {
    const [f, ...pos] = call.args.pos
    return frame.machine.domain.special(
      kind,
      [f ?? frame.machine.domain.bottom, ...pos, ...call.args.kw.values()],
      [String(pos.length), ...call.args.kw.keys()],
    )
  }

const reduce: Native = (frame, call) => {
  const m = frame.machine
  let accumulated = call.args.pos[2] ?? m.domain.bottom
  const depth = m.loopDepth
  m.ops.iterate(frame, argument(frame, call, 1), implied(call.site, 'iterate'), (x) => {
    if (accumulated.atoms.length === 0) accumulated = x
    else {
      const result = invoke(frame, argument(frame, call, 0), [accumulated, x], call)
      accumulated = m.loopDepth > depth ? m.domain.join(accumulated, result) : result
    }
    return true
  })
  return accumulated
}

/** An exit stack, which knows how many conditions were open where it was made. */
const exitStack: Native = (frame, call) => {
  const m = frame.machine
  const made = m.ops.modelled(frame, 'contextlib.ExitStack', call)
  const stack = only(made)
  if (stack?.kind === 'instance') m.ops.setSlot(stack, 'undecided', m.domain.constant('int', m.undecided))
  return made
}

/** Gives something to an exit stack; under a condition that the stack itself is not under, it holds it on some paths only. */
function hold(m: Machine, stack: InstanceAtom, slot: string, held: Value): void {
  const level = only(m.ops.slot(stack, 'undecided'))
  const perhaps = level?.kind === 'const' && typeof level.value === 'number' && m.undecided > level.value
  m.ops.push(stack, slot, perhaps ? m.domain.special('perhaps', [held]) : held)
}

const enterContext: Native = (frame, call) => {
  const m = frame.machine
  const manager = argument(frame, call, 0)
  const stack = only(call.self ?? m.domain.bottom)
  let entered = m.domain.bottom
  for (const atom of manager.atoms) {
    entered = m.domain.join(entered, m.ops.enter(frame, atom, implied(call.site, 'enter'), call.name.includes('async')))
    if (stack?.kind === 'instance')
      hold(m, stack, call.name.includes('async') ? 'async managers' : 'managers', m.domain.of(atom))
  }
  return call.name.includes('async') ? m.domain.special('awaitable', [entered]) : entered
}

const pushCallback: Native = (frame, call) => {
  const m = frame.machine
  const stack = only(call.self ?? m.domain.bottom)
  const [f, ...pos] = call.args.pos
  if (stack?.kind === 'instance' && f !== undefined)
    hold(
      m,
      stack,
      call.name.endsWith('push') || call.name.endsWith('push_async_exit')
        ? 'exits'
        : call.name.includes('async')
          ? 'async callbacks'
          : 'callbacks',
      m.domain.special('partial', [f, ...pos, ...call.args.kw.values()], [String(pos.length), ...call.args.kw.keys()]),
    )
  return f ?? m.domain.none
}

const operatorGetter =
  (kind: string): Native =>
  (frame, call) =>
    frame.machine.domain.special(kind, call.args.pos.slice(1), [stringOf(argument(frame, call, 0)) ?? '?'])

export const FUNCTIONAL: Natives = {
  'functools.partial': partial('partial'),
  'functools.partialmethod': partial('partialmethod'),
  'functools.reduce': reduce,
  'functools.lru_cache': returnsDecorator('cached'),
  'functools.cache': returnsDecorator('cached'),
  'functools.cached_property': wrap('cached_property'),
  'sqlalchemy.ext.hybrid.hybrid_property': wrap('property'),
  'functools.wraps': (frame, call) => frame.machine.domain.special('decorator', [argument(frame, call, 0)], ['wraps']),
  'functools.update_wrapper': (frame, call) =>
    updateWrapper(frame.machine, argument(frame, call, 0), argument(frame, call, 1, 'wrapped')),
  'functools.singledispatch': wrap('singledispatch'),
  'functools.singledispatchmethod': (frame, call) =>
    frame.machine.domain.special('singledispatch', [argument(frame, call, 0)], ['method']),
  'cached.clear': (frame, call) => {
    const m = frame.machine
    for (const atom of call.self?.atoms ?? [])
      for (const [key, cell] of m.cached) if (key.startsWith(`${atom.id}:`)) m.store.write(cell, m.domain.unbound)
    return m.domain.none
  },
  'functools.cmp_to_key': wrap('comparable'),
  'operator.methodcaller': operatorGetter('methodcaller'),
  'operator.attrgetter': operatorGetter('attrgetter'),
  'operator.itemgetter': (frame, call) => frame.machine.domain.special('itemgetter', call.args.pos),
  'contextlib.contextmanager': wrap('managerfactory'),
  'contextlib.asynccontextmanager': wrap('managerfactory'),
  // a context manager as a decorator: its block runs at each call of the function
  'contextlib.ContextDecorator.__call__': (frame, call) =>
    frame.machine.domain.special('managed', [call.self ?? frame.machine.domain.bottom, argument(frame, call, 0)]),
  'contextlib.suppress': (frame, call) => frame.machine.domain.special('suppress', call.args.pos),
  'contextlib.closing': wrap('closing'),
  'contextlib.aclosing': wrap('closing'),
  'contextlib.nullcontext': wrap('nullcontext'),
  'contextlib.redirect_stdout': wrap('nullcontext'),
  'contextlib.redirect_stderr': wrap('nullcontext'),
  'contextlib.ExitStack': exitStack,
  'contextlib.AsyncExitStack': exitStack,
  'contextlib.ExitStack.enter_context': enterContext,
  'contextlib.ExitStack.enter_async_context': enterContext,
  'contextlib.ExitStack.callback': pushCallback,
  'contextlib.ExitStack.push_async_callback': pushCallback,
  'contextlib.ExitStack.push': pushCallback,
  'contextlib.ExitStack.push_async_exit': pushCallback,
  'contextlib.ExitStack.close': (frame, call) => {
    const ended = { way: 'ended', error: null, async: false } as const
    frame.machine.ops.unwind(frame, call.self ?? frame.machine.domain.bottom, call.site, ended)
    return frame.machine.domain.none
  },
  'contextlib.ExitStack.pop_all': (frame, call) => {
    const m = frame.machine
    const made = m.ops.modelled(frame, 'contextlib.ExitStack', call)
    const [to] = made.atoms
    for (const stack of call.self?.atoms ?? []) {
      if (stack.kind !== 'instance' || to?.kind !== 'instance') continue
      for (const name of STACKED) {
        m.ops.push(to, name, m.ops.slot(stack, name))
        m.ops.setSlot(stack, name, m.domain.bottom)
      }
    }
    return made
  },
  'enum.auto': (frame, call) => {
    const m = frame.machine
    const cell = frame.env.kind === 'class' ? frame.env.vars.get('_generate_next_value_') : undefined
    const hook = cell === undefined ? m.domain.unbound : m.store.read(cell)
    if (hook.atoms.some((a) => a.kind === 'unbound')) return m.domain.typed('int')
    const given = ['str', 'int', 'int', 'list'].map((type) => m.domain.typed(type))
    return m.ops.call(frame, hook, positional(...given), implied(call.site, 'invoke'))
  },
  'enum.unique': (frame, call) => argument(frame, call, 0),
  'inspect.iscoroutinefunction': (frame, call) => asyncTest(frame.machine, argument(frame, call, 0)),
  'asyncio.iscoroutinefunction': (frame, call) => asyncTest(frame.machine, argument(frame, call, 0)),
  'inspect.isawaitable': (frame, call) => awaitableTest(frame.machine, argument(frame, call, 0)),
  'inspect.iscoroutine': (frame, call) => awaitableTest(frame.machine, argument(frame, call, 0)),
  'asyncio.iscoroutine': (frame, call) => awaitableTest(frame.machine, argument(frame, call, 0)),
  'typing.assert_never': (frame) => {
    frame.machine.ops.raise(frame, frame.machine.domain.native('AssertionError'))
    return frame.machine.domain.bottom
  },
  'typing.cast': (frame, call) => argument(frame, call, 1),
  'typing.final': (frame, call) => argument(frame, call, 0),
  'typing.overload': (frame, call) => argument(frame, call, 0),
  'typing.runtime_checkable': (frame, call) => argument(frame, call, 0),
  'typing.override': (frame, call) => argument(frame, call, 0),
  'typing.TypeVar': typed('object'),
  'typing.NewType': (frame) => frame.machine.domain.special('decorator', [], ['identity']),
  'abc.abstractmethod': (frame, call) => argument(frame, call, 0),
  'statistics.mean': consuming('float', 0),
  'random.choice': (frame, call) => frame.machine.ops.spread(frame, argument(frame, call, 0), call.site).any,
}

function asyncTest(m: Machine, value: Value): Value {
  const outcomes = new Set(
    value.atoms.map((a) =>
      a.kind === 'function'
        ? a.fn.async && !a.fn.generator
        : a.kind === 'bound' && a.func.kind === 'function'
          ? a.func.fn.async
          : null,
    ),
  )
  const [outcome] = outcomes
  return outcomes.size === 1 && outcome !== null && outcome !== undefined
    ? outcome
      ? m.domain.true
      : m.domain.false
    : m.domain.typed('bool')
}

function awaitableTest(m: Machine, value: Value): Value {
  const outcomes = new Set(
    value.atoms.map((a) =>
      a.kind === 'generator'
        ? a.type === 'coroutine'
        : a.kind === 'const' || a.kind === 'container' || a.kind === 'function'
          ? false
          : null,
    ),
  )
  const [outcome] = outcomes
  return outcomes.size === 1 && outcome !== null && outcome !== undefined
    ? outcome
      ? m.domain.true
      : m.domain.false
    : m.domain.typed('bool')
}
