// Conditions: which branches may be taken. Constants that other code may change leave a condition undecided. Which way a setting (or an
// allow-list of one worker command) usually lets it go is remembered: what happens the other way weighs less.
import type { Expr } from '../../ir/model.ts'
import { at } from '../machine/sites.ts'
import type { Decision, Frame, Machine } from '../machine/machine.ts'
import { readingCell } from './names.ts'
import type { Cell } from '../domain/state.ts'
import { truth } from './protocols.ts'
import { usualTruth } from './settings.ts'
import { only, type ConstAtom, type ModuleAtom, type Value } from '../domain/values.ts'
import { isLoading, isSettled } from './flags.ts'

/** The outcome of a condition: constants that other code may change leave it undecided. */
export function decide(frame: Frame, x: Expr, value: Value): Decision {
  if (isFilled(x)) return { t: true, f: false, usual: null }
  const outcome = truth(frame, value, at(frame, x, 'operator'))
  if (outcome.t !== outcome.f && isChangeable(frame, x)) return { t: true, f: true, usual: outcome.t }
  if (!outcome.t || !outcome.f) return { ...outcome, usual: null }
  return { ...outcome, usual: usualTruth(value) ?? (namesOneCommand(x) ? false : excludesOthers(x) ? true : null) }
}

/** A display with an element: true, whatever a loop or another call makes of its object. */
function isFilled(x: Expr): boolean {
  return (x.k === 'list' || x.k === 'tuple' || x.k === 'set') && x.xs.some((item) => item.k !== 'star')
}

/** Whether a branch runs only where somebody changed a default: what happens there is not the usual start-up. */
export function isUnusual(decision: Decision, taken: boolean): boolean {
  return decision.usual === !taken
}

/** `sys.argv[1] == "worker"`, `"worker" in sys.argv`: an allow-list of one command. A deny-list names what it forgets by not naming it. */
function namesOneCommand(x: Expr): boolean {
  if (x.k === 'bool')
    return x.op === 'and' ? x.xs.some((part) => namesOneCommand(part)) : x.xs.every((part) => namesOneCommand(part))
  if (x.k !== 'cmp' || x.ops.length !== 1 || x.r[0] === undefined) return false
  const [op] = x.ops
  const right = x.r[0]
  if (op === '==') return isArgv(x.l) && (right.k === 'const' || isSingle(right))
  if (op !== 'in') return false
  return (x.l.k === 'const' && isArgv(right)) || (isArgv(x.l) && isSingle(right))
}

/** `"worker" not in sys.argv`, `sys.argv[1] != "worker"`: what happens otherwise happens for one command only. */
function excludesOthers(x: Expr): boolean {
  if (x.k === 'un' && x.op === 'not') return namesOneCommand(x.x)
  if (x.k === 'bool')
    return x.op === 'or' ? x.xs.some((part) => excludesOthers(part)) : x.xs.every((part) => excludesOthers(part))
  const op = x.k === 'cmp' && x.ops.length === 1 ? OPPOSITE[x.ops[0] ?? ''] : undefined
  return x.k === 'cmp' && op !== undefined && namesOneCommand({ ...x, ops: [op] })
}

const OPPOSITE: Readonly<Record<string, string>> = { '!=': '==', 'not in': 'in' }

function isSingle(x: Expr): boolean {
  return (x.k === 'tuple' || x.k === 'list' || x.k === 'set') && x.xs.length === 1
}

function isArgv(x: Expr): boolean {
  if (x.k === 'sub') return isArgv(x.o)
  return x.k === 'attr' && x.n === 'argv' && x.o.k === 'name' && x.o.id === 'sys'
}

/** A module-level flag that some function rebinds, or that code elsewhere stores into the module. */
function isChangeable(frame: Frame, x: Expr): boolean {
  const m = frame.machine
  switch (x.k) {
    case 'name': {
      const cell = readingCell(m, frame.env, x.id)
      if (cell === null || frame.module.fields.get(x.id) !== cell || isDecided(m, frame.module, cell)) return false
      const atom = only(cell.value)
      if (atom?.kind !== 'const' || atom.type === 'none') return false
      return isOpen(m, frame.module, x.id, atom)
    }
    case 'attr': {
      if (x.o.k !== 'name') return false
      const owner = readingCell(m, frame.env, x.o.id)
      const module = owner === null ? null : only(owner.value)
      if (module?.kind !== 'module') return false
      const cell = module.fields.get(x.n)
      const atom = cell === undefined ? null : only(cell.value)
      return (
        cell !== undefined &&
        !isDecided(m, module, cell) &&
        atom?.kind === 'const' &&
        atom.type !== 'none' &&
        isOpen(m, module, x.n, atom)
      )
    }
    case 'un':
      return isChangeable(frame, x.x)
    case 'cmp':
      return isChangeable(frame, x.l) || x.r.some((r) => isChangeable(frame, r))
    case 'bool':
      return x.xs.some((part) => isChangeable(frame, part))
    default:
      return false
  }
}

/** The path that is looked at has set it itself: in the phase, or while the entry point is imported, when the body of its module had run. */
function isDecided(m: Machine, module: ModuleAtom, cell: Cell): boolean {
  if (cell.stamp >= m.phaseStart) return true
  return m.phaseStart === Number.POSITIVE_INFINITY && cell.stamp > module.state.stamp
}

/** Code elsewhere stores an attribute of that name, or functions of the module rebind it to something else. */
function isOpen(m: Machine, module: ModuleAtom, name: string, now: ConstAtom): boolean {
  if (m.attributes.hasImported(module.info, name)) return true
  if (isLoading(m, module)) return false
  const isRebound = module.info.ir.rebound.includes(name)
  return m.attributes.has(module.info, name) || (isRebound && !isSettled(module, name, now))
}
