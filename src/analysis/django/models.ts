// Model classes by name: an application's label and a model's name, resolved over the tree as Django's registry does after it imported the models.
// A model that is not in the tree is a library type; what is in neither is not known.
import type { LoadedModule } from '../../program/program.ts'
import { moduleAtom } from '../language/bodies.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, stringOf, type Atom, type ClassAtom, type Value } from '../domain/values.ts'
import { settingStrings } from './settings.ts'

export const MODEL = 'django.db.models.Model'
const MODELS_FILE = /^(?:(.*)\/)?models(?:\.py|\/.+\.py)$/

/** `apps.get_model("shop", "Item")`, `apps.get_model("shop.Item")`; null when the names are not constants or no such model is in the tree. */
export function modelNamed(frame: Frame, label: string, name: string, at: CallSite): Value | null {
  const m = frame.machine
  for (const file of filesOf(m, label)) {
    const cls = classIn(m.program.modules.get(file), name)
    if (cls === null) continue
    m.ops.importModule(frame, m.program.moduleName(file), null, at.site)
    const cell = moduleAtom(m, file)?.fields.get(cls)
    const value = cell === undefined ? null : m.domain.filter(m.store.read(cell), (a) => a.kind === 'class')
    if (value !== null && value.atoms.length > 0) return value
  }
  return null
}

/** The files in which an application of that label defines its models; those not read yet are asked for. */
function filesOf(m: Machine, label: string): string[] {
  const out: string[] = []
  for (const file of m.program.files.keys()) {
    const match = MODELS_FILE.exec(file)
    if (match === null || !isLabel(m, match[1] ?? '', label)) continue
    if (m.program.modules.has(file)) out.push(file)
    else moduleAtom(m, file)
  }
  return out.toSorted()
}

/** An application's label is the last part of its path, unless its configuration gives another one. */
function isLabel(m: Machine, folder: string, label: string): boolean {
  const own = labelIn(m.program.modules.get(`${folder}/apps.py`))
  return own === null ? folder.slice(folder.lastIndexOf('/') + 1) === label : own === label
}

function labelIn(apps: LoadedModule | undefined): string | null {
  for (const s of apps?.ir.body ?? []) {
    if (s.k !== 'class') continue
    for (const inner of s.cls.body) {
      const target = inner.k === 'assign' ? inner.targets[0] : undefined
      if (inner.k === 'assign' && target?.k === 'name' && target.id === 'label' && inner.x.k === 'const')
        return typeof inner.x.v === 'string' ? inner.x.v : null
    }
  }
  return null
}

/** Model names are compared without regard to case. */
function classIn(module: LoadedModule | undefined, name: string): string | null {
  for (const s of module?.ir.body ?? [])
    if (s.k === 'class' && s.cls.name.toLowerCase() === name.toLowerCase()) return s.cls.name
  return null
}

/** The user model: what `AUTH_USER_MODEL` names in the tree, otherwise Django's own. */
export function userModel(frame: Frame, at: CallSite): Value {
  const m = frame.machine
  const named = [...new Set(settingStrings(m, 'AUTH_USER_MODEL'))]
  const found = named.flatMap((text) => dotted(frame, text, at) ?? [])
  return found.length > 0 ? m.domain.joinAll(found) : m.domain.external('django.contrib.auth.models.User')
}

/** A model by `label.Name`. */
export function dotted(frame: Frame, text: string, at: CallSite): Value | null {
  const [label, name, ...rest] = text.split('.')
  if (label === undefined || name === undefined || rest.length > 0) return null
  return modelNamed(frame, label, name, at)
}

/** What a foreign key or `get_model` names: a class, `"self"`, `"Name"` of the same application, `"label.Name"`. */
export function modelOf(frame: Frame, target: Value, owner: ClassAtom | null, at: CallSite): Value | null {
  const m = frame.machine
  const atom = only(target)
  if (atom?.kind === 'class') return target
  const text = stringOf(target)
  if (text === null) {
    const user = target.atoms.some((a) => a.kind === 'external' && a.path === 'django.conf.settings.AUTH_USER_MODEL')
    return user ? userModel(frame, at) : null
  }
  if (text === 'self') return owner === null ? null : m.domain.of(owner)
  if (text.includes('.')) return dotted(frame, text, at)
  if (owner === null) return null
  const own = owner.env.module.fields.get(text)
  const value = own === undefined ? null : m.domain.filter(m.store.read(own), (a) => a.kind === 'class')
  if (value !== null && value.atoms.length > 0) return value
  return modelNamed(frame, labelOf(owner), text, at)
}

/** The folder of the application that defines a model class. */
export function labelOf(cls: ClassAtom): string {
  const folder = MODELS_FILE.exec(cls.site.module.file)?.[1] ?? ''
  return folder.slice(folder.lastIndexOf('/') + 1)
}

/** A class of the tree that derives, over its bases, from one of these library types. */
export function derives(m: Machine, atom: Atom, types: readonly string[]): boolean {
  return (
    atom.kind === 'class' &&
    atom.mro.some((base) => base.kind === 'external' && shares(m, base.path).some((type) => types.includes(type)))
  )
}

function shares(m: Machine, path: string): readonly string[] {
  return m.catalogue.lineage(path)
}
