// Number literals and the named constants. Values are plain JSON: integers beyond 2^53 are their decimal digits, an infinite float
// (1e999) is 'inf', one of more than MAX_DIGITS digits is what is written, a complex number is its imaginary part.

import { isNumber, isOldNumber } from '../python/literals.ts'
import { PYTHON_2_MESSAGE } from '../python/refusals.ts'
import { MAX_DIGITS } from '../python/parser.ts'
import * as tree from '../python/tree.ts'
import type { ConstantNode, NumberNode } from '../python/tree.ts'
import type { Expr } from './model.ts'
import { fault, innerEnd, innerStart } from './scope.ts'
import type { Scope } from './scope.ts'

/** `None`, `True`, `False`; `__debug__` is true, as without `python -O`. */
export function lowerConstant(node: ConstantNode, scope: Scope): Expr {
  const p = innerStart(node, scope.file)
  const e = innerEnd(node, p, scope.file)
  const { constType } = node.d
  if (constType === tree.KEYWORD_NONE) return { k: 'const', t: 'none', v: null, p, e }
  return { k: 'const', t: 'bool', v: constType !== tree.KEYWORD_FALSE, p, e }
}

/** A number; one that Python 3 does not have (`0777`, `1__0`) is a fault of the file. */
export function lowerNumber(node: NumberNode, scope: Scope): Expr {
  const p = innerStart(node, scope.file)
  const e = innerEnd(node, p, scope.file)
  const { value, isInteger, isImaginary } = node.d
  if (e - p > 1) checkNumber(scope, p, e)
  else if (isPrefix(scope.file.text, p)) fault(scope, p, 'invalid number')
  if (e - p > MAX_DIGITS) return { k: 'const', t: 'int', v: scope.file.text.slice(p, e), p, e }
  if (isImaginary) return { k: 'const', t: 'complex', v: json(Number(value)), p, e }
  if (!isInteger) return { k: 'const', t: 'float', v: json(Number(value)), p, e }
  return { k: 'const', t: 'int', v: typeof value === 'bigint' ? value.toString() : value, p, e }
}

/** Is the number `0` at `p` the one of `0o8` or `0or`, which Python reads as an octal number without digits? */
function isPrefix(text: string, p: number): boolean {
  return text.charAt(p) === '0' && /[xXoObB]/.test(text.charAt(p + 1))
}

function json(value: number): number | string {
  return Number.isFinite(value) ? value : 'inf'
}

function checkNumber(scope: Scope, p: number, e: number): void {
  const digits = scope.file.text.slice(p, e)
  if (digits.length > MAX_DIGITS) {
    if (!/^0[xXoObB]/.test(digits)) fault(scope, p, 'number with too many digits')
    return
  }
  if (isNumber(digits)) return
  fault(scope, p, isOldNumber(digits) ? `${PYTHON_2_MESSAGE}: the number ${digits}` : 'invalid number')
}
