// What Django's calls give and run beyond their catalogue rows: models by name, managers made of query sets, commands of the tree, URL
// configurations by name, fields of relations. Null leaves a call to the catalogue.
import type { LibraryRead } from '../library/externals.ts'
import { libraryInstance, madeByCall, type LibraryCall } from '../domain/instances.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { moduleAtom } from '../language/bodies.ts'
import {
  ASSUMED,
  stringOf,
  type Atom,
  type CallArgs,
  type ClassAtom,
  type InstanceAtom,
  type Value,
  NO_ARGS,
  positional,
} from '../domain/values.ts'
import { derives, dotted, labelOf, MODEL, modelNamed, userModel } from './models.ts'
import { cacheCall } from './caches.ts'
import { createRecord, defaultingField, keepDefault, runDefaults } from './defaults.ts'
import { buildForm, formCall, formMember, runOwn } from './forms.ts'
import { methodDecorator } from './method-decorators.ts'
import { keptAnswer, keepGiven, MANAGER, modelsOf, setResult } from './querysets.ts'
import type { CatalogueRow } from '../../catalogue/model.ts'
import { keepUnique, validation } from './validation.ts'
import { forgetRelations, reverseRelation, TARGET } from './relations.ts'
import { modelSignals, relationChanged, SIGNALS, connect } from './signals.ts'

type FrameworkCall = (frame: Frame, call: LibraryCall) => Value | null

const given = (call: LibraryCall, index: number, name: string): Value | null =>
  call.args.pos[index] ?? call.args.kw.get(name) ?? null

const getModel: FrameworkCall = (frame, call) => {
  const first = given(call, 0, 'app_label')
  const second = given(call, 1, 'model_name')
  const label = first === null ? null : stringOf(first)
  const name = second === null ? null : stringOf(second)
  if (label === null)
    return first?.atoms.some((a) => a.kind === 'external' && a.path.endsWith('settings.AUTH_USER_MODEL')) === true
      ? userModel(frame, call.site)
      : null
  return name === null ? dotted(frame, label, call.site) : modelNamed(frame, label, name, call.site)
}

/** `self.get_model("Item")` of an application configuration. */
const ownModel: FrameworkCall = (frame, call) => {
  const name = given(call, 0, 'model_name')
  const text = name === null ? null : stringOf(name)
  if (text === null || call.self === null) return null
  const label = applicationOf(frame, call.self, call.site)
  return label === null ? null : modelNamed(frame, label, text, call.site)
}

function applicationOf(frame: Frame, config: InstanceAtom, site: CallSite): string | null {
  const m = frame.machine
  const known = stringOf(m.ops.slot(config, 'django:label'))
  if (known !== null || config.cls === null) return known
  const read = (name: string): string | null =>
    stringOf(m.ops.getAttribute(frame, m.domain.of(config), name, implied(site, 'property')))
  return read('label') ?? read('name')?.split('.').at(-1) ?? labelOf(config.cls)
}

const configOf: FrameworkCall = (frame, call) => {
  const made = madeByCall(frame, 'django.apps.AppConfig', call)
  const label = given(call, 0, 'app_label')
  if (label !== null) frame.machine.ops.setSlot(made, 'django:label', label)
  return frame.machine.domain.of(made)
}

/** `Manager.from_queryset(Items)`: a class with the methods of both. */
const fromQuerySet: FrameworkCall = (frame, call) => {
  const sets = given(call, 0, 'queryset_class')
  if (sets === null || !sets.atoms.some((a) => a.kind === 'class')) return null
  const base = call.owner === null ? frame.machine.domain.external(MANAGER) : frame.machine.domain.of(call.owner)
  return classOf(frame, base, sets, call.site)
}

function classOf(frame: Frame, base: Value, sets: Value, site: CallSite): Value {
  const m = frame.machine
  const bases = m.ops.newList(frame, site.site, [base, sets], 'tuple')
  const name = m.domain.constant('str', 'from_queryset')
  return m.ops.dynamicClass(frame, positional(name, bases), site)
}

const asManager: FrameworkCall = (frame, call) => {
  const m = frame.machine
  if (call.owner === null) return null
  const made = classOf(frame, m.domain.external(MANAGER), m.domain.of(call.owner), call.site)
  return m.ops.call(frame, made, NO_ARGS, implied(call.site))
}

/** `Item.add_to_class("active", manager)`: the class has one attribute more. */
const addToClass: FrameworkCall = (frame, call) => {
  const m = frame.machine
  const name = stringOf(given(call, 0, 'name') ?? m.domain.bottom)
  const value = given(call, 1, 'value')
  if (call.owner === null || name === null || value === null) return null
  m.ops.setAttribute(frame, { object: m.domain.of(call.owner), name, value }, call.site)
  return m.domain.none
}

/** A URL configuration that is named is imported at once. */
const include: FrameworkCall = (frame, call) => {
  const m = frame.machine
  for (const atom of m.ops.flatten(given(call, 0, 'arg') ?? m.domain.bottom))
    if (atom.kind === 'const' && typeof atom.value === 'string')
      m.ops.importModule(frame, atom.value, null, call.site.site)
  return m.domain.external('django.urls.include()')
}

const importString: FrameworkCall = (frame, call) => {
  const m = frame.machine
  const text = stringOf(given(call, 0, 'dotted_path') ?? m.domain.bottom)
  const cut = text?.lastIndexOf('.') ?? -1
  if (text === null || cut < 0) return null
  const module = m.ops.importModule(frame, text.slice(0, cut), null, call.site.site)
  return m.ops.getAttribute(frame, module, text.slice(cut + 1), implied(call.site, 'property'))
}

/** `call_command("seed")`: the command's `handle`, when the tree has it. */
const callCommand: FrameworkCall = (frame, call) => {
  const m = frame.machine
  const command = given(call, 0, 'command_name')
  const text = command === null ? null : stringOf(command)
  const unknown = m.domain.unknown('untyped-parameter')
  const args = { pos: [], kw: new Map(), restPos: unknown, restKw: unknown }
  const run = (object: Value): Value =>
    m.ops.call(
      frame,
      m.ops.getAttribute(frame, object, 'handle', implied(call.site, 'property')),
      args,
      implied(call.site, 'invoke'),
    )
  if (text === null)
    return command?.atoms.every((a) => a.kind === 'instance' && a.cls !== null) === true ? run(command) : null
  const suffix = `management/commands/${text}.py`
  const files = [...m.program.files.keys()].filter((file) => file === suffix || file.endsWith(`/${suffix}`))
  const classes = files.flatMap((file) => commandIn(frame, file, call.site) ?? [])
  if (classes.length === 0) return null
  return run(
    m.domain.joinAll(
      classes.map((cls) => m.ops.instantiate(frame, cls, { ...args, restPos: null, restKw: null }, call.site)),
    ),
  )
}

function commandIn(frame: Frame, file: string, site: CallSite): ClassAtom | null {
  const m = frame.machine
  if (moduleAtom(m, file) === null) return null
  m.ops.importModule(frame, m.program.moduleName(file), null, site.site)
  const cell = moduleAtom(m, file)?.fields.get('Command')
  const atom = cell === undefined ? undefined : m.store.read(cell).atoms.find((a) => a.kind === 'class')
  return atom?.kind === 'class' ? atom : null
}

/** A function decorated with `atomic` enters the block at each call. */
const atomic: FrameworkCall = (frame, call) => {
  const target = call.args.pos[0]
  if (target === undefined || target.atoms.length === 0 || !target.atoms.every((a) => CALLABLE.has(a.kind))) return null
  const { site } = call.site
  const pending = {
    symbol: 'django.db.transaction.atomic',
    args: NO_ARGS,
    site,
    receiver: null,
    self: null,
  }
  const block = libraryInstance(frame, 'django.db.transaction.atomic()', { site, resolution: call.resolution, pending })
  return frame.machine.domain.special('managed', [frame.machine.domain.of(block), target])
}
const CALLABLE: ReadonlySet<string> = new Set(['function', 'special', 'bound'])

const lazyObject: FrameworkCall = (frame, call) => {
  const m = frame.machine
  const made = madeByCall(frame, LAZY_OBJECT, call)
  m.ops.setSlot(made, 'django:factory', given(call, 0, 'func') ?? m.domain.bottom)
  return m.domain.of(made)
}
const LAZY_OBJECT = 'django.utils.functional.SimpleLazyObject'

/** `get_models()`: which models there are depends on the installed applications; each of them is a model class. */
const allModels: FrameworkCall = (frame, call) =>
  frame.machine.ops.newList(frame, call.site.site, frame.machine.domain.external(MODEL, ASSUMED))

const relating: FrameworkCall = (frame, call) => {
  if (call.self !== null) relationChanged(frame, call.self, call.site)
  return null
}

const saving =
  (...names: string[]): FrameworkCall =>
  (frame, call) => {
    if (call.self !== null) modelSignals(frame, names, call.self, call.site)
    return null
  }

const CALLS: Readonly<Record<string, FrameworkCall>> = {
  'django.apps.apps.get_model': getModel,
  'django.apps.apps.get_app_config': configOf,
  'django.apps.AppConfig.get_model': ownModel,
  'django.contrib.auth.get_user_model': (frame, call) => userModel(frame, call.site),
  'django.db.models.Manager.from_queryset': fromQuerySet,
  'django.db.models.QuerySet.as_manager': asManager,
  'django.db.models.Model.add_to_class': addToClass,
  'django.urls.include': include,
  'django.urls.conf.include': include,
  'django.conf.urls.include': include,
  'django.utils.module_loading.import_string': importString,
  'django.utils.decorators.method_decorator': methodDecorator,
  'django.core.management.call_command': callCommand,
  'django.db.transaction.atomic': atomic,
  'django.db.transaction.atomic()': atomic,
  [LAZY_OBJECT]: lazyObject,
  'django.db.models.Model.refresh_from_db': (frame, call) => {
    if (call.self !== null) forgetRelations(frame.machine, call.self)
    return null
  },
  ...Object.fromEntries(
    ['add', 'remove', 'set', 'clear'].map((name) => [`django.db.models.RelatedManager.${name}`, relating]),
  ),
  'django.apps.apps.get_models': allModels,
  'django.apps.AppConfig.get_models': allModels,
  'django.db.models.Model.save': saving('pre_save', 'post_save'),
  'django.db.models.Model.delete': saving('pre_delete', 'post_delete'),
  ...SIGNALS,
}

/** The result of a call that is Django's; null when it is not, or when the catalogue says all there is to say. */
export function djangoCall(frame: Frame, call: LibraryCall): Value | null {
  const known = Object.hasOwn(CALLS, call.path) ? CALLS[call.path] : undefined
  if (known !== undefined) return known(frame, call)
  if (call.self !== null && call.path === `${MODEL}.full_clean`)
    runOwn(frame, call.self, /^clean(?:_fields)?$/, call.site)
  const valid = validation(frame.machine, call)
  if (valid !== null) return valid
  cacheCall(frame, call)
  formCall(frame, call)
  if (call.self === null && /\.signals\.\w+\.connect$/.test(call.path)) {
    connect(frame, call)
    return frame.machine.domain.none
  }
  if (FIELD.test(call.path)) return field(frame, call)
  createRecord(frame, call)
  return defaultingField(frame, call) ?? keptAnswer(frame.machine, call)
}

/** What the catalogue's rows did not say about a call's result. */
export function djangoResult(frame: Frame, call: LibraryCall, rows: readonly CatalogueRow[]): Value | null {
  return call.self === null ? null : setResult(frame, call, rows)
}

export const isDjangoCall = (path: string): boolean => Object.hasOwn(CALLS, path)

/** Fields of models: they keep their callables (`default`, `choices`, `upload_to`) for later, relations know their model. */
const FIELD =
  /^(?:django\.(?:contrib\.\w+(?:\.db)?\.)?(?:db\.)?models|django\.contrib\.\w+\.fields|mptt\.fields|modelcluster\.fields)(?:\.\w+)*\.(?:\w*Field|\w*ForeignKey|ParentalKey|GenericRelation)$/

const isModelField = (a: Atom): boolean => a.kind === 'instance' && a.ext !== null && FIELD.test(a.ext)

/** A class of the tree that holds fields of Django's models: a model, whatever its bases outside of the tree are. */
export function hasModelFields(m: Machine, cls: ClassAtom): boolean {
  return cls.mro.some(
    (base) =>
      base.kind === 'class' && [...base.fields.values()].some((cell) => m.store.read(cell).atoms.some(isModelField)),
  )
}

function field(frame: Frame, call: LibraryCall): Value {
  const m = frame.machine
  const made = madeByCall(frame, call.path, call)
  const [choices] = m.catalogue.rows('django.db.models.Field')
  // since Django 5.0 only
  if (choices !== undefined && call.args.kw.has('choices'))
    m.ops.maybe(frame, () => m.ops.applyCallback(frame, choices, call))
  keepDefault(m, made, call.args)
  keepUnique(m, made, call.path, call.args)
  const to = given(call, 0, 'to')
  if (to !== null && /(?:ForeignKey|ParentalKey|OneToOneField|ManyToManyField|GenericRelation)$/.test(call.path))
    m.ops.setSlot(made, TARGET, to)
  return m.domain.of(made)
}

/** `Form.__init__` knows whether it got data. `Model.__init__`: the fields that are given are kept, the defaults of the others run. */
export function buildModel(frame: Frame, object: InstanceAtom, args: CallArgs, site: CallSite): void {
  buildForm(frame.machine, object, args)
  runDefaults(frame, object, args, site)
  if (object.cls === null || !derives(frame.machine, object.cls, [MODEL])) return
  keepGiven(frame.machine, object, args.kw)
}

/** Members that no row can name: the model of a manager, the reverse side of a relation, what a lazy object becomes. */
export function djangoMember(
  frame: Frame,
  { type, self, name }: LibraryRead & { readonly self: InstanceAtom },
  site: CallSite,
): Value | null {
  const m = frame.machine
  formMember(frame, self, name, site)
  if (name === 'model') {
    const models = modelsOf(m, self)
    return models.atoms.length > 0 ? models : null
  }
  if (m.catalogue.canonical(type) === LAZY_OBJECT && !name.startsWith('__')) {
    const object = m.ops.call(frame, m.ops.slot(self, 'django:factory'), NO_ARGS, implied(site, 'property'))
    return m.ops.getAttribute(frame, object, name, implied(site))
  }
  if (name.startsWith('_') || self.cls === null || !derives(m, self.cls, [MODEL])) return null
  return m.catalogue.member(type, name) === null ? reverseRelation(frame, self, name, site) : null
}
