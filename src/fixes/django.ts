// Django: a form field's choices become a callable, and rows that `ready()` makes sure of move into a receiver of `post_migrate`.
// Sources: Django documentation, "Form fields" (choices may be a callable, evaluated when the form is made) and "Signals", post_migrate.
import type { ClassIr, Expr, FunctionIr } from '../ir/model.ts'
import type { Operation } from '../findings/model.ts'
import type { LoadedModule } from '../program/program.ts'
import { definitionIn } from '../ir/lookup.ts'
import { behind } from './append.ts'
import type { Draft } from './edits.ts'
import { callsIn, dottedName } from '../ir/nodes.ts'
import { placeOf } from './enclosing.ts'
import { indentOf, lineEnd, reindented } from './layout.ts'
import { removal } from './move.ts'
import { namesOf, readsOf } from './names.ts'
import { sliceOf } from './slice.ts'

const CHOICE_FIELDS = /^(?:forms|django\.forms)\.(?:Typed)?(?:Multiple)?ChoiceField$/

/** `choices=list(...)` of a form field, evaluated while the module is imported, becomes `choices=lambda: list(...)`. */
export function lazyChoices(module: LoadedModule, offset: number): Draft | null {
  const isDjango = module.ir.body.some(
    (s) => s.k === 'from' && s.module === 'django' && s.names.some(({ n, as }) => n === 'forms' && as === null),
  )
  if (!isDjango) return null
  for (const call of callsIn(module.ir.body)) {
    if (!CHOICE_FIELDS.test(dottedName(call.f) ?? '')) continue
    const choices = call.a.find(({ n, x }) => n === 'choices' && x.p <= offset && offset < x.e)?.x
    if (choices === undefined || choices.k === 'lambda' || hiddenByClass(module, choices)) continue
    return {
      path: module.file,
      edits: [{ p: choices.p, e: choices.p, text: 'lambda: ' }],
      title: 'Give the field a callable: the choices are read when the form is made',
      disposition: 'unsafe',
    }
  }
  return null
}

/** A lambda does not see the names of the class body in which it stands; `await` and `yield` stay where they are. */
function hiddenByClass(module: LoadedModule, x: Expr): boolean {
  const around = module.ir.body.find((s) => s.k === 'class' && s.p <= x.p && x.e <= s.e)
  const reads = readsOf(x)
  const hides = (cls: ClassIr): boolean =>
    cls.locals.some((name) => reads.has(name)) ||
    cls.body.some((s) => s.k === 'class' && s.p <= x.p && x.e <= s.e && hides(s.cls))
  return around?.k === 'class' && hides(around.cls)
}

const ENSURES = /\.(?:get_or_create|update_or_create)$/
const RECEIVER = 'create_defaults'

/** Statements of `ready()` that only make sure of rows move into a receiver; the application needs models for the signal to come. */
export function moveToReceiver(
  module: LoadedModule,
  qualname: string,
  { operations, hasModels }: { readonly operations: readonly Operation[]; readonly hasModels: boolean },
): Draft | null {
  const owner = definitionIn(module.ir, qualname.slice(0, qualname.lastIndexOf('.')))
  const fn = definitionIn(module.ir, qualname)
  if (owner === null || !('bases' in owner) || fn === null || !('params' in fn) || !hasModels) return null
  if (!operations.every((o) => o.file === module.file && ENSURES.test(o.symbol))) return null
  const offsets = operations.map((o) => (module.ir.lines[o.line - 1] ?? 0) + o.column - 1)
  return receiverDraft(module, { owner, fn, offsets })
}

interface Ready {
  readonly owner: ClassIr
  readonly fn: FunctionIr
  readonly offsets: readonly number[]
}

function receiverDraft(module: LoadedModule, { owner, fn, offsets }: Ready): Draft | null {
  const self = fn.params[0]?.n
  const places = offsets.map((offset) => placeOf(fn.body, offset))
  if (
    self === undefined ||
    module.ir.names.includes(RECEIVER) ||
    !module.ir.body.some((s) => s.k === 'class' && s.cls === owner)
  )
    return null
  if (places.some((p) => p === null || p.attempted)) return null
  const seeds = [...new Set(places.flatMap((p) => (p === null ? [] : [p.statement])))]
  const slice = sliceOf(fn, fn.body, seeds, self)
  const [first] = slice?.moved ?? []
  const indent = first === undefined ? null : indentOf(first, module)
  if (slice === null || first === undefined || indent === null || slice.fetched.size > 0) return null
  const statements = [...slice.copied, ...slice.moved].toSorted((a, b) => a.p - b.p)
  const step = indent.slice(0, indent.length / 2)
  const texts = statements.map((s) => reindented(s, module, { indent: step, renames: [] }))
  if (texts.includes(null) || slice.moved.some((s) => indentOf(s, module) !== indent || namesOf([s]).reads.has(self)))
    return null
  const end = lineEnd(module)
  const connecting = [
    'from django.db.models.signals import post_migrate',
    '',
    `post_migrate.connect(${RECEIVER}, sender=${self})`,
  ]
  const instead = connecting.map((line, i) => (i === 0 || line === '' ? line : indent + line)).join(end)
  const removed = removal({ module, fn }, slice.moved, { block: fn.body, instead })
  if (removed === null) return null
  return {
    path: module.file,
    edits: [...removed, behind(owner, module, `${end}${end}def ${RECEIVER}(sender, **kwargs):${end}${texts.join('')}`)],
    title: 'Move it into a receiver of `post_migrate`, which runs after every `migrate`',
    disposition: 'unsafe',
  }
}
