// Library objects as values: one per place and type, so that what is stored on them is found again.
// A type that the tree defines itself is that class, not the library's.
import { allocate } from '../machine/frames.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import type { CallArgs, ClassAtom, InstanceAtom, Pending, Resolution, Site } from './values.ts'

export interface LibraryCall {
  /** canonical access path of the callee */
  readonly path: string
  readonly self: InstanceAtom | null
  /** the class through which a class method is called */
  readonly owner: ClassAtom | null
  readonly args: CallArgs
  readonly site: CallSite
  readonly resolution: Resolution
  readonly unresolved: boolean
  /** imported from a place of the tree where nothing is */
  readonly missing: boolean
}

export function libraryInstance(
  frame: Frame,
  type: string,
  site: Site,
  resolution: Resolution,
  pending: Pending | null,
): InstanceAtom {
  const m = frame.machine
  const ext = m.catalogue.canonical(type)
  const inTree = m.ops.classByPath(ext)
  const key = `lib${site.module.file}:${site.p}:${site.e}:${ext}:${resolution}:${pending?.symbol ?? ''}:${pending?.args.pos.map((v) => v.id).join(',') ?? ''}:${pending?.self?.id ?? ''}`
  return allocate(frame, key, () =>
    m.domain.make({
      kind: 'instance',
      cls: inTree,
      ext: inTree === null ? ext : null,
      resolution,
      fields: new Map(),
      site,
      multiple: false,
      folded: null,
      pending,
      slots: new Map(),
    }),
  )
}
