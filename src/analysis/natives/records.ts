// dataclasses, attrs, pydantic, namedtuple: decorators that mark a class, descriptions of fields, validators, and what builds or dumps objects.
// What a marked class does when it is built is records.ts of the analysis.
import { fieldNames } from '../objects/members.ts'
import { NO_INIT, dumpModel } from '../objects/records.ts'
import { only, stringOf, type ClassAtom, type Value, NO_ARGS } from '../domain/values.ts'
import type { Frame } from '../machine/machine.ts'
import { argument, isNone, type Native, type NativeCall, type Natives } from './native.ts'
import { rawMember } from '../objects/namespaces.ts'
import { fieldsCopied } from './copying.ts'
import { BY_NAME, FIELD_BY_NAME, FROZEN, GENERATED, NO_PARAMETER } from '../objects/signatures.ts'

/** Gives a class traits; what its base was told about `__init__` does not count for a class that is decorated itself. */
export function mark(cls: ClassAtom, traits: readonly string[]): void {
  cls.traits.delete(NO_INIT)
  for (const name of traits) cls.traits.add(name)
}

/** `dataclass`, `dataclass(frozen=True)`, `attr.s`, `define`: marks the class, which stays what it is. */
const marking =
  (trait: string, isPythons = false): Native =>
  (frame, call) => {
    const m = frame.machine
    const target = argument(frame, call, 0)
    const traits = [trait]
    if (call.args.kw.get('order') === m.domain.true) traits.push('ordered fields')
    if (isPythons) {
      traits.push(GENERATED)
      if (call.args.kw.get('kw_only') === m.domain.true) traits.push(BY_NAME)
      if (call.args.kw.get('frozen') === m.domain.true) traits.push(FROZEN)
    }
    // without an `__init__` of its own the class has that of its base, or none
    if (call.args.kw.get('init') === m.domain.false) traits.push(NO_INIT)
    for (const atom of target.atoms) if (atom.kind === 'class') mark(atom, traits)
    return target.atoms.some((a) => a.kind === 'class')
      ? target
      : m.domain.special('decorator', [], [`mark:${trait}`, ...traits])
  }

const field: Native = (frame, call) => {
  const m = frame.machine
  const factory = call.args.kw.get('default_factory') ?? call.args.kw.get('factory')
  const value = call.args.kw.get('default') ?? call.args.pos[0]
  const checks = [call.args.kw.get('validator'), call.args.kw.get('converter')].map((f) => f ?? m.domain.bottom)
  const names = [
    ...(call.args.kw.get('init') === m.domain.false ? [NO_PARAMETER] : []),
    ...(call.args.kw.get('kw_only') === m.domain.true ? [FIELD_BY_NAME] : []),
  ]
  // a field is told apart by its place: `@x.validator` belongs to one of them
  return m.domain.special(
    'field',
    [value ?? m.domain.bottom, factory ?? m.domain.bottom, ...checks],
    names,
    call.site.site,
  )
}
/** attr.Factory(f, takes_self=True) */
const factory: Native = (frame, call) => {
  const m = frame.machine
  const self = call.args.pos[1] ?? call.args.kw.get('takes_self')
  return m.domain.special(
    'field',
    [m.domain.bottom, argument(frame, call, 0, 'factory')],
    self === m.domain.true ? ['takes self'] : [],
  )
}

const texts = (values: readonly Value[]): string[] => values.map((value) => stringOf(value) ?? '*')
/** `@field_validator("a", "b")`: runs when one of them is given. */
const fieldHook =
  (kind: string): Native =>
  (frame, call) =>
    frame.machine.domain.special('decorator', [], [kind, 'field', ...texts(call.args.pos)])
const modelHook: Native = (frame, call) =>
  frame.machine.domain.special(
    'decorator',
    [],
    ['validator', stringOf(call.args.kw.get('mode') ?? frame.machine.domain.none) ?? 'before'],
  )
const computed: Native = (frame, call) => {
  const m = frame.machine
  const target = only(argument(frame, call, 0))
  if (target === null) return m.domain.special('decorator', [], ['computed'])
  return m.domain.special('property', target.kind === 'special' ? target.parts : [m.domain.of(target)], ['computed'])
}
const dumped: Native = (frame, call) => {
  for (const self of call.self?.atoms ?? []) if (self.kind === 'instance') dumpModel(frame, self, call.site)
  return frame.machine.domain.typed(call.name.includes('json') ? 'str' : 'dict')
}
/** `Model.model_validate(data)`: an object from data that are not known. */
const validated: Native = (frame, call) => {
  const m = frame.machine
  const cls = only(call.self ?? m.domain.bottom)
  if (cls?.kind !== 'class') return m.domain.unknown('instance')
  const given = m.ops.entries(frame, argument(frame, call, 0))
  const restKw = given.exact ? null : m.domain.unknown('field')
  return m.ops.instantiate(frame, cls, { pos: [], kw: given.known, restPos: null, restKw }, call.site)
}

/** namedtuple('N', 'a b'): a class with these fields. */
const namedtuple: Native = (frame, call) => {
  const m = frame.machine
  const listed = argument(frame, call, 1, 'field_names')
  const text = stringOf(listed)
  const items = text === null ? m.ops.spread(frame, listed, call.site).elements : null
  const names =
    text === null ? (items?.map((item) => stringOf(item)) ?? null) : text.split(/[\s,]+/).filter((n) => n !== '')
  if (names === null || names.includes(null))
    return m.domain.special('namedtuple', [], [stringOf(argument(frame, call, 0)) ?? 'tuple'])
  const name = stringOf(argument(frame, call, 0)) ?? 'tuple'
  const made = m.ops.recordClass(frame, { name, fields: names.map(String), base: 'typing.NamedTuple' }, call.site)
  setDefaults(frame, made, names.map(String), call)
  return made
}

/** `namedtuple(…, defaults=[…])`: they belong to the last fields; of those that are not seen each field may have one. */
function setDefaults(frame: Frame, made: Value, names: readonly string[], call: NativeCall): void {
  const given = call.args.kw.get('defaults')
  if (given === undefined || isNone(given)) return
  const { elements, any } = frame.machine.ops.spread(frame, given, call.site)
  names.forEach((name, i) => {
    const fallback = elements === null ? any : elements[i - names.length + elements.length]
    if (fallback !== undefined)
      frame.machine.ops.setAttribute(frame, { object: made, name, value: fallback }, call.site)
  })
}

/** `fields(object)`: descriptions of the fields. */
const fieldDescriptions: Native = (frame, call) => {
  const m = frame.machine
  const given = only(argument(frame, call, 0))
  const cls = given === null ? null : given.kind === 'class' ? given : m.ops.classOf(given)
  const unknown = m.domain.unknown('field')
  const described = cls === null ? null : fieldNames(m, cls).map((name) => m.domain.constant('str', name))
  const descriptions = described?.map((name) => m.domain.special('description', [name, unknown, unknown])) ?? null
  return m.ops.newList(frame, call.site.site, descriptions ?? unknown, 'tuple')
}

/** `make_dataclass("N", ["a", ("b", int), ("c", list, field(…))])` */
const madeDataclass: Native = (frame, call) => {
  const m = frame.machine
  const { elements } = m.ops.spread(frame, argument(frame, call, 1, 'fields'), call.site)
  const entries = (elements ?? []).map((entry) =>
    stringOf(entry) === null ? (m.ops.spread(frame, entry, call.site).elements ?? []) : [entry],
  )
  const names = entries.map(([name]) => (name === undefined ? null : stringOf(name)))
  if (elements === null || names.includes(null)) return m.domain.unknown('dataclass')
  const name = stringOf(argument(frame, call, 0)) ?? 'dataclass'
  const made = m.ops.recordClass(frame, { name, fields: names.map(String), base: null }, call.site)
  entries.forEach(([, , value], i) => {
    if (value !== undefined) m.ops.setAttribute(frame, { object: made, name: String(names[i]), value }, call.site)
  })
  return made
}

/** `_replace(**changes)` and `_make(values)` of named tuples: another object with the fields. */
const remade: Native = (frame, call) => {
  const m = frame.machine
  const given = only(call.self ?? m.domain.bottom)
  if (given?.kind === 'class') {
    const { elements, any } = m.ops.spread(frame, argument(frame, call, 0), call.site)
    const args = { pos: elements ?? [], kw: new Map(), restPos: elements === null ? any : null, restKw: null }
    return m.ops.instantiate(frame, given, args, call.site)
  }
  if (given?.kind !== 'instance' || given.cls === null) return m.domain.unknown('instance')
  const kw = new Map<string, Value>()
  for (const name of fieldNames(m, given.cls))
    kw.set(name, call.args.kw.get(name) ?? rawMember(m, given, name) ?? m.domain.unknown('field'))
  return m.ops.instantiate(frame, given.cls, { ...NO_ARGS, kw }, call.site)
}

export const RECORDS: Natives = {
  'functools.total_ordering': marking('ordered'),
  'dataclasses.dataclass': marking('dataclass', true),
  'dataclasses.field': field,
  'dataclasses.fields': fieldDescriptions,
  'dataclasses.make_dataclass': madeDataclass,
  'dataclasses.replace': (frame, call) => {
    const m = frame.machine
    const cls = m.ops.classOf(only(argument(frame, call, 0)) ?? m.domain.none.atoms[0]!)
    return cls === null
      ? argument(frame, call, 0)
      : m.ops.instantiate(
          frame,
          cls,
          { pos: [], kw: call.args.kw, restPos: null, restKw: m.domain.unknown('field') },
          call.site,
        )
  },
  'attr.s': marking('dataclass'),
  'attr.attrs': marking('dataclass'),
  'attr.define': marking('dataclass'),
  'attr.frozen': marking('dataclass'),
  'attrs.define': marking('dataclass'),
  'attrs.frozen': marking('dataclass'),
  'attr.ib': field,
  'attr.attrib': field,
  'attr.field': field,
  'attrs.field': field,
  'attr.Factory': factory,
  'attrs.Factory': factory,
  'pydantic.Field': field,
  'pydantic.PrivateAttr': field,
  'sqlmodel.Field': field,
  'pydantic.dataclasses.dataclass': marking('dataclass'),
  'collections.namedtuple': namedtuple,
  'typing.NamedTuple._replace': remade,
  'typing.NamedTuple._make': remade,
  'pydantic.field_validator': fieldHook('validator'),
  'pydantic.validator': fieldHook('validator'),
  'pydantic.model_validator': modelHook,
  'pydantic.root_validator': modelHook,
  'pydantic.field_serializer': fieldHook('serializer'),
  'pydantic.model_serializer': fieldHook('serializer'),
  'pydantic.computed_field': computed,
  'pydantic.validate_call': (frame, call) =>
    call.args.pos[0] ?? frame.machine.domain.special('decorator', [], ['identity']),
  ...Object.fromEntries(
    ['model_dump', 'model_dump_json', 'dict', 'json'].map((name) => [`pydantic.BaseModel.${name}`, dumped]),
  ),
  ...Object.fromEntries(
    ['model_validate', 'model_validate_json', 'parse_obj', 'parse_raw'].map((name) => [
      `pydantic.BaseModel.${name}`,
      validated,
    ]),
  ),
  'dataclasses.asdict': fieldsCopied,
  'dataclasses.astuple': fieldsCopied,
}
