// What the settings modules of the tree say about one setting. They are read, not run: a deployment may replace any of them, so a value decides
// nothing. It is what the setting is when nobody changes it, if all settings modules agree.
import type { Expr } from '../../ir/model.ts'
import type { Machine } from '../machine/machine.ts'
import { assignedTo } from '../entries/module-entries.ts'
import { setting } from '../language/settings.ts'
import type { Value } from '../domain/values.ts'

/** Modules of settings, by their names. */
export const SETTINGS_FILE = /(?:^|\/)(?:\w+_)?settings(?:_\w+)?(?:\/\w+)?\.py$/
/** Where the settings object is read from. */
export const SETTINGS_OBJECT = 'django.conf.settings'

/** The expressions that settings modules assign to a name. */
export function settingExpressions(m: Machine, name: string): Expr[] {
  const out: Expr[] = []
  for (const [file, module] of m.program.modules)
    if (SETTINGS_FILE.test(file)) out.push(...assignedTo(module.ir.body, name))
  return out
}

/** The strings that settings modules assign to a name (`AUTH_USER_MODEL`). */
export function settingStrings(m: Machine, name: string): string[] {
  return settingExpressions(m, name).flatMap((x) => (x.k === 'const' && typeof x.v === 'string' ? [x.v] : []))
}

/** Whether a settings module of the tree defines a name. */
export function hasSetting(m: Machine, name: string): boolean {
  return settingExpressions(m, name).length > 0
}

/** `settings.NAME`: what it usually is, besides what it may be; null when the settings modules do not say. */
export function settingValue(m: Machine, name: string): Value | null {
  const found = settingExpressions(m, name)
  const usual = new Set(found.map((x) => defaultOf(m, x)))
  const [first] = usual
  if (usual.size !== 1 || first === undefined || first === null) return null
  return m.domain.join(m.domain.external(`${SETTINGS_OBJECT}.${name}`), setting(m, first))
}

/** Calls that read the environment: `os.environ.get`, `os.getenv`, `env`, `env.bool`, `config`. */
const READS = /(?:^|\.)(?:environ\.get|getenv|env(?:\.\w+)?|config|get_env\w*)$/
const FLAGS = /(?:^|\.)(?:bool|strtobool|env\.bool|env_bool|get_env_bool)$/
const OFF: ReadonlySet<unknown> = new Set(['', '0', 'n', 'no', 'false', 'off', 'none'])

/** What an expression of a settings module is when the environment is empty, as far as a constant or a flag goes. */
function defaultOf(m: Machine, x: Expr): Value | null {
  if (x.k === 'const')
    return x.t === 'bool' || x.t === 'none' || x.t === 'str' || x.t === 'int' ? m.domain.constant(x.t, x.v) : null
  if (x.k === 'call') {
    const callee = written(x.f)
    const [first, second] = x.a.filter((a) => a.n === undefined && a.s === undefined)
    if (callee !== null && /^(?:bool|strtobool)$/.test(callee) && first !== undefined)
      return flag(m, defaultOf(m, first.x))
    if (callee === null || !READS.test(callee)) return null
    const fallback = x.a.find((a) => a.n === 'default')?.x ?? second?.x
    if (fallback === undefined) return /(?:environ\.get|getenv)$/.test(callee) ? m.domain.none : null
    const value = defaultOf(m, fallback)
    return FLAGS.test(callee) || x.a.some((a) => a.n === 'cast') ? flag(m, value) : value
  }
  const [op] = x.k === 'cmp' && x.ops.length === 1 ? x.ops : []
  if (x.k !== 'cmp' || x.r[0] === undefined || op !== '==') return null
  const [left, right] = [defaultOf(m, x.l), defaultOf(m, x.r[0])]
  return left === null || right === null ? null : left === right ? m.domain.true : m.domain.false
}

function flag(m: Machine, value: Value | null): Value | null {
  const atom = value?.atoms[0]
  if (atom?.kind !== 'const') return null
  return atom.value === null || OFF.has(String(atom.value).toLowerCase()) ? m.domain.false : m.domain.true
}

function written(x: Expr): string | null {
  if (x.k === 'name') return x.id
  const owner = x.k === 'attr' ? written(x.o) : null
  return owner === null || x.k !== 'attr' ? null : `${owner}.${x.n}`
}
