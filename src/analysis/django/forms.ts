// Forms with choices of models: validating a bound one looks the choice up, showing one lists the choices; a form over a model also looks whether
// unique values are taken. The form itself, and validating one without such fields, ask nothing. Which fields a form over a model has is read from
// its `Meta`. Validating runs what the form's own `clean` and `clean_<field>` do.
import { recordOperation } from '../machine/frames.ts'
import { implied } from '../machine/sites.ts'
import type { LibraryCall } from '../domain/instances.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import {
  ASSUMED,
  NO_ARGS,
  only,
  type CallArgs,
  type ClassAtom,
  type InstanceAtom,
  type Value,
} from '../domain/values.ts'
import { classMember } from '../objects/members.ts'
import { elements } from '../domain/containers.ts'
import { derives } from './models.ts'
import { hasUnique } from './validation.ts'

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
  if (what === 'shown') ask(frame, self.cls, what, call.site)
  else validate(frame, self, self.cls, call.site)
}

/** `str(form)`, `f"{form}"`: shows it. */
export function formShown(frame: Frame, object: InstanceAtom, names: readonly string[], site: CallSite): void {
  if (names.includes('__str__') && object.cls !== null && isForm(frame.machine, object))
    ask(frame, object.cls, 'shown', site)
}

/** `form.errors` validates it. */
export function formMember(frame: Frame, object: InstanceAtom, name: string, site: CallSite): void {
  if (name === 'errors' && object.cls !== null && isForm(frame.machine, object))
    validate(frame, object, object.cls, site)
}

function validate(frame: Frame, form: InstanceAtom, cls: ClassAtom, site: CallSite): void {
  const m = frame.machine
  if (m.ops.slot(form, BOUND).atoms.length === 0) return
  ask(frame, cls, 'validated', site)
  // a field that is not valid is not cleaned any further
  m.ops.maybe(frame, () => runOwn(frame, form, /^clean(?:_\w+)?$/, site))
}

/** Calls the methods that the classes of the tree give an object, as the library does with those of such names. */
export function runOwn(frame: Frame, object: InstanceAtom, names: RegExp, site: CallSite): void {
  const m = frame.machine
  const own = new Set<string>()
  for (const base of object.cls?.mro ?? [])
    if (base.kind === 'class') for (const name of base.fields.keys()) if (names.test(name)) own.add(name)
  for (const name of own) {
    const method = m.ops.getAttribute(frame, m.domain.of(object), name, implied(site, 'property'))
    m.ops.call(frame, method, NO_ARGS, implied(site, 'invoke'))
  }
}

function ask(frame: Frame, cls: ClassAtom, what: 'validated' | 'shown', site: CallSite): void {
  const m = frame.machine
  if (
    !hasModelChoice(m, cls) &&
    !(what === 'validated' && hasFieldOfModel(m, cls, (model, has) => hasUnique(m, model, has)))
  )
    return
  const [row] = m.catalogue.rows(`django.forms.BaseForm.<${what}-model-choice>`)
  if (row !== undefined) recordOperation(frame, row, { site: site.site, resolution: ASSUMED, built: null })
}

function hasModelChoice(m: Machine, cls: ClassAtom): boolean {
  return (
    hasField(m, cls, CHOICE, () => true) ||
    // relations among the fields become choices
    hasFieldOfModel(m, cls, (model, isOfForm) => hasField(m, model, RELATION, isOfForm))
  )
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

/** `class Meta: model = Item; fields = ["name", "shop"]`: whether the model has such a field among those of the form. */
function hasFieldOfModel(
  m: Machine,
  cls: ClassAtom,
  test: (model: ClassAtom, isOfForm: (name: string) => boolean) => boolean,
): boolean {
  const meta = only(classMember(m, cls, 'Meta') ?? m.domain.bottom)
  if (meta?.kind !== 'class') return false
  const model = only(classMember(m, meta, 'model') ?? m.domain.bottom)
  if (model?.kind !== 'class') return false
  const fields = namesIn(m, classMember(m, meta, 'fields'))
  const without = namesIn(m, classMember(m, meta, 'exclude'))
  return test(model, (name) => fields?.includes(name) !== false && without?.includes(name) !== true)
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
