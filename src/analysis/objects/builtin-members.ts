// Names that objects and classes have from Python itself, so that no `__getattr__` is asked for them (`dir()` of CPython 3.11, methods of items included).
// Must stay true: a name that is missing here only makes a `__getattr__` run that would not; one too many hides what it does.
import type { ClassAtom } from '../domain/values.ts'

const OBJECT: ReadonlySet<string> = new Set(
  (
    '__class__ __delattr__ __dict__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ ' +
    '__module__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__'
  ).split(' '),
)

const TYPE: ReadonlySet<string> = new Set(
  '__annotations__ __base__ __bases__ __call__ __instancecheck__ __mro__ __name__ __prepare__ __qualname__ __subclasscheck__ __subclasses__ mro'.split(
    ' ',
  ),
)

const OF_BUILTINS: Readonly<Record<string, string>> = {
  dict:
    'clear copy fromkeys get items keys pop popitem setdefault update values __contains__ __delitem__ __getitem__ __iter__ __len__ ' +
    '__setitem__',
  list:
    'append clear copy count extend index insert pop remove reverse sort __contains__ __delitem__ __getitem__ __iter__ __len__ ' +
    '__setitem__',
  set:
    'add clear copy difference difference_update discard intersection intersection_update isdisjoint issubset issuperset pop remove ' +
    'symmetric_difference symmetric_difference_update union update __contains__ __iter__ __len__',
  frozenset:
    'copy difference intersection isdisjoint issubset issuperset symmetric_difference union __contains__ __iter__ __len__',
  tuple: 'count index __contains__ __getitem__ __iter__ __len__',
  str:
    'capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal ' +
    'isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition ' +
    'removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title ' +
    'translate upper zfill __contains__ __getitem__ __iter__ __len__',
  bytes:
    'capitalize center count decode endswith expandtabs find fromhex hex index isalnum isalpha isascii isdigit islower isspace ' +
    'istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition ' +
    'rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill __contains__ __getitem__ __iter__ __len__',
  int: 'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag numerator real to_bytes',
  float: 'as_integer_ratio conjugate fromhex hex imag is_integer real',
}

/** Whether every object of the class has the attribute, from `object` or from the builtin type below it. */
export function isBuiltinMember(cls: ClassAtom, name: string): boolean {
  if (OBJECT.has(name)) return true
  return cls.mro.some((base) => base.kind === 'native' && OF_BUILTINS[base.name]?.split(' ').includes(name) === true)
}

/** Whether every class has the attribute. */
export function isTypeMember(name: string): boolean {
  return OBJECT.has(name) || TYPE.has(name)
}
