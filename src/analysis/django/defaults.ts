// Defaults of model fields: a callable is kept with the field and runs whenever an instance is built without that field.
// Instances that come from the database are given all their columns: no default runs for them.
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { NO_ARGS, type CallArgs, type InstanceAtom, type Value } from '../domain/values.ts'
import { derives, MODEL } from './models.ts'

const DEFAULT = 'django:default'
/** Code of the tree; what a library's function gives as a default is no work. */
const CODE: ReadonlySet<string> = new Set(['function', 'bound', 'special'])

/** Keeps `default=` with the field it belongs to. */
export function keepDefault(m: Machine, field: InstanceAtom, args: CallArgs): void {
  const value = args.kw.get('default')
  if (value?.atoms.some((a) => CODE.has(a.kind)) === true) m.ops.setSlot(field, DEFAULT, value)
}

/** Building an instance: the defaults of the fields that it is not given. */
export function runDefaults(frame: Frame, object: InstanceAtom, args: CallArgs, site: CallSite): void {
  const m = frame.machine
  if (object.cls === null || !derives(m, object.cls, [MODEL])) return
  for (const [name, value] of defaultsOf(m, object)) {
    if (args.kw.has(name)) continue
    const run = (): unknown => m.ops.call(frame, value, NO_ARGS, implied(site, 'invoke'))
    // fields by position, or in a mapping that is not known
    if (args.pos.length > 0 || args.restPos !== null || args.restKw !== null) m.ops.maybe(frame, site.site, run)
    else run()
  }
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
