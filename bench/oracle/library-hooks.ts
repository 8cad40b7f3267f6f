// Templates of methods that functions of the standard library call: copies, pickles, formats, heaps, conversions.
// Some uses leave the method alone.
import { defineClass, line, need, type Generator, type Place, type Template } from './place.ts'
import { expr } from './templates.ts'

/** A class with one method that does something and then answers. */
function withHook(
  g: Generator,
  p: Place,
  d: number,
  hook: { readonly header: string; readonly result: string; readonly bases?: string },
): string {
  const bases = hook.bases === undefined ? {} : { bases: hook.bases }
  return defineClass(g, p, bases, (c) =>
    c.method(`def ${hook.header}:`, (inner) => {
      g.statements(inner, d - 1)
      line(inner, `return ${hook.result}`)
    }),
  )
}

/** Hooks that the standard library calls: what is imported, header, result, and expressions that may call it (`O` is an object). */
const HOOKS: readonly (readonly [name: string, module: string, header: string, result: string, uses: string[]])[] = [
  ['copy', 'copy', '__copy__(self)', 'self', ['copy.copy(O)', 'copy.deepcopy(O)', 'copy.copy([O])']],
  ['deepcopy', 'copy', '__deepcopy__(self, memo)', 'self', ['copy.deepcopy(O)', 'copy.copy(O)', 'copy.deepcopy([O])']],
  ['reduce', 'copy', '__reduce__(self)', '(int, ())', ['copy.copy(O)', 'copy.deepcopy(O)', 'O']],
  ['reduce-pickled', 'pickle', '__reduce__(self)', '(int, ())', ['pickle.dumps(O)', 'pickle.loads(pickle.dumps(O))']],
  ['getstate', 'copy', '__getstate__(self)', '{"a": 1}', ['copy.copy(O)', 'copy.deepcopy(O)', 'O']],
  ['setstate', 'copy', '__setstate__(self, state)', 'None', ['copy.copy(O)', 'copy.deepcopy(O)']],
  [
    'formatter',
    'string',
    '__format__(self, spec)',
    '"x"',
    ['string.Formatter().format("{0}", O)', 'string.Formatter().format("x", O)'],
  ],
  [
    'template',
    'string',
    '__getitem__(self, key)',
    '"x"',
    ['string.Template("$a").substitute(O)', 'string.Template("b").substitute(O)'],
  ],
  ['format-map', 'string', '__getitem__(self, key)', '"x"', ['"{a}".format_map(O)', '"b".format_map(O)']],
  [
    'heap',
    'heapq',
    '__lt__(self, other)',
    'True',
    ['heapq.heapify([O, O])', 'heapq.heapify([O])', 'heapq.heappush([O], O)', 'heapq.nlargest(1, [O, O])'],
  ],
  [
    'bisect',
    'bisect',
    '__lt__(self, other)',
    'True',
    ['bisect.insort([O], O)', 'bisect.insort([], O)', 'bisect.bisect_left([O], O)'],
  ],
  ['sizeof', 'sys', '__sizeof__(self)', '1', ['sys.getsizeof(O)', 'O']],
  ['length-hint', 'operator', '__length_hint__(self)', '1', ['operator.length_hint(O)', 'O']],
  ['fspath', 'os', '__fspath__(self)', '"x"', ['os.fspath(O)', 'os.path.join(O, "b")', 'O']],
  ['trunc', 'math', '__trunc__(self)', '1', ['math.trunc(O)', 'O']],
  ['floor', 'math', '__floor__(self)', '1', ['math.floor(O)', 'math.trunc(1.5)']],
  ['bytes', 'sys', '__bytes__(self)', 'b"x"', ['bytes(O)', 'O']],
  ['complex', 'sys', '__complex__(self)', '1j', ['complex(O)', 'O']],
  ['float', 'math', '__float__(self)', '1.0', ['float(O)', 'math.sqrt(O)', 'O']],
  ['divmod', 'sys', '__divmod__(self, other)', '(1, 1)', ['divmod(O, 2)', 'O']],
  ['operator-iadd', 'operator', '__iadd__(self, other)', 'self', ['operator.iadd(O, 1)', 'operator.is_(O, O)']],
  [
    'operator-add',
    'operator',
    '__add__(self, other)',
    'self',
    ['operator.add(O, 1)', 'operator.iadd(O, 1)', 'operator.concat([1], [2])'],
  ],
  ['operator-setitem', 'operator', '__setitem__(self, key, value)', 'None', ['operator.setitem(O, 1, 2)', 'O']],
  ['operator-neg', 'operator', '__neg__(self)', '1', ['operator.neg(O)', 'operator.pos(1)']],
  [
    'operator-not',
    'operator',
    '__bool__(self)',
    'True',
    ['operator.not_(O)', 'operator.truth(O)', 'operator.is_not(O, None)'],
  ],
  [
    'operator-attr',
    'operator',
    '__getattr__(self, name)',
    '1',
    ['operator.attrgetter("a")(O)', 'operator.attrgetter("a")'],
  ],
  [
    'slice-bound',
    'sys',
    '__index__(self)',
    '0',
    ['[1, 2][O:]', '(1, 2)[:O]', '"ab"[O:1]', 'slice(O)', '[1][O]', 'range(O)'],
  ],
  ['pow', 'sys', '__pow__(self, other, mod=None)', '1', ['pow(O, 2)', '(O ** 2)', 'O']],
]

export const HOOKED: readonly Template[] = HOOKS.map(([name, module, header, result, uses]) =>
  expr(`hook-${name}`, 0.4, (g, p, d) => {
    need(p, `import ${module}`)
    const object = g.name('thing')
    line(p, `${object} = ${withHook(g, p, d, { header, result })}()`)
    return g.random.pick(uses).replaceAll('O', object)
  }),
)
