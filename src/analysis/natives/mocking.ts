// unittest.mock: names that are replaced while a block, a decorated function or the time from start() to stop() runs, and the objects they are
// replaced with. What the replaced name stood for does not run meanwhile.
import { rawMember, setField, setInNamespace } from '../objects/namespaces.ts'
import { implied } from '../machine/sites.ts'
import type { CallSite, Frame, Machine } from '../machine/machine.ts'
import { only, stringOf, type Atom, type CallArgs, type SpecialAtom, type Value } from '../domain/values.ts'
import { argument, type Native, type NativeCall, type Natives } from './native.ts'

const MOCK = 'unittest.mock.Mock'
/** What `patch` itself takes; the rest is given to the mock that it makes. */
const OWN: ReadonlySet<string> = new Set(['new', 'spec', 'create', 'spec_set', 'autospec', 'new_callable'])

const mock: Native = (frame, call) => {
  const made = frame.machine.ops.modelled(frame, MOCK, call)
  for (const atom of made.atoms)
    if (atom.kind === 'instance')
      for (const [name, value] of call.args.kw) if (!OWN.has(name)) setField(frame.machine, atom, name, value)
  return made
}

/** Calling a mock calls its side effect, and gives what it was told to give. */
const callMock: Native = (frame, call) => {
  const m = frame.machine
  let out = m.domain.bottom
  for (const self of call.self?.atoms ?? []) {
    const effect = rawMember(m, self, 'side_effect') ?? rawMember(m, self, 'wraps')
    const result =
      effect === null || !effect.atoms.some(isCallable)
        ? null
        : m.ops.call(frame, effect, call.args, implied(call.site))
    out = m.domain.join(out, result ?? rawMember(m, self, 'return_value') ?? m.domain.external(`${MOCK}()`))
  }
  return out
}

function isCallable({ kind }: Atom): boolean {
  return kind === 'function' || kind === 'bound' || kind === 'class' || kind === 'native' || kind === 'external'
}

/** `patch("package.module.name", new)`: the object that has the name is looked up when the patch is made. */
const patch: Native = (frame, call) => {
  const target = stringOf(argument(frame, call, 0, 'target'))
  const cut = target?.lastIndexOf('.') ?? -1
  if (target === null || cut < 0) return frame.machine.domain.unknown('special')
  return patcher(frame, call, {
    owner: ownerOf(frame, target.slice(0, cut), call),
    name: target.slice(cut + 1),
    at: 1,
  })
}

/** `patch.object(owner, "name", new)`. */
const patchObject: Native = (frame, call) => {
  const m = frame.machine
  const name = stringOf(argument(frame, call, 1, 'attribute'))
  if (name === null) return m.domain.unknown('special')
  return patcher(frame, call, { owner: argument(frame, call, 0, 'target'), name, at: 2 })
}

/** The module, or the class in it, at a dotted path. */
function ownerOf(frame: Frame, path: string, call: NativeCall): Value {
  const m = frame.machine
  const cut = path.lastIndexOf('.')
  const { kind } = m.program.resolve(frame.module.info.file, path, 0)
  if (kind === 'file' || kind === 'namespace' || cut < 0) return m.ops.importModule(frame, path, null, call.site.site)
  const outer = ownerOf(frame, path.slice(0, cut), call)
  return m.ops.getAttribute(frame, outer, path.slice(cut + 1), implied(call.site, 'property'))
}

interface Patched {
  readonly owner: Value
  readonly name: string
  /** position of the replacement among the arguments */
  readonly at: number
}

/** Parts: the owner and its replacement. Names: the attribute, and whether a mock was made, which a decorated function gets. */
function patcher(frame: Frame, call: NativeCall, { owner, name, at }: Patched): Value {
  const given = call.args.pos[at] ?? call.args.kw.get('new') ?? null
  const made = call.args.kw.get('new_callable')
  const replacement =
    given ??
    (made === undefined
      ? mock(frame, call)
      : frame.machine.ops.call(frame, made, { ...call.args, pos: [], kw: new Map() }, implied(call.site)))
  return frame.machine.domain.special(
    'patcher',
    [owner, replacement],
    [name, given === null ? 'made' : 'given'],
    call.site.site,
  )
}

/** Replaces the name; gives the replacement. */
export function enterPatch(m: Machine, atom: SpecialAtom): Value {
  const [owner = m.domain.bottom, replacement = m.domain.none] = atom.parts
  const name = atom.names[0] ?? ''
  const before = owner.atoms.map((a) => rawMember(m, a, name)).filter((value) => value !== null)
  m.store.write(keptCell(m, atom), before.length === 0 ? m.domain.unbound : m.domain.joinAll(before))
  setInNamespace(m, owner, name, replacement)
  return replacement
}

/** Puts back what the name stood for. */
export function exitPatch(frame: Frame, atom: SpecialAtom, site: CallSite): void {
  const m = frame.machine
  const [owner = m.domain.bottom] = atom.parts
  const name = atom.names[0] ?? ''
  const before = m.store.read(keptCell(m, atom))
  if (before === m.domain.unbound) m.ops.deleteAttribute(frame, owner, name, site)
  else setInNamespace(m, owner, name, before)
}

function keptCell(m: Machine, atom: SpecialAtom): ReturnType<Machine['store']['cell']> {
  return m.store.cellIn(m.cached, `${atom.id}:patched`, 0)
}

/** A patch as a decorator: a class stays as it is, a function runs inside of the patch. Several of them are one, the innermost first. */
export function decoratedByPatch(m: Machine, atom: SpecialAtom, target: Value): Value {
  const inner = only(target)
  if (inner?.kind === 'class') return target
  const parts = inner?.kind === 'special' && inner.type === 'patched' ? inner.parts : [target]
  return m.domain.special('patched', [...parts, m.domain.of(atom)])
}

/** Calls a decorated function: it gets the mocks that were made, after its own arguments. */
export function callPatched(frame: Frame, atom: SpecialAtom, args: CallArgs, site: CallSite): Value {
  const m = frame.machine
  const [target = m.domain.bottom, ...patches] = atom.parts
  const mocks = patches.flatMap((value) => {
    const one = only(value)
    return one?.kind === 'special' && one.names[1] === 'made' ? [one.parts[1] ?? m.domain.none] : []
  })
  let result = m.domain.bottom
  const inside = (left: readonly Value[]): boolean => {
    const outer = left.at(-1)
    if (outer !== undefined)
      return m.ops.enterContext(frame, outer, { ...implied(site, 'enter'), async: false }, () =>
        inside(left.slice(0, -1)),
      )
    result = m.ops.call(frame, target, { ...args, pos: [...args.pos, ...mocks] }, implied(site))
    return result.atoms.length > 0
  }
  const ends = inside(patches)
  m.stopped = m.stopped || !ends
  return result
}

/** `patch.dict(mapping, values, name=value)`: entries that are there inside of the block. */
const patchDict: Native = (frame, call) => {
  const m = frame.machine
  const values = m.ops.newCollection(frame, 'dict', call.site.site)
  const given = argument(frame, call, 1, 'values')
  if (given.atoms.length > 0) m.ops.extend(frame, values, given, call.site)
  for (const [name, value] of call.args.kw)
    if (name !== 'values' && name !== 'clear') m.ops.collect(values, value, m.domain.constant('str', name))
  return m.domain.special(
    'dict patcher',
    [argument(frame, call, 0, 'in_dict'), m.domain.of(values)],
    [],
    call.site.site,
  )
}

/** The entries of `patch.dict` come in; what they hid is not remembered, so afterwards they stay possible. */
export function enterDictPatch(frame: Frame, atom: SpecialAtom, site: CallSite): Value {
  const m = frame.machine
  const [target = m.domain.bottom, values = m.domain.bottom] = atom.parts
  for (const dict of target.atoms) if (dict.kind === 'container') m.ops.extend(frame, dict, values, site)
  return target
}

const starting: Native = (frame, call) =>
  frame.machine.domain.joinAll(
    (call.self?.atoms ?? []).flatMap((a) => (a.kind === 'special' ? [enterPatch(frame.machine, a)] : [])),
  )
const stopping: Native = (frame, call) => {
  for (const atom of call.self?.atoms ?? []) if (atom.kind === 'special') exitPatch(frame, atom, call.site)
  return frame.machine.domain.none
}

export const MOCKING: Natives = {
  'unittest.mock.Mock': mock,
  'unittest.mock.MagicMock': mock,
  'unittest.mock.Mock.__call__': callMock,
  'unittest.mock.patch': patch,
  'unittest.mock.patch.object': patchObject,
  'unittest.mock.patch.dict': patchDict,
  'patcher.start': starting,
  'patcher.stop': stopping,
}
