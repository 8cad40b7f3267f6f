// Classes of the standard library whose methods call what a subclass overrides: parsers, visitors, encoders, handlers, and the mixin methods of the
// abstract collections. Which hook runs depends on data, so it is possible, unless the call says which one.
import { implied } from '../machine/sites.ts'
import type { Frame } from '../machine/machine.ts'
import { NO_ARGS, only, positional, stringOf, type ClassAtom, type Value } from '../domain/values.ts'
import { formatFields } from './text.ts'
import { argument, isNone, type Native, type NativeCall, type Natives } from './native.ts'

/** Members of a class of the tree whose names match, nearest first. */
function hooksOf(cls: ClassAtom, pattern: RegExp): string[] {
  const names = new Set<string>()
  for (const base of cls.mro)
    if (base.kind === 'class') for (const name of base.fields.keys()) if (pattern.test(name)) names.add(name)
  return [...names]
}

/** What is given to a hook is not known. */
function callHook(frame: Frame, self: Value, name: string, call: NativeCall): Value {
  const m = frame.machine
  const site = implied(call.site, 'invoke')
  const hook = m.ops.getAttribute(frame, self, name, implied(site, 'property'))
  return m.ops.call(frame, hook, { ...NO_ARGS, restPos: m.domain.unknown('untyped-parameter') }, implied(site))
}

/** A method that may call any of the hooks. */
const template =
  (pattern: RegExp): Native =>
  (frame, call) => {
    const m = frame.machine
    for (const self of call.self?.atoms ?? []) {
      if (self.kind !== 'instance' || self.cls === null) continue
      for (const name of hooksOf(self.cls, pattern))
        m.ops.maybe(frame, () => callHook(frame, m.domain.of(self), name, call))
    }
    return m.domain.unknown('element')
  }

/** `Formatter().format(template, …)`: the hooks of a subclass may run, and what is filled in is formatted. */
const formatter: Native = (frame, call) => {
  template(/^(?:get_value|get_field|format_field|convert_field|check_unused_args|parse)$/)(frame, call)
  const [text = null, ...pos] = call.args.pos
  if (call.name.endsWith('.format')) formatFields(frame, text, { ...call, args: { ...call.args, pos } })
  return frame.machine.domain.typed('str')
}

/** `Cmd.onecmd("load x")` runs `do_load`. */
const command: Native = (frame, call) => {
  const m = frame.machine
  const line = stringOf(argument(frame, call, 0))
  const word = line === null ? null : /^\w+/.exec(line.trim())
  if (word === null) return template(/^do_/)(frame, call)
  for (const self of call.self?.atoms ?? [])
    if (self.kind === 'instance' && self.cls !== null && hooksOf(self.cls, new RegExp(`^do_${word[0]}$`)).length > 0)
      callHook(frame, m.domain.of(self), `do_${word[0]}`, call)
  return m.domain.none
}

/** A method of an abstract collection: the abstract methods that it is made of, in the order in which it calls them. */
const mixin =
  (...steps: readonly (readonly [string, number])[]): Native =>
  (frame, call) => {
    const m = frame.machine
    let out = m.domain.none
    for (const self of call.self?.atoms ?? []) {
      if (self.kind !== 'instance') continue
      for (const [name, arity] of steps) {
        const method = m.ops.typeMethod(frame, self, name)
        if (method === null) continue
        const given = Array.from({ length: arity }, (_, i) => argument(frame, call, i))
        const pos = given.map((value) => (value.atoms.length > 0 ? value : m.domain.unknown('element')))
        const site = implied(call.site, 'operator')
        const error = name === '__getitem__' && call.name.endsWith('setdefault')
        if (error) m.ops.maybe(frame, () => m.ops.call(frame, method, positional(...pos), implied(site)))
        else out = m.ops.call(frame, method, positional(...pos), implied(site))
      }
    }
    return out.atoms.length > 0 ? out : m.domain.unknown('element')
  }

/** `update(…)`: one assignment per entry. */
const updating: Native = (frame, call) => {
  const m = frame.machine
  const any = call.args.kw.size > 0 || call.args.pos.length > 0 || call.args.restKw !== null
  for (const self of call.self?.atoms ?? []) {
    if (!any) continue
    const value = m.domain.joinAll([...call.args.kw.values(), m.domain.unknown('element')])
    m.ops.setItem(
      frame,
      { object: m.domain.of(self), key: m.domain.typed('str'), value },
      implied(call.site, 'operator'),
    )
  }
  return m.domain.none
}

const MAPPING: Natives = {
  get: mixin(['__getitem__', 1]),
  keys: (frame, call) => call.self ?? frame.machine.domain.none,
  items: mixin(['__iter__', 0], ['__getitem__', 1]),
  values: mixin(['__iter__', 0], ['__getitem__', 1]),
  __contains__: mixin(['__getitem__', 1]),
  setdefault: mixin(['__getitem__', 1], ['__setitem__', 2]),
  pop: mixin(['__getitem__', 1], ['__delitem__', 1]),
  popitem: mixin(['__iter__', 0], ['__getitem__', 1], ['__delitem__', 1]),
  clear: mixin(['__iter__', 0], ['__getitem__', 1], ['__delitem__', 1]),
  update: updating,
}
const USER_DICT: Natives = {
  update: updating,
  setdefault: mixin(['__setitem__', 2]),
  // from Python 3.12 on only keys that are there are read
  get: (frame, call) => {
    const m = frame.machine
    let out = m.domain.unknown('element')
    m.ops.maybe(frame, () => {
      const own = (call.self?.atoms ?? []).some((a) => m.ops.typeMethod(frame, a, '__getitem__') !== null)
      out = mixin([own ? '__getitem__' : '__missing__', 1])(frame, call)
    })
    return m.domain.join(out, call.args.pos[1] ?? m.domain.none)
  },
  __contains__: (frame) => frame.machine.domain.typed('bool'),
}
const SEQUENCE: Natives = {
  index: mixin(['__getitem__', 1]),
  count: mixin(['__getitem__', 1]),
  append: mixin(['__len__', 0], ['insert', 1]),
  extend: mixin(['append', 1], ['insert', 1]),
  pop: mixin(['__getitem__', 1], ['__delitem__', 1]),
  remove: mixin(['__getitem__', 1], ['__delitem__', 1]),
}
const SET: Natives = {
  remove: mixin(['__contains__', 1], ['discard', 1]),
  pop: mixin(['__iter__', 0], ['discard', 1]),
  clear: mixin(['__iter__', 0], ['discard', 1]),
}

function under(path: string, methods: Natives): Natives {
  return Object.fromEntries(Object.entries(methods).map(([name, native]) => [`${path}.${name}`, native]))
}

/** A logger's handlers and filters of the tree run with a record; whether the level is on is not known. */
export function logTo(frame: Frame, call: NativeCall): void {
  const m = frame.machine
  for (const self of call.self?.atoms ?? []) {
    if (self.kind !== 'instance') continue
    for (const name of ['filters', 'handlers'])
      for (const atom of m.ops.slot(self, name).atoms) {
        const methods = name === 'filters' ? ['filter'] : ['filter', 'emit']
        m.ops.maybe(frame, () => {
          for (const method of methods) {
            const found = atom.kind === 'instance' ? m.ops.typeMethod(frame, atom, method) : null
            if (found !== null)
              m.ops.call(frame, found, positional(m.domain.unknown('element')), implied(call.site, 'invoke'))
          }
        })
      }
  }
}
const attaching =
  (slot: string): Native =>
  (frame, call) => {
    const m = frame.machine
    for (const self of call.self?.atoms ?? [])
      if (self.kind === 'instance') m.ops.push(self, slot, argument(frame, call, 0))
    return m.domain.none
  }

/** argparse: types run when arguments are parsed, defaults come out as attributes. Sub-parsers are the parser itself. */
const parser = 'argparse.ArgumentParser'
const itself: Native = (frame, call) => call.self ?? frame.machine.domain.none
const addArgument: Native = (frame, call) => {
  for (const self of call.self?.atoms ?? []) {
    if (self.kind !== 'instance') continue
    const type = call.args.kw.get('type')
    if (type !== undefined && !isNone(type)) frame.machine.ops.push(self, 'types', type)
  }
  return frame.machine.domain.unknown('element')
}
const setDefaults: Native = (frame, call) => {
  for (const self of call.self?.atoms ?? [])
    if (self.kind === 'instance')
      for (const [name, value] of call.args.kw) frame.machine.ops.push(self, `default ${name}`, value)
  return frame.machine.domain.none
}
const parseArguments: Native = (frame, call) => {
  const m = frame.machine
  const made = m.ops.modelled(frame, 'argparse.Namespace', call)
  const namespace = only(made)
  for (const self of call.self?.atoms ?? []) {
    if (self.kind !== 'instance' || namespace?.kind !== 'instance') continue
    for (const type of m.ops.slot(self, 'types').atoms)
      m.ops.maybe(frame, () => {
        m.ops.call(frame, m.domain.of(type), positional(m.domain.typed('str')), implied(call.site, 'invoke'))
      })
    for (const name of self.slots.keys())
      if (name.startsWith('default ')) m.ops.setField(namespace, name.slice(8), m.ops.slot(self, name))
  }
  return made
}

export const TEMPLATES: Natives = {
  'html.parser.HTMLParser.feed': template(/^(?:handle_|unknown_decl)/),
  'html.parser.HTMLParser.close': template(/^handle_/),
  'ast.NodeVisitor.visit': template(/^(?:visit_|generic_visit)/),
  'ast.NodeVisitor.generic_visit': template(/^(?:visit_|visit$)/),
  'ast.NodeTransformer.visit': template(/^(?:visit_|generic_visit)/),
  'ast.NodeTransformer.generic_visit': template(/^(?:visit_|visit$)/),
  'cmd.Cmd.onecmd': command,
  'cmd.Cmd.cmdloop': template(/^(?:do_|preloop|postloop|precmd|postcmd|default|emptyline)/),
  'string.Formatter': (frame, call) => frame.machine.ops.modelled(frame, 'string.Formatter', call),
  'string.Formatter.format': formatter,
  'string.Formatter.vformat': formatter,
  'unittest.TestCase.run': template(/^(?:setUp|tearDown|test)/),
  'unittest.TestCase.debug': template(/^(?:setUp|tearDown|test)/),
  'logging.Handler.handle': template(/^(?:emit|filter)$/),
  'logging.Logger.addHandler': attaching('handlers'),
  'logging.Logger.addFilter': attaching('filters'),
  'socketserver.BaseServer.serve_forever': template(/^(?:process_request|verify_request|service_actions)$/),
  [parser]: (frame, call) => frame.machine.ops.modelled(frame, parser, call),
  [`${parser}.add_argument`]: addArgument,
  [`${parser}.add_subparsers`]: itself,
  [`${parser}.add_parser`]: itself,
  [`${parser}.add_argument_group`]: itself,
  [`${parser}.add_mutually_exclusive_group`]: itself,
  [`${parser}.set_defaults`]: setDefaults,
  [`${parser}.parse_args`]: parseArguments,
  ...under('collections.abc.Mapping', MAPPING),
  ...under('collections.abc.MutableMapping', MAPPING),
  ...under('collections.UserDict', USER_DICT),
  ...under('collections.abc.Sequence', SEQUENCE),
  ...under('collections.abc.MutableSequence', SEQUENCE),
  ...under('collections.abc.MutableSet', SET),
}
