// Service registries: names given to register_service are objects at a distance. A key that nobody registered is None at run time: not followed.
import type { CatalogueRow } from '../../catalogue/model.ts'
import { instanceByAnnotation } from '../language/annotations.ts'
import { recordNote } from '../machine/frames.ts'
import { libraryInstance, type LibraryCall } from '../domain/instances.ts'
import type { Frame } from '../machine/machine.ts'
import { builtService, providedService } from '../entries/startup.ts'
import { ASSUMED, stringOf, type Value } from '../domain/values.ts'

export function serviceCall(frame: Frame, call: LibraryCall, rows: readonly CatalogueRow[]): Value | null {
  const m = frame.machine
  const row = rows.find((r) => r.role === 'registry')
  if (row === undefined || call.self === null || row.when !== 'call') return null
  const key = call.args.pos[0] ?? call.args.kw.get('name') ?? call.args.kw.get('service_name') ?? m.domain.bottom
  const stores = (row.arguments?.length ?? 0) > 1
  if (stores) {
    const value = call.args.pos[1] ?? call.args.kw.get('service') ?? call.args.kw.get('instance') ?? m.domain.none
    const name = stringOf(key)
    if (name === null) m.ops.push(call.self, 'service:*', value)
    else m.ops.setSlot(call.self, `service:${name}`, value)
    return m.domain.none
  }
  const out: Value[] = []
  for (const atom of key.atoms)
    out.push(
      atom.kind === 'const' && atom.type === 'str'
        ? service(frame, call, String(atom.value))
        : m.domain.unknown('string-key-unresolved', true),
    )
  return m.domain.joinAll(out)
}

function service(frame: Frame, call: LibraryCall, name: string): Value {
  const m = frame.machine
  const own =
    call.self === null
      ? m.domain.bottom
      : m.domain.join(m.ops.slot(call.self, `service:${name}`), m.ops.slot(call.self, 'service:*'))
  if (own.atoms.length > 0) return own
  const type = m.catalogue.services.get(name)
  if (type === undefined) {
    recordNote(frame, { note: 'service', site: call.site.site, text: name, function: null })
    return providedService(m, name) ?? m.domain.unknown('string-key-unresolved', true)
  }
  const made = m.options.services.has(name) ? builtService(m, type) : null
  if (made !== null) return made
  const cls = m.ops.classByPath(type)
  if (cls !== null) return m.domain.of(instanceByAnnotation(m, cls))
  return m.domain.of(libraryInstance(frame, type, { site: call.site.site, resolution: ASSUMED }))
}
