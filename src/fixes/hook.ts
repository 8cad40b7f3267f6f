// The repair of a hook that was called instead of passed: the call is replaced by the function's name.
// Only offered when nothing is lost by it: the call has no argument but a plain name, which the framework passes itself.
import type { RawFinding } from '../findings/model.ts'
import type { Expr } from '../ir/model.ts'
import type { LoadedModule } from '../program/program.ts'
import type { Draft } from './edits.ts'
import { callsIn, dottedName } from '../ir/nodes.ts'
import { setupCall } from './register.ts'

/** The draft for a `hook-called-not-passed` finding, or null when it is not certain. */
export function passTheHook(finding: RawFinding, module: LoadedModule): Draft | null {
  const place = finding.trace[0] ?? finding.location
  const start = module.ir.lines[place.line - 1]
  if (start === undefined || place.file !== module.file) return null
  const offset = start + place.column - 1
  for (const registration of callsIn(module.ir.body)) {
    for (const { x } of registration.a) {
      const call = setupCall(x)
      if (call === null || (x.p !== offset && call.p !== offset) || !isPlain(call)) continue
      const name = dottedName(call.f)
      if (name === null || module.text.slice(call.f.p, call.f.e) !== name || isNameOnly(x, call)) continue
      const title = `Pass \`${name}\` instead of calling it`
      return { path: module.file, edits: [{ p: x.p, e: x.e, text: name }], title, disposition: 'safe' }
    }
  }
  return null
}

/** No argument, or one plain name. */
function isPlain({ a }: Extract<Expr, { k: 'call' }>): boolean {
  const [only, ...others] = a
  return others.length === 0 && (only === undefined || (only.s === undefined && only.x.k === 'name'))
}

/** A call that runs its argument (`run(setup)`) is no call of the hook. */
function isNameOnly(x: Expr, call: Extract<Expr, { k: 'call' }>): boolean {
  return x.k === 'call' && x === call && /(?:^|\.)(?:partial|wraps|run|create_task)$/.test(dottedName(call.f) ?? '')
}
