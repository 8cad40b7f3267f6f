// From a finding to the edits that could repair it, best first. Nothing here has been tried: the review analyses each edited tree and keeps
// the first after which the finding is gone and nothing else has come.
// Must stay true: where no edit is certain there is none; the advice of the profile says in words what to do.
import type { RawFinding } from '../findings/model.ts'
import { definitionIn } from '../ir/lookup.ts'
import type { Profile } from '../profiles/model.ts'
import type { LoadedModule, Program } from '../program/program.ts'
import { lazyChoices, moveToReceiver } from './django.ts'
import { dropCalls } from './drop.ts'
import type { Draft } from './edits.ts'
import { type Place, placeOf } from './enclosing.ts'
import { moveToLifespan } from './fastapi.ts'
import { moveToCommand } from './flask.ts'
import { passTheHook } from './hook.ts'
import { readOnFirstUse } from './lazy-attribute.ts'
import { moveToSecondPhase, sameCalls } from './move.ts'
import { moveToPhaseMethod } from './phase-method.ts'
import { registerInstead, registerMissing } from './register.ts'
import { type Entry, entryOf, hookedIn } from './second-phase.ts'

/** Possible repairs of one finding, best first; none where the code does not say enough. */
export function draftsFor(finding: RawFinding, program: Program, profile: Profile | null): Draft[] {
  const drafts = profile === null ? [] : draftsOf(finding, program, profile)
  return drafts.filter((draft): draft is Draft => draft !== null)
}

function draftsOf(finding: RawFinding, program: Program, profile: Profile): (Draft | null)[] {
  const module = moduleOf(finding, program)
  if (module === null) return []
  switch (finding.rule) {
    case 'hook-called-not-passed': {
      const place = program.modules.get((finding.trace[0] ?? finding.location).file)
      return place === undefined ? [] : [passTheHook(finding, place)]
    }
    case 'missing-setup-hook': {
      const entry = entryOf(finding.entryPoint, module, profile)
      const name = finding.workFunction.slice(finding.workFunction.indexOf('::') + 2)
      return entry === null ? [] : [registerMissing(entry, name)]
    }
    case 'database-in-phase-1':
    case 'database-scheduled-in-phase-1':
      return [
        ...inFunctionStyle(finding, module, profile),
        ...inFramework(finding, program, { module, profile }),
        ...inConstructors(finding, program),
      ]
    case 'database-at-import':
      return inFramework(finding, program, { module, profile })
    default:
      return []
  }
}

function moduleOf({ entryPoint }: RawFinding, program: Program): LoadedModule | null {
  return program.modules.get(entryPoint.split('::')[0] ?? '') ?? null
}

/** The entry point's own statements that do the work, or lead to it. */
function offsetsIn(finding: RawFinding, module: LoadedModule, qualname: string): number[] {
  const step = finding.trace.find((s) => s.file === module.file && s.function === qualname)
  const stands = finding.workFunction === `${module.file}::${qualname}`
  const points = step !== undefined ? [step] : stands ? finding.operations : []
  return points
    .filter(({ file }) => file === module.file)
    .map(({ line, column }) => (module.ir.lines[line - 1] ?? 0) + column - 1)
}

function inFunctionStyle(finding: RawFinding, module: LoadedModule, profile: Profile): (Draft | null)[] {
  const entry = entryOf(finding.entryPoint, module, profile)
  if (entry === null) return []
  const places = offsetsIn(finding, module, entry.fn.qualname).map((offset) => placeOf(entry.fn.body, offset))
  const known = places.filter((place): place is Place => place !== null)
  const [first] = known
  if (first === undefined || known.length < places.length) return []
  const replaced = known.length === 1 ? registerInstead(entry, first) : null
  const passed = passedIn(finding, module)
  return [
    dropRegistered(entry, known),
    replaced,
    moveToSecondPhase(entry, known, passed),
    moveToSecondPhase(entry, [...known, ...repeated(entry, finding, known)], passed),
  ]
}

/** Functions of the module on the path to the work, the one in which it stands included. */
function passedIn({ trace, workFunction }: RawFinding, module: LoadedModule): ReadonlySet<string> {
  const [file, stands] = workFunction.split('::')
  const own = trace.filter((step) => step.file === module.file).map((step) => step.function)
  return new Set(file === module.file && stands !== undefined ? [...own, stands] : own)
}

/** Calls of the function that the entry point has registered for Phase 2. */
function dropRegistered(entry: Entry, places: readonly Place[]): Draft | null {
  const hooked = hookedIn(entry)
  const [first] = places
  if (hooked.kind !== 'function' || first === undefined || places.some(({ block }) => block !== first.block))
    return null
  const statements = [...new Set(places.map(({ statement }) => statement))]
  return dropCalls(entry, { block: first.block, statements }, { path: hooked.name, argument: entry.context })
}

/** The same helper may be called in several statements. */
function repeated(entry: Entry, finding: RawFinding, [first]: readonly Place[]): Place[] {
  const step = finding.trace.find((s) => s.file === entry.module.file && s.function === entry.fn.qualname)
  const callee = /^(?:await\s+)?([\w.]+)\(/.exec(step?.text ?? '')?.[1]
  return first === undefined || callee === undefined ? [] : sameCalls(first, callee)
}

/** Constructors on the path, nearest to the work first: what they read can be read on first use. */
function inConstructors(finding: RawFinding, program: Program): (Draft | null)[] {
  const [operation] = finding.operations
  const [file = '', stands = ''] = finding.workFunction.split('::')
  const own =
    operation === undefined ? [] : [{ file, line: operation.line, column: operation.column, function: stands }]
  return [...finding.trace, ...own].toReversed().flatMap((step) => {
    const module = program.modules.get(step.file)
    if (module === undefined || !step.function.endsWith('.__init__')) return []
    const offset = (module.ir.lines[step.line - 1] ?? 0) + step.column - 1
    return [readOnFirstUse(module, step.function, offset)]
  })
}

function inFramework(
  finding: RawFinding,
  program: Program,
  { module, profile }: { readonly module: LoadedModule; readonly profile: Profile },
): (Draft | null)[] {
  const qualname = finding.entryPoint.includes('::') ? (finding.entryPoint.split('::')[1] ?? '') : ''
  const offsets = offsetsIn(finding, module, qualname)
  const [offset] = offsets
  switch (profile.id) {
    case 'modular-python-framework':
      return qualname.includes('.')
        ? [moveToPhaseMethod(module, { qualname, offsets, passed: passedIn(finding, module) })]
        : []
    case 'fastapi':
      return offset === undefined || qualname !== '' || offsets.length > 1 ? [] : [moveToLifespan(module, offset)]
    case 'flask': {
      const fn = qualname === '' ? null : definitionIn(module.ir, qualname)
      if (offset === undefined || (fn !== null && !('params' in fn))) return []
      return [moveToCommand(module, fn, offset)]
    }
    case 'django': {
      const work = finding.operations[0]
      const file = work === undefined ? undefined : program.modules.get(work.file)
      const at = file === undefined || work === undefined ? -1 : (file.ir.lines[work.line - 1] ?? 0) + work.column - 1
      const folder = module.file.slice(0, module.file.lastIndexOf('/') + 1)
      const hasModels = program.files.has(`${folder}models.py`) || program.files.has(`${folder}models/__init__.py`)
      return [
        file === undefined ? null : lazyChoices(file, at),
        qualname.includes('.') ? moveToReceiver(module, qualname, { operations: finding.operations, hasModels }) : null,
      ]
    }
    default:
      return []
  }
}
