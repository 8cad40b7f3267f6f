// `sys.modules` as code changes it: what is put there under a name is what an import of that name gives, and what is taken out is imported again.
// Modules of the tree that nobody touched there are found by their files (modules.ts).
import type { Frame, Machine } from '../machine/machine.ts'
import { only, stringOf, type ModuleAtom, type Value } from '../domain/values.ts'
import { argument, type Native, type NativeCall } from '../natives/native.ts'

/** What `sys.modules[name] = value` has put there; null where nothing has. */
export function placedModule(m: Machine, name: string): Value | null {
  const cell = m.placedModules.get(name)
  if (cell === undefined || m.store.read(cell) === m.domain.unbound) return null
  return m.domain.withoutUnbound(cell.value)
}

/** `sys.modules[name] = value` */
export function placeModule(m: Machine, name: string, value: Value): void {
  // summaries that imported this name before do not say that they asked
  if (!m.placedModules.has(name)) m.memo.clear()
  m.store.write(m.store.cellIn(m.placedModules, name, 0), value)
}

/** `del sys.modules[name]`: the next import of the name runs the module's body again. */
export function forgetModule(m: Machine, name: string): void {
  const cell = m.placedModules.get(name)
  if (cell !== undefined) m.store.write(cell, m.domain.unbound)
  const module = loadedModule(m, name)
  if (module !== null) m.store.write(module.state, m.domain.unbound)
}

/** A module of the tree that was imported on this path, by its dotted name. */
export function loadedModule(m: Machine, name: string): ModuleAtom | null {
  for (const module of m.modules.values())
    if (module.info.name === name && m.store.read(module.state) !== m.domain.unbound) return module
  return null
}

/** What is in the table under a name: what was put there, or a module that was imported. */
function entryOf(frame: Frame, call: NativeCall): Value | null {
  const m = frame.machine
  const name = stringOf(argument(frame, call, 0))
  if (name === null) return m.domain.unknown('dynamic-import', true)
  const loaded = loadedModule(m, name)
  return placedModule(m, name) ?? (loaded === null ? null : m.domain.of(loaded))
}

const get: Native = (frame, call) => entryOf(frame, call) ?? call.args.pos[1] ?? frame.machine.domain.none

const setDefault: Native = (frame, call) => {
  const known = entryOf(frame, call)
  if (known !== null) return known
  const value = argument(frame, call, 1)
  placeModule(frame.machine, stringOf(argument(frame, call, 0)) ?? '', value)
  return value
}

const pop: Native = (frame, call) => {
  const known = get(frame, call)
  forgetModule(frame.machine, stringOf(argument(frame, call, 0)) ?? '')
  return known
}

/** The methods of the table. */
export const MODULE_TABLE = {
  'sys.modules.get': get,
  'sys.modules.setdefault': setDefault,
  'sys.modules.pop': pop,
}

/** Importing a name under which None stands in the table ends in an error. */
export function isRefused(frame: Frame, placed: Value): boolean {
  const m = frame.machine
  if (only(placed) !== only(m.domain.none)) return false
  m.ops.raise(frame, m.domain.native('ModuleNotFoundError'))
  return true
}
