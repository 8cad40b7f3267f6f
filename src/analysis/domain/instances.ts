// Library objects as values: one per place and type, so that what is stored on them is found again.
// A type that the tree defines itself is that class, not the library's.
import { allocate } from '../machine/frames.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import {
  RESOLVED,
  type CallArgs,
  type ClassAtom,
  type InstanceAtom,
  type Pending,
  type Resolution,
  type Site,
} from './values.ts'

/** What a call is unless something else is said of it: of a function that is there. */
export const KNOWN_CALL = { self: null, owner: null, unresolved: false, missing: false } as const

/** What makes one object differ from another when it is new: its class, or its library type. */
interface InstanceDraft
  extends Pick<InstanceAtom, 'cls' | 'ext' | 'site'>,
    Partial<Pick<InstanceAtom, 'fields' | 'resolution' | 'multiple' | 'pending'>> {}

/** An object as it is when it is made. */
export function instanceDraft({ cls, ext, site, ...rest }: InstanceDraft): Omit<InstanceAtom, 'id' | 'single'> {
  return {
    kind: 'instance',
    cls,
    ext,
    resolution: rest.resolution ?? RESOLVED,
    fields: rest.fields ?? new Map(),
    site,
    multiple: rest.multiple ?? false,
    folded: null,
    pending: rest.pending ?? null,
    slots: new Map(),
  }
}

/** An object of a library type that a model makes: one for each place of the call, found again in every round. */
export function libraryObject(frame: Frame, type: string, at: CallSite): InstanceAtom {
  return allocate(frame, `obj${at.site.module.file}:${at.site.p}:${type}`, () =>
    frame.machine.domain.make(instanceDraft({ cls: null, ext: type, site: at.site })),
  )
}

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

/** Where a library made an object, how sure that is, and the call that it stands for where its work is still to come. */
interface Making {
  readonly site: Site
  readonly resolution: Resolution
  readonly pending?: Pending | null
}

export function libraryInstance(
  frame: Frame,
  type: string,
  { site, resolution, pending = null }: Making,
): InstanceAtom {
  const m = frame.machine
  const ext = m.catalogue.canonical(type)
  const inTree = m.ops.classByPath(ext)
  const key = `lib${site.module.file}:${site.p}:${site.e}:${ext}:${resolution}:${pending?.symbol ?? ''}:${pending?.args.pos.map((v) => v.id).join(',') ?? ''}:${pending?.self?.id ?? ''}`
  return allocate(frame, key, () =>
    m.domain.make(instanceDraft({ cls: inTree, ext: inTree === null ? ext : null, site, resolution, pending })),
  )
}

/** What a call gives: an object of a library type, at the place of the call and as sure as it. */
export function madeByCall(frame: Frame, type: string, { site, resolution }: LibraryCall): InstanceAtom {
  return libraryInstance(frame, type, { site: site.site, resolution })
}

/** The library types of an object: its own, or those that its class in the tree is derived from. */
export function libraryTypes({ ext, cls }: InstanceAtom): string[] {
  return ext === null ? (cls?.mro ?? []).flatMap((base) => (base.kind === 'external' ? [base.path] : [])) : [ext]
}
