// `method_decorator(decorator, name)` of Django: decorators for functions, applied to methods (django/utils/decorators.py).
// Must stay true: where the class is made each decorator runs once, over a stand-in whose body is empty; at each call of the method each one runs
// again, over the bound method, and what they made is called. So the method's own body never runs at import.
import type { LibraryCall } from '../domain/instances.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { stringOf, type CallArgs, type SpecialAtom, type Value } from '../domain/values.ts'
import { decorate } from '../objects/decoration.ts'

/** `method_decorator(decorator, name='dispatch')`: the decorator that is made. */
export function methodDecorator(frame: Frame, call: LibraryCall): Value {
  const m = frame.machine
  const decorators = call.args.pos[0] ?? call.args.kw.get('decorator') ?? m.domain.bottom
  const name = call.args.pos[1] ?? call.args.kw.get('name')
  return m.domain.special('method-decorator', [decorators], [name === undefined ? '' : (stringOf(name) ?? '')])
}

/** The decorator at work: a method becomes another callable, a class gets one in place of the method that is named. */
export function decorateMethod(frame: Frame, atom: SpecialAtom, target: Value, site: CallSite): Value {
  const m = frame.machine
  const decorators = inOrder(frame, atom.parts[0] ?? m.domain.bottom, site)
  const standIn = m.domain.special('nullary', [m.domain.none])
  for (const decorator of decorators) decorate(frame, decorator, standIn, implied(site, 'decorator'))
  const name = atom.names[0] ?? ''
  const made = (method: Value): Value => m.domain.special('decorated-method', [method, ...decorators])
  if (name === '' || !target.atoms.every((a) => a.kind === 'class')) return made(target)
  const method = m.ops.getAttribute(frame, target, name, implied(site, 'property'))
  m.ops.setAttribute(frame, { object: target, name, value: made(method) }, implied(site))
  return target
}

/** A call of such a method: the object comes first, the decorators get the method that is bound to it. */
export function callDecoratedMethod(frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const [method = m.domain.bottom, ...decorators] = atom.parts
  const [self, ...pos] = args.pos
  let callee =
    self === undefined
      ? method
      : m.domain.joinAll(self.atoms.flatMap((object) => method.atoms.map((f) => m.domain.bound(f, object))))
  for (const decorator of decorators.toReversed())
    callee = decorate(frame, decorator, callee, implied(site, 'decorator'))
  return m.ops.call(frame, callee, { ...args, pos }, implied(site))
}

/** One decorator, or those of a list or tuple, the outermost first. */
function inOrder(frame: Frame, decorators: Value, site: CallSite): readonly Value[] {
  if (!decorators.atoms.every((a) => a.kind === 'container')) return [decorators]
  const { elements, any } = frame.machine.ops.spread(frame, decorators, implied(site, 'iterate'))
  return elements ?? [any]
}
