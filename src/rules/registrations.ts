// Services that a call path asks for by name, and where the tree registers them: a change there gives the path another object.
// Must stay true: only names that are written out on both sides are compared; a computed one leads nowhere.
import { type Call, callsIn, lastName } from '../ir/nodes.ts'
import type { Program } from '../program/program.ts'
import type { SourceRange } from '../text/position.ts'
import { rangeOf } from './places.ts'

/** Calls of the application context, and of what the framework adds to a module class. */
const LOOKUPS: ReadonlySet<string | null> = new Set(['get_service', 'get_required_service'])
const REGISTRATION = 'register_service'

/** Names of services for which a piece of code asks. */
export function servicesIn(code: unknown): string[] {
  return callsIn(code)
    .filter((call) => LOOKUPS.has(lastName(call.f)))
    .flatMap(nameIn)
}

/** Every registration of one of these services in the files that took part, in order of the files. */
export function registrationsOf(program: Program, services: ReadonlySet<string>): SourceRange[] {
  if (services.size === 0) return []
  const modules = [...program.modules.values()].toSorted((a, b) => (a.file < b.file ? -1 : 1))
  return modules.flatMap((module) =>
    module
      .derive('registrations of services', ({ body }) =>
        callsIn(body).filter((call) => lastName(call.f) === REGISTRATION),
      )
      .filter((call) => nameIn(call).some((name) => services.has(name)))
      .map(({ p, e }) => rangeOf({ module, p, e })),
  )
}

function nameIn({ a }: Call): string[] {
  const x = a[0]?.x
  return x?.k === 'const' && typeof x.v === 'string' ? [x.v] : []
}
