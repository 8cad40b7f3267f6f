// Settings: values that are decided outside of the tree (environment variables, configuration entries). Each remembers what it is when nobody
// sets it, through comparisons and conversions, so that a condition on it says which way it usually goes. What a setting really is stays open:
// it decides no branch. It only tells a flag that is off by default from one that is on.
import { truthiness } from './narrowing.ts'
import type { Atom, CallArgs, Value } from '../domain/values.ts'
import { only, stringOf } from '../domain/values.ts'
import type { Machine } from '../machine/machine.ts'

/** A setting that is `usual` unless somebody sets it. An empty `usual`: it has no default. */
export function setting(m: Machine, usual: Value): Value {
  return m.domain.special('setting', [usual])
}

/** A setting that was found to be true: what it is stays open, but it is not empty. */
export function given(m: Machine): Value {
  return m.domain.special('given', [])
}

export function isSetting(atom: Atom): boolean {
  return atom.kind === 'special' && atom.type === 'setting'
}

/** What a value is when its settings have their defaults; null where it holds no setting, or one without a default. */
export function usualValue(value: Value): Value | null {
  const defaults = new Set<Value>()
  for (const atom of value.atoms) if (atom.kind === 'special' && isSetting(atom)) defaults.add(atom.parts[0] ?? value)
  const [first] = defaults
  return defaults.size === 1 && first !== undefined && only(first)?.kind === 'const' ? first : null
}

/** What a value is in the usual case: a constant itself, or a setting's default. */
export function usualOf(value: Value): Value | null {
  return only(value)?.kind === 'const' ? value : usualValue(value)
}

/** Which way a condition goes when its settings have their defaults; null = not known. */
export function usualTruth(value: Value): boolean | null {
  const usual = usualValue(value)
  const atom = usual === null ? null : only(usual)
  return atom === null ? null : truthiness(atom)
}

/** A result that depends on settings: `usual` is what it is when they have their defaults, if that is one constant. */
export function withUsual(m: Machine, result: Value, usual: Value | null): Value {
  if (usual === null || only(usual)?.kind !== 'const' || isDecided(result)) return result
  const rest = m.domain.filter(result, (atom) => !isSetting(atom))
  return m.domain.join(rest, setting(m, usual))
}

/** No setting can change which way a condition on this value goes. */
function isDecided(value: Value): boolean {
  const truths = new Set(
    value.atoms.map((atom) => (atom.kind === 'special' && atom.type === 'given' ? true : truthiness(atom))),
  )
  return truths.size === 1 && !truths.has(null)
}

/** Computes on the defaults of values of which at least one is a setting; null where that gives nothing. */
export function onDefaults(values: readonly Value[], compute: (values: readonly Value[]) => Value): Value | null {
  const usual = values.map((value) => usualValue(value))
  if (usual.every((value) => value === null)) return null
  const known = values.map((value, index) => usual[index] ?? value)
  return compute(known)
}

const TEXT: Readonly<Record<string, (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  casefold: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  strip: (text) => text.trim(),
}

/** A text method of a setting: `os.getenv("X", "0").lower()`. */
export function settingText(m: Machine, self: Value, method: string): Value {
  const usual = usualValue(self)
  const text = usual === null ? null : stringOf(usual)
  const change = Object.hasOwn(TEXT, method) ? TEXT[method] : undefined
  const typed = m.domain.typed(method.startsWith('is') || method.endsWith('with') ? 'bool' : 'str')
  return text === null || change === undefined ? typed : withUsual(m, typed, m.domain.constant('str', change(text)))
}

/** Texts that mean "off" where a text is read as a flag: distutils' strtobool, YAML 1.1, environment files. */
const OFF: ReadonlySet<string> = new Set(['', '0', 'n', 'no', 'f', 'false', 'off', 'none'])

/** A conversion of a setting: `int(os.getenv("X", "0"))`, `bool(…)`, `strtobool(…)`. */
export function convertedSetting(m: Machine, type: string, value: Value): Value {
  const typed = m.domain.typed(type === 'flag' ? 'bool' : type)
  const usual = usualValue(value)
  const atom = usual === null ? null : only(usual)
  if (atom?.kind !== 'const') return typed
  switch (type) {
    case 'bool': {
      const truth = truthiness(atom)
      return truth === null ? typed : withUsual(m, typed, truth ? m.domain.true : m.domain.false)
    }
    case 'flag':
      return withUsual(m, typed, OFF.has(String(atom.value ?? '').toLowerCase()) ? m.domain.false : m.domain.true)
    case 'int':
    case 'float': {
      const number = atom.value === null || atom.value === '' ? Number.NaN : Number(atom.value)
      return Number.isSafeInteger(number) ? withUsual(m, typed, m.domain.constant('int', number)) : typed
    }
    case 'str':
      return withUsual(m, typed, m.domain.constant('str', String(atom.value)))
    default:
      return typed
  }
}

/** Objects that hold configuration, by their last name: `app.config.get("SEED")`, `settings.get("SEED", False)`, `env.bool("SEED", default=False)`. */
const HOLDER = /^(?:config|configuration|configparser|conf|settings|options|env|environ|environs|flags|decouple)$/i
/** Methods that read one entry; `get` gives None for one that is missing, the others raise. */
const READS = /^(?:get|getboolean|get_bool|bool|as_bool|getint|get_int|int|__call__|config|env)$/i

/** The entry of a configuration that a library call reads with a constant default; null for every other call. */
export function settingRead(m: Machine, path: string, args: CallArgs): Value | null {
  const names = path.replaceAll('()', '').split('.')
  const name = names.at(-1) ?? ''
  if (!READS.test(name) || args.pos.length === 0 || !names.slice(0, -1).some((part) => HOLDER.test(part))) return null
  const keyword = args.kw.get('default') ?? args.kw.get('fallback')
  const usual = keyword ?? args.pos[1] ?? (name === 'get' ? m.domain.none : null)
  if (usual === null) return null
  const atom = only(usual)
  return atom?.kind === 'const' ? setting(m, usual) : null
}
