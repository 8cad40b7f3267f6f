// Whether two values are the same object, as far as that is certain: `is`, and `==` where nothing says otherwise.
import { isSetting } from './settings.ts'
import { PLAIN_ENUMS } from '../domain/containers.ts'
import { only, type Atom, type Value } from '../domain/values.ts'

/** Identity of two values where it is certain: None against something that cannot be None, two different functions, the same constant. */
export function sameObject(left: Value, right: Value): boolean | null {
  const a = only(left)
  const b = only(right)
  if (
    a !== null &&
    a === b &&
    (a.kind === 'const' ||
      a.kind === 'function' ||
      a.kind === 'class' ||
      a.kind === 'module' ||
      (a.kind === 'native' && a.self === null) ||
      (a.kind === 'instance' && !a.multiple && a.pending === null))
  )
    return true
  const disjoint = left.atoms.every((x) => right.atoms.every((y) => distinct(x, y)))
  return disjoint && left.atoms.length > 0 && right.atoms.length > 0 ? false : null
}

/** Objects that are certainly not None and whose identity is known. */
function isSolid(atom: Atom): boolean {
  return (
    atom.kind === 'function' ||
    atom.kind === 'class' ||
    atom.kind === 'module' ||
    atom.kind === 'container' ||
    (atom.kind === 'native' && atom.self === null) ||
    (atom.kind === 'instance' && atom.cls !== null) ||
    (atom.kind === 'bound' && atom.func.kind !== 'external') ||
    atom.kind === 'generator'
  )
}

/** A class of the tree, or a base of members that equal nothing but themselves. */
function isOwn(base: Atom): boolean {
  return base.kind === 'class' || (base.kind === 'external' && PLAIN_ENUMS.has(base.path))
}

/** Never equal to a constant: not an instance of a builtin or library type. */
function isPlain(atom: Atom): boolean {
  return isSolid(atom) && (atom.kind !== 'instance' || atom.cls?.mro.every((base) => isOwn(base)) === true)
}

function distinct(x: Atom, y: Atom): boolean {
  if (x === y) return false
  if (x.kind === 'const' && y.kind === 'const') return true
  if (x.kind === 'const' && x.type !== 'none' && isPlain(y)) return true
  if (x.kind === 'const' && x.type === 'none')
    return (
      isSolid(y) ||
      (y.kind === 'typed' && y.type !== 'object') ||
      (y.kind === 'special' && !isSetting(y)) ||
      y.kind === 'native' ||
      (y.kind === 'instance' && y.pending === null)
    )
  if (y.kind === 'const') return distinct(y, x)
  return isSolid(x) && isSolid(y) && x.kind !== 'container' && y.kind !== 'container'
}
