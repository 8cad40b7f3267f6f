// Methods of strings: folded where the text and all arguments are constants, otherwise a value of the result's type.
// Formatting runs the dunder methods of what is formatted, joining consumes what is joined, a translation asks its table.
import { forEachOf } from '../machine/alternatives.ts'
import { only, positional, type Value } from '../domain/values.ts'
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { argument, typed, type Native, type NativeCall, type Natives } from './native.ts'

/** Most pieces of a split that are told apart. */
const MAX_PIECES = 64

const join: Native = (frame, call) => {
  const m = frame.machine
  const separator = textOf(call.self)
  const pieces: (string | null)[] = []
  m.ops.iterate(frame, argument(frame, call, 0), implied(call.site, 'iterate'), (x) => {
    pieces.push(textOf(x))
    return true
  })
  const source = only(argument(frame, call, 0))
  const known =
    source?.kind === 'container' && m.ops.spread(frame, argument(frame, call, 0), call.site).elements !== null
  return known && separator !== null && !pieces.includes(null)
    ? m.domain.constant('str', pieces.join(separator))
    : m.domain.typed('str')
}

function textOf(value: Value | null): string | null {
  const atom = value === null ? null : only(value)
  return atom?.kind === 'const' && atom.type === 'str' ? String(atom.value) : null
}

/** Formats what the fields of a template stand for; of a template that is not known, everything. */
export function formatFields(frame: Frame, template: Value | null, call: NativeCall): void {
  for (const value of shown(frame, textOf(template), call)) frame.machine.ops.format(frame, value, 'f', call.site)
}

const formatting: Native = (frame, call) => {
  const m = frame.machine
  formatFields(frame, call.self, call)
  const filled = fill(call)
  return filled === null ? m.domain.typed('str') : m.domain.constant('str', filled)
}

/** What a template shows of the arguments: `{x.name[0]}` reads on from them. All of them where the template is not known. */
function shown(frame: Frame, text: string | null, call: NativeCall): readonly Value[] {
  const template = text?.replaceAll(/\{\{|\}\}/g, '') ?? null
  const isOpen = call.args.restPos !== null || call.args.restKw !== null
  // a field within the specification of another one is not taken apart
  if (template === null || isOpen || /\{[^{}]*\{/.test(template)) return [...call.args.pos, ...call.args.kw.values()]
  let next = 0
  const values: Value[] = []
  for (const [, field = ''] of template.matchAll(/\{([^{}!:]*)[^{}]*\}/g)) {
    const [, first = '', path = ''] = /^([^.[]*)(.*)$/.exec(field) ?? []
    const given = /^\d*$/.test(first) ? call.args.pos[first === '' ? next++ : Number(first)] : call.args.kw.get(first)
    if (given !== undefined) values.push(readOn(frame, given, path, call))
  }
  return values
}

/** `.name[key]` behind a field of a template. */
function readOn(frame: Frame, given: Value, path: string, { site }: NativeCall): Value {
  const { domain, ops } = frame.machine
  let value = given
  for (const [, name, key = ''] of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g)) {
    const item = /^\d+$/.test(key) ? domain.constant('int', Number(key)) : domain.constant('str', key)
    value =
      name === undefined
        ? ops.getItem(frame, value, item, site)
        : ops.getAttribute(frame, value, name, implied(site, 'property'))
  }
  return value
}

/** `'{}.{name}'.format(…)` of constants; null with a format specification, a conversion, or something unknown. */
function fill(call: NativeCall): string | null {
  const template = textOf(call.self)
  if (template === null || call.args.restPos !== null || call.args.restKw !== null) return null
  let next = 0
  let complete = true
  const text = template.replaceAll(/\{\{|\}\}|\{([^{}]*)\}/g, (whole, field: string | undefined) => {
    if (field === undefined) return whole.charAt(0)
    const value = /^\d*$/.test(field) ? call.args.pos[field === '' ? next++ : Number(field)] : call.args.kw.get(field)
    const atom = value === undefined ? null : only(value)
    if (atom?.kind === 'const' && (atom.type === 'str' || atom.type === 'int')) return String(atom.value)
    complete = false
    return ''
  })
  return complete ? text : null
}

/** String methods whose result on a constant is certain. */
const folding =
  (compute: (s: string, ...args: string[]) => string | boolean | null): Native =>
  (frame, call) => {
    const m = frame.machine
    const self = textOf(call.self)
    const args = call.args.pos.map(textOf)
    const result = self !== null && !args.includes(null) ? compute(self, ...args.map(String)) : null
    if (typeof result === 'boolean') return result ? m.domain.true : m.domain.false
    return result === null ? m.domain.typed('str') : m.domain.constant('str', result)
  }
const testing =
  (compute: (s: string, arg: string) => boolean): Native =>
  (frame, call) => {
    const value = folding((s, arg) => (arg === undefined ? null : compute(s, arg)))(frame, call)
    return only(value)?.kind === 'typed' ? frame.machine.domain.typed('bool') : value
  }

/** Splits a constant at a constant; what has a limit, or no separator, is left open unless it is plain. */
const splitting =
  (type: 'list' | 'tuple', split: (s: string, separator: string | null) => readonly string[] | null): Native =>
  (frame, call) => {
    const m = frame.machine
    const self = textOf(call.self)
    const separator = call.args.pos[0] === undefined ? null : textOf(call.args.pos[0])
    const plain = call.args.pos.length <= 1 && call.args.kw.size === 0 && call.args.restPos === null
    const given = call.args.pos.length === 0 || separator !== null
    const pieces = self !== null && plain && given ? split(self, separator) : null
    const node = call.site.site
    if (pieces === null || pieces.length > MAX_PIECES) return m.ops.newList(frame, node, m.domain.typed('str'), type)
    return m.ops.newList(
      frame,
      node,
      pieces.map((piece) => m.domain.constant('str', piece)),
      type,
    )
  }

function words(s: string, separator: string | null): readonly string[] | null {
  if (separator === null) return s.split(/\s+/).filter((word) => word !== '')
  return separator === '' ? null : s.split(separator)
}

function around(
  at: (s: string, separator: string) => number,
): (s: string, separator: string | null) => readonly string[] | null {
  return (s, separator) => {
    if (separator === null || separator === '') return null
    const found = at(s, separator)
    return found < 0 ? null : [s.slice(0, found), separator, s.slice(found + separator.length)]
  }
}

/** `text.translate(table)`, `format_map(mapping)`: an object of the tree is asked for the keys of the text. */
const asking =
  (certain: (text: string) => boolean): Native =>
  (frame, call) => {
    const m = frame.machine
    const table = argument(frame, call, 0)
    const text = textOf(call.self)
    const ask = (): void => askFor(frame, table, call)
    if (text !== null && certain(text)) ask()
    else if (text === null) m.ops.maybe(frame, ask)
    return m.domain.typed('str')
  }

/** One key that is not known is looked up. */
export function askFor(frame: Frame, table: Value, call: NativeCall): void {
  const m = frame.machine
  forEachOf(frame, table, (atom) => {
    if (atom.kind !== 'instance') return
    for (const name of ['__getitem__', '__missing__']) {
      const method = m.ops.typeMethod(frame, atom, name)
      if (method === null) continue
      m.ops.call(frame, method, positional(m.domain.typed('str')), implied(call.site, 'invoke'))
      break
    }
  })
}

export const TEXT: Natives = {
  'str.join': join,
  'bytes.join': join,
  'str.format': formatting,
  'str.format_map': asking((text) => /\{[^{}]/.test(text)),
  'str.translate': asking((text) => text !== ''),
  'str.lower': folding((s) => s.toLowerCase()),
  'str.upper': folding((s) => s.toUpperCase()),
  'str.strip': folding((s, chars) => (chars === undefined ? s.trim() : null)),
  'str.lstrip': folding((s, chars) => (chars === undefined ? s.trimStart() : null)),
  'str.rstrip': folding((s, chars) => (chars === undefined ? s.trimEnd() : null)),
  'str.startswith': testing((s, p) => s.startsWith(p)),
  'str.endswith': testing((s, p) => s.endsWith(p)),
  'str.replace': folding((s, a, b) => (a === undefined || b === undefined ? null : s.replaceAll(a, () => b))),
  'str.removeprefix': folding((s, p) => (p === undefined ? null : s.startsWith(p) ? s.slice(p.length) : s)),
  'str.removesuffix': folding((s, p) => (p === undefined ? null : s.endsWith(p) ? s.slice(0, s.length - p.length) : s)),
  'str.split': splitting('list', words),
  'str.rsplit': splitting('list', words),
  'str.partition': splitting(
    'tuple',
    around((s, separator) => s.indexOf(separator)),
  ),
  'str.rpartition': splitting(
    'tuple',
    around((s, separator) => s.lastIndexOf(separator)),
  ),
  'str.splitlines': splitting('list', (s) => (s === '' ? [] : s.replace(/\n$/, '').split('\n'))),
  'str.encode': typed('bytes'),
  'bytes.decode': typed('str'),
  'str.isidentifier': typed('bool'),
  'str.isdigit': typed('bool'),
  'str.find': typed('int'),
  'str.count': typed('int'),
}
