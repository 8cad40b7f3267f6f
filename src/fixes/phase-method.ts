// Decorator style: work of a Phase-1 method moves into the method that the class names for Phase 2.
// Must stay true: the framework runs the first name of `phase2_operations` only, so that one is the destination.
import { definitionIn } from '../ir/lookup.ts'
import type { ClassIr, FunctionIr } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import { bodyIndent, prepended } from './append.ts'
import { dropCalls } from './drop.ts'
import type { Draft } from './edits.ts'
import { dottedName } from '../ir/nodes.ts'
import { placeOf } from './enclosing.ts'
import { indentOf, reindented } from './layout.ts'
import { removal } from './move.ts'
import { namesOf } from './names.ts'
import { sliceOf } from './slice.ts'

interface Work {
  /** the method that Phase 1 runs */
  readonly qualname: string
  /** its statements that do the work or lead to it */
  readonly offsets: readonly number[]
  /** functions of the module on the path to the work: what is moved into one of them would call itself */
  readonly passed: ReadonlySet<string>
}

/** The draft that moves these statements of a method, or drops them when they call the method of Phase 2 themselves; null without one. */
export function moveToPhaseMethod(module: LoadedModule, { qualname, offsets, passed }: Work): Draft | null {
  const owner = definitionIn(module.ir, qualname.slice(0, qualname.lastIndexOf('.')))
  const fn = definitionIn(module.ir, qualname)
  if (owner === null || !('bases' in owner) || fn === null || !('params' in fn)) return null
  const to = secondPhaseMethod(owner)
  const self = fn.params[0]?.n
  if (to === null || to === fn || self === undefined || to.params[0]?.n !== self || to.params.length > 1) return null
  const places = offsets.map((offset) => placeOf(fn.body, offset))
  const seeds = [...new Set(places.flatMap((p) => (p === null || p.attempted ? [] : [p.statement])))]
  if (seeds.length === 0 || places.some((p) => p === null || p.attempted)) return null
  if (passed.has(to.qualname))
    return dropCalls(
      { module, fn },
      { block: fn.body, statements: seeds },
      { path: `${self}.${to.name}`, argument: null },
    )
  const slice = sliceOf(fn, fn.body, seeds, self)
  if (slice === null || slice.fetched.size > 0) return null
  const names = namesOf([...slice.copied, ...slice.moved])
  const there = namesOf(to.body)
  const clashes = [...names.writes].some((n) => to.locals.includes(n) || there.reads.has(n))
  const hidden = [...names.reads].some((n) => n !== self && to.locals.includes(n))
  if (clashes || hidden || (names.awaits && !to.async)) return null
  return drafted(module, { fn, to, slice })
}

/** The method that `@phase2_operations("name")` names first. */
function secondPhaseMethod(owner: ClassIr): FunctionIr | null {
  for (const decorator of owner.decorators) {
    if (decorator.k !== 'call' || !/(?:^|\.)phase2_operations$/.test(dottedName(decorator.f) ?? '')) continue
    const name = decorator.a[0]?.x
    if (name?.k !== 'const' || typeof name.v !== 'string') return null
    const found = owner.body.flatMap((s) => (s.k === 'def' && s.fn.name === name.v ? [s.fn] : []))
    return found.length === 1 && found[0]?.decorators.length === 0 && !found[0].generator ? found[0] : null
  }
  return null
}

interface Move {
  readonly fn: FunctionIr
  readonly to: FunctionIr
  readonly slice: NonNullable<ReturnType<typeof sliceOf>>
}

function drafted(module: LoadedModule, { fn, to, slice }: Move): Draft | null {
  const indent = bodyIndent(to, module)
  if (indent === null) return null
  const statements = [...slice.copied, ...slice.moved].toSorted((a, b) => a.p - b.p)
  const texts = statements.map((s) => reindented(s, module, { indent, renames: [] }))
  if (texts.includes(null) || slice.moved.some((s) => indentOf(s, module) === null)) return null
  const into = prepended(to, module, texts.join(''))
  const left = fn.body.filter((s) => !slice.moved.includes(s) && !(s.k === 'expr' && s.x.k === 'const'))
  const removed = removal({ module, fn }, slice.moved, { block: fn.body, instead: left.length === 0 ? 'pass' : '' })
  if (removed === null || into === null) return null
  return {
    path: module.file,
    edits: [...removed, into],
    title: `Move the database work into \`${to.name}\`, which runs in Phase 2`,
    disposition: slice.independent ? 'safe' : 'unsafe',
  }
}
