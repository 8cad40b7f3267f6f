// Forms with choices of models: validating a bound one looks the choice up, showing one lists the choices. The form itself, and validating one
// without such a field, ask nothing. Which fields a form over a model has is read from its `Meta`.
import { recordOperation } from '../machine/frames.ts'
import type { LibraryCall } from '../domain/instances.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { ASSUMED, only, type CallArgs, type ClassAtom, type InstanceAtom, type Value } from '../domain/values.ts'
import { classMember } from '../objects/members.ts'
import { elements } from '../domain/containers.ts'
import { derives } from './models.ts'

const FORMS = ['django.forms.Form', 'django.forms.ModelForm', 'django.forms.BaseForm', 'django.forms.BaseModelForm']
const CHOICE = /^django\.forms\.(?:models\.)?Model(?:Multiple)?ChoiceField(?:\(\))?$/
const RELATION = /^django\.(?:\w+\.)*(?:ForeignKey|OneToOneField|ManyToManyField)(?:\(\))?$/
const BOUND = 'django:bound'

const VALIDATING = /\.(?:is_valid|full_clean)$/
const SHOWING = /\.(?:as_p|as_table|as_ul|as_div|render)$/

const isForm = (m: Machine, object: InstanceAtom): boolean => object.cls !== null && derives(m, object.cls, FORMS)

/** The constructor of a form: with data it is bound, and can be validated. */
export function buildForm(m: Machine, object: InstanceAtom, args: CallArgs): void {
  if (!isForm(m, object)) return
  const data = args.pos[0] ?? args.kw.get('data')
  const unknown = args.restPos !== null || args.restKw !== null
  if (unknown || (data !== undefined && data !== m.domain.none)) m.ops.setSlot(object, BOUND, m.domain.true)
}

/** A call of a form's method: records what its model choices ask. What the call gives is the catalogue's business. */
export function formCall(frame: Frame, call: LibraryCall): void {
  const m = frame.machine
  const { self, path } = call
  const what = VALIDATING.test(path) ? 'validated' : SHOWING.test(path) ? 'shown' : null
  if (what === null || self === null || self.cls === null || !isForm(m, self)) return
  if (what === 'validated' && m.ops.slot(self, BOUND).atoms.length === 0) return
  if (!hasModelChoice(m, self.cls)) return
  const [row] = m.catalogue.rows(`django.forms.BaseForm.<${what}-model-choice>`)
  if (row !== undefined) recordOperation(frame, row, { site: call.site.site, resolution: ASSUMED, built: null })
}

function hasModelChoice(m: Machine, cls: ClassAtom): boolean {
  return hasField(m, cls, CHOICE, () => true) || hasRelation(m, cls)
}

function hasField(m: Machine, cls: ClassAtom, type: RegExp, wanted: (name: string) => boolean): boolean {
  return cls.mro.some(
    (base) =>
      base.kind === 'class' &&
      [...base.fields].some(
        ([name, cell]) =>
          wanted(name) && m.store.read(cell).atoms.some((a) => a.kind === 'instance' && type.test(a.ext ?? '')),
      ),
  )
}

/** `class Meta: model = Item; fields = ["name", "shop"]`: the relations among the fields become choices. */
function hasRelation(m: Machine, cls: ClassAtom): boolean {
  const meta = only(classMember(m, cls, 'Meta') ?? m.domain.bottom)
  if (meta?.kind !== 'class') return false
  const model = only(classMember(m, meta, 'model') ?? m.domain.bottom)
  if (model?.kind !== 'class') return false
  const fields = namesIn(m, classMember(m, meta, 'fields'))
  const without = namesIn(m, classMember(m, meta, 'exclude'))
  return hasField(m, model, RELATION, (name) => fields?.includes(name) !== false && without?.includes(name) !== true)
}

/** The names of a list or tuple; null when it is not one (`"__all__"`, or nothing at all). */
function namesIn(m: Machine, value: Value | null): readonly string[] | null {
  const atom = value === null ? null : only(value)
  if (atom?.kind !== 'container') return null
  return (elements(m, atom).list ?? []).flatMap((one) => {
    const name = only(one)
    return name?.kind === 'const' && typeof name.value === 'string' ? [name.value] : []
  })
}
