// Managers of models that the tree does not define, or not in full: by the name of a models module, by `get_model`, by the fields of a class.
// What is found here is assumed, because nothing of the tree says that it is a model; Django's own models are known.
import { libraryInstance } from '../domain/instances.ts'
import { ASSUMED, leastSure, type Atom, type ExternalAtom, type Value } from '../domain/values.ts'
import type { CallSite, Frame } from '../machine/machine.ts'
import { hasModelFields } from './calls.ts'
import { MANAGER, setModels } from './querysets.ts'

const MANAGERS = /^(?:objects|_default_manager|_base_manager)$/
const OUTSIDE_MODEL = /(?:^|\.)models(?:\.\w+)*\.[A-Z]\w*$|^django\.apps\.(?:apps|AppConfig)\.get_model(?:\(\))?$/

/** `Name.objects`, `Name._default_manager`, `Name` a class of a models module that is not in the tree, or what `get_model` gave: a manager, by Django's convention. */
export function outsideModel(frame: Frame, atom: ExternalAtom, name: string, site: CallSite): Value | null {
  if (!MANAGERS.test(name) || !OUTSIDE_MODEL.test(atom.path)) return null
  const own = atom.path.startsWith('django.contrib.') ? atom.resolution : leastSure(atom.resolution, ASSUMED)
  const manager = libraryInstance(frame, MANAGER, { site: site.site, resolution: own })
  if (atom.path.startsWith('django.contrib.')) setModels(frame.machine, manager, frame.machine.domain.of(atom))
  return frame.machine.domain.of(manager)
}

/** `Item.objects`, `Item` a class of the tree with fields of a model below a base that is not in the tree: a manager, too. */
export function modelByFields(frame: Frame, self: Atom, name: string, site: CallSite): Value | null {
  const m = frame.machine
  if (!MANAGERS.test(name) || self.kind !== 'class' || !hasModelFields(m, self)) return null
  const manager = libraryInstance(frame, MANAGER, { site: site.site, resolution: ASSUMED })
  setModels(m, manager, m.domain.of(self))
  return m.domain.of(manager)
}
