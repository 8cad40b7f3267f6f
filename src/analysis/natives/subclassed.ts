// What methods of `object` and `dict` do to objects of the tree that call them by name or through `super()`: attributes, and items of classes below `dict`.
// Items are kept like those of library objects, by key; the constructor fills them in.
import { implied } from '../machine/sites.ts'
import { setPlainly } from '../objects/attribute-writing.ts'
import type { Frame } from '../machine/machine.ts'
import { stringOf, type ClassAtom, type InstanceAtom, type Value } from '../domain/values.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'

/** The objects that a method is called on, and the position of its first argument: `dict.__getitem__(d, k)` or `super().__getitem__(k)`. */
function receivers(
  frame: Frame,
  call: NativeCall,
): { readonly objects: readonly InstanceAtom[]; readonly first: number } {
  const given = call.self ?? argument(frame, call, 0)
  const objects = given.atoms.filter((atom) => atom.kind === 'instance')
  return { objects, first: call.self === null ? 1 : 0 }
}

const getItem: Native = (frame, call) => {
  const { objects, first } = receivers(frame, call)
  const key = argument(frame, call, first)
  return frame.machine.domain.joinAll(
    objects.map((object) => frame.machine.ops.externalItem(frame, object, key, call.site)),
  )
}

const setItem: Native = (frame, call) => {
  const { objects, first } = receivers(frame, call)
  for (const object of objects)
    frame.machine.ops.setExternalItem(object, argument(frame, call, first), argument(frame, call, first + 1))
  return frame.machine.domain.none
}

/** `object.__setattr__`: descriptors of the class, then the field. */
const setAttribute: Native = (frame, call) => {
  const { objects, first } = receivers(frame, call)
  const name = stringOf(argument(frame, call, first))
  const value = argument(frame, call, first + 1)
  const [atom] = objects
  if (name !== null && atom !== undefined && objects.length === 1)
    setPlainly(frame, { atom, name, value, site: implied(call.site, 'property'), single: true })
  return frame.machine.domain.none
}

/** `dict.__init__`: the items of a mapping and of keywords. */
export function fillFrom(frame: Frame, object: InstanceAtom, call: Pick<NativeCall, 'args' | 'site'>): void {
  const { ops, domain } = frame.machine
  const [mapping] = call.args.pos
  const entries: (readonly [string, Value])[] =
    mapping === undefined ? [] : [...ops.entries(frame, mapping, call.site).known]
  for (const [name, value] of [...entries, ...call.args.kw])
    ops.setExternalItem(object, domain.constant('str', name), value)
}

/** A class of the tree whose objects are dictionaries. */
export function isDictionary(cls: ClassAtom): boolean {
  return cls.mro.some((base) => base.kind === 'native' && base.name === 'dict')
}

export const SUBCLASSED: Natives = {
  'super.__setattr__': setAttribute,
  'object.__setattr__': setAttribute,
  'super.__getitem__': getItem,
  'super.__setitem__': setItem,
}

/** Methods of `dict` that are called by name on an object of such a class. */
export const UNBOUND: Natives = { 'dict.__getitem__': getItem, 'dict.__setitem__': setItem }
