// Setting and deleting attributes: `__setattr__`, properties and descriptors first, then the field itself.
// A write to one of several possible objects is weak: the old value stays possible.
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { positional, type Atom, type CallArgs, type InstanceAtom, type Value } from '../domain/values.ts'
import { fork } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import { assignLibrary } from '../domain/library-attributes.ts'
import { storeOnError } from './error-attributes.ts'
import { classMember } from './members.ts'
import { refusesAssignment } from './signatures.ts'
import { refuse } from '../language/refusals.ts'
import { replaceNamespace, setField, setOwn } from './namespaces.ts'

/** `object.name = value` */
export interface AttributeWrite {
  readonly object: Value
  readonly name: string
  readonly value: Value
}

export function setAttribute(frame: Frame, { object, name, value }: AttributeWrite, site: CallSite): void {
  const m = frame.machine
  const weak = object.atoms.length > 1
  for (const atom of object.atoms) {
    if (atom.kind === 'instance') setInstanceAttribute(frame, { atom, name, value, site, single: !weak })
    else if (atom.kind === 'external') assignLibrary(m, `${atom.path}.${name}`, value, weak)
    else if (atom.kind === 'special') storeOnError(frame, atom, name, value)
    else if (atom.kind === 'class' || atom.kind === 'module' || atom.kind === 'function') {
      const setter =
        atom.kind === 'class' && atom.metaclass?.kind === 'class' ? classMember(m, atom.metaclass, '__setattr__') : null
      if (setter !== null)
        callHook(frame, setter, positional(m.domain.of(atom), m.domain.constant('str', name), value), site)
      setOwn(m, atom, { name, value, weak })
    }
  }
}

interface Setting extends Pick<DescriptorUse, 'atom' | 'name' | 'site' | 'single'> {
  readonly value: Value
}

function setInstanceAttribute(frame: Frame, { atom, name, value, site, single }: Setting): void {
  const m = frame.machine
  if (atom.cls !== null) {
    const hook = classMember(m, atom.cls, '__setattr__')
    if (hook !== null && hook.atoms.every((a) => a.kind === 'function')) {
      callHook(frame, hook, positional(m.domain.of(atom), m.domain.constant('str', name), value), site)
      return
    }
  }
  if (single && isRefused(frame, atom, name)) return
  setPlainly(frame, { atom, name, value, site, single })
}

/** `object.__setattr__`: descriptors of the class, then the field. */
export function setPlainly(frame: Frame, { atom, name, value, site, single }: Setting): void {
  const own = (): void => writeOwn(frame.machine, atom, name, value)
  throughDescriptors(frame, { atom, name, action: SETTING, args: positional(value), site, single }, own)
}

/** Fields that cannot be assigned: the error is raised. */
function isRefused(frame: Frame, atom: InstanceAtom, name: string): boolean {
  const error = atom.cls === null ? null : refusesAssignment(frame.machine, atom.cls, name)
  if (error === null) return false
  refuse(frame, error)
  return true
}

function writeOwn(m: Machine, atom: InstanceAtom, name: string, value: Value): void {
  if (name === '__dict__') replaceNamespace(m, atom, value)
  else setField(m, atom, name, value)
}

export function deleteAttribute(frame: Frame, object: Value, name: string, site: CallSite): void {
  const m = frame.machine
  for (const atom of object.atoms) {
    if (atom.kind === 'external') assignLibrary(m, `${atom.path}.${name}`, m.domain.unbound, object.atoms.length > 1)
    if (atom.kind !== 'instance' && atom.kind !== 'class' && atom.kind !== 'module') continue
    if (atom.kind === 'instance' && atom.cls !== null) {
      const own = m.ops.typeMethod(frame, atom, '__delattr__')
      if (own !== null) callHook(frame, own, positional(m.domain.constant('str', name)), site)
      else {
        const single = object.atoms.length === 1
        if (single && isRefused(frame, atom, name)) return
        throughDescriptors(frame, { atom, name, action: DELETING, args: positional(), site, single }, () => undefined)
        if (m.stopped) return
      }
    }
    const cell = atom.fields.get(name)
    if (cell === undefined) continue
    const before = m.store.read(cell)
    m.store.write(cell, object.atoms.length > 1 ? m.domain.join(before, m.domain.unbound) : m.domain.unbound)
    m.ops.finalise(frame, before, site)
  }
}

/** Where a property keeps its function for an action, and the method of other descriptors. */
interface DescriptorAction {
  readonly part: number
  readonly method: string
}
const SETTING: DescriptorAction = { part: 1, method: '__set__' }
const DELETING: DescriptorAction = { part: 2, method: '__delete__' }

interface DescriptorUse {
  readonly atom: InstanceAtom
  readonly name: string
  readonly action: DescriptorAction
  /** what the hook gets besides the descriptor and the object */
  readonly args: CallArgs
  readonly site: CallSite
  /** no other object can be meant */
  readonly single: boolean
}

/** Takes an action through what the class may hold under the name (after a branch that is several things); `own` is what happens without a descriptor. */
function throughDescriptors(frame: Frame, use: DescriptorUse, own: () => void): void {
  const m = frame.machine
  const members = use.atom.cls === null ? [] : (classMember(m, use.atom.cls, use.name)?.atoms ?? [])
  const hooks = members.map((member) => descriptorHook(m, use.atom, member, use.action))
  const called = m.domain.joinAll(hooks.filter((hook) => hook !== null))
  const ways: (() => boolean)[] = []
  if (called.atoms.length > 0) ways.push(() => (callHook(frame, called, use.args, use.site), true))
  if (hooks.length === 0 || hooks.includes(null)) ways.push(() => (own(), true))
  const readOnly = (): boolean => (m.ops.raise(frame, m.domain.native('AttributeError')), false)
  if (ways.length === 0) {
    // every possibility is read-only: what follows does not run, unless another object is meant
    if (use.single) m.stopped = !readOnly()
    return
  }
  if (hooks.some((hook) => hook?.atoms.length === 0)) ways.push(readOnly)
  fork(frame, ways, ways.length > 1)
}

/** What a member of the class does for an action, the descriptor and the object already given; null: it leaves it to the object, empty: it refuses. */
function descriptorHook(m: Machine, atom: InstanceAtom, member: Atom, action: DescriptorAction): Value | null {
  if (member.kind === 'special' && member.type === 'property')
    return m.domain.boundTo(member.parts[action.part] ?? m.domain.bottom, atom)
  if (member.kind !== 'instance' || member.cls === null) return null
  const hook = classMember(m, member.cls, action.method)
  return hook === null ? null : m.domain.special('partial', [hook, m.domain.of(member), m.domain.of(atom)], ['2'])
}

function callHook(frame: Frame, hook: Value, args: CallArgs, site: CallSite): void {
  frame.machine.ops.call(frame, hook, args, implied(site, 'property'))
}
