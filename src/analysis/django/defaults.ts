// Defaults of model fields: a callable is kept with the field and runs whenever an instance is built without that field, with peewee also when it
// is given. Instances that come from the database are given all their columns: no default runs for them.
import { madeByCall, type LibraryCall } from '../domain/instances.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { NO_ARGS, type CallArgs, type InstanceAtom, type Value } from '../domain/values.ts'
import { classMember } from '../objects/members.ts'
import { derives, MODEL } from './models.ts'

const DEFAULT = 'django:default'
const PEEWEE = 'peewee.Model'
/** Types of instances that run the defaults of their fields when they are built; other libraries do so when they save. */
const BUILDING = [
  MODEL,
  PEEWEE,
  'tortoise.models.Model',
  'mongoengine.Document',
  'mongoengine.EmbeddedDocument',
  'piccolo.table.Table',
]
/** Fields of these libraries. */
const FIELD =
  /^(?:peewee\.\w+Field|tortoise\.fields\.\w+|mongoengine(?:\.fields)?\.\w+Field|piccolo\.columns(?:\.\w+)*\.[A-Z]\w+)$/
/** Code of the tree; what a library's function gives as a default is no work. */
const CODE: ReadonlySet<string> = new Set(['function', 'bound', 'special'])

/** Keeps `default=` with the field it belongs to. */
export function keepDefault(m: Machine, field: InstanceAtom, args: CallArgs): void {
  const value = args.kw.get('default')
  if (value?.atoms.some((a) => CODE.has(a.kind)) === true) m.ops.setSlot(field, DEFAULT, value)
}

/** A field of another library than Django, when it keeps code of the tree as its default; null leaves the call to the catalogue. */
export function defaultingField(frame: Frame, call: LibraryCall): Value | null {
  if (call.self !== null || !FIELD.test(call.path) || !call.args.kw.has('default')) return null
  const made = madeByCall(frame, `${call.path}()`, call)
  keepDefault(frame.machine, made, call.args)
  return made.slots.has(DEFAULT) ? frame.machine.domain.of(made) : null
}

/** Building an instance: the defaults of the fields that it is not given. */
export function runDefaults(frame: Frame, object: InstanceAtom, args: CallArgs, site: CallSite): void {
  const m = frame.machine
  if (object.cls === null || !derives(m, object.cls, BUILDING)) return
  const always = derives(m, object.cls, [PEEWEE])
  for (const [name, value] of defaultsOf(m, object)) {
    if (args.kw.has(name) && !always) continue
    const run = (): unknown => m.ops.call(frame, value, NO_ARGS, implied(site, 'invoke'))
    // fields by position, or in a mapping that is not known
    if (args.pos.length > 0 || args.restPos !== null || args.restKw !== null) m.ops.maybe(frame, run)
    else run()
  }
}

/** `Model.create(...)` of peewee builds an instance, defaults and all, and saves it: the catalogue says what its own `save` does. */
export function createRecord(frame: Frame, { path, owner, args, site }: LibraryCall): void {
  const { domain, ops } = frame.machine
  if (owner === null || path !== `${PEEWEE}.create`) return
  const made = ops.call(frame, domain.of(owner), args, implied(site, 'construct'))
  if (frame.machine.stopped || classMember(frame.machine, owner, 'save') === null) return
  const save = ops.getAttribute(frame, made, 'save', implied(site, 'property'))
  ops.call(frame, save, { ...NO_ARGS, kw: new Map([['force_insert', domain.true]]) }, implied(site, 'invoke'))
}

function defaultsOf(m: Machine, object: InstanceAtom): ReadonlyMap<string, Value> {
  const out = new Map<string, Value>()
  for (const base of object.cls?.mro ?? [])
    for (const [name, cell] of base.kind === 'class' ? base.fields : []) {
      const [field] = cell.value.atoms
      if (field?.kind !== 'instance' || !field.slots.has(DEFAULT) || out.has(name)) continue
      out.set(name, m.ops.slot(field, DEFAULT))
    }
  return out
}
