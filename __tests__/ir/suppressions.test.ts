// Comments that suppress findings.

import { expect, test } from '@jest/globals'
import type { SuppressionComment } from '../../src/ir/model.ts'
import { lowered } from './shapes.ts'

const one = (given: Partial<SuppressionComment>): SuppressionComment => ({
  line: 1,
  own: false,
  target: 1,
  rules: ['r-a'],
  reason: '',
  column: 4,
  ...given,
})

test.each<readonly [string, readonly SuppressionComment[]]>([
  ['f()', []],
  ['f()# phasegate: ignore[r-a]', [one({})]],
  ['f()# phasegate: ignore[r-a] -- because', [one({ reason: 'because' })]],
  ['f()#phasegate:ignore[r-a,r-b , r-c]--  a -- b ', [one({ rules: ['r-a', 'r-b', 'r-c'], reason: 'a -- b' })]],
  ['f()# PhaseGate: Ignore [r-a]', [one({})]],
  ['f()# phasegate: ignore', [one({ rules: [] })]],
  ['f()# phasegate: ignore -- because', [one({ rules: [], reason: 'because' })]],
  ['f()# phasegate: ignore[] -- because', [one({ rules: [], reason: 'because' })]],
  ['f()# phasegate: ignore[r-a', [one({ rules: [] })]],
  ['f()# phasegate: ignored[r-a]', []],
  ['f()# phasegate: ignore-me[r-a]', []],
  ['f()# not phasegate: ignore[r-a]', []],
  ['f()# noqa: E501 # phasegate: ignore[r-a] -- x # more', [one({ column: 17, reason: 'x' })]],
  ['"# phasegate: ignore[r-a]"', []],
  ['"""\n# phasegate: ignore[r-a]\n"""', []],
  ['# phasegate: ignore[r-a] -- x\nf()', [one({ own: true, target: 2, column: 1, reason: 'x' })]],
  ['  # phasegate: ignore[r-a]\n\n# other\n\nf()', [one({ own: true, target: 5, column: 3 })]],
  [
    '# phasegate: ignore[r-a]\n# phasegate: ignore[r-b]\nf()',
    [one({ own: true, target: 3, column: 1 }), one({ line: 2, own: true, target: 3, rules: ['r-b'], column: 1 })],
  ],
  ['f()\n# phasegate: ignore[r-a]', [one({ line: 2, own: true, target: 2, column: 1 })]],
  [
    'f(\n  # phasegate: ignore[r-a]\n  x,\n  y # phasegate: ignore[r-b]\n)',
    [one({ line: 2, own: true, target: 3, column: 3 }), one({ line: 4, target: 4, rules: ['r-b'], column: 5 })],
  ],
  ['if a:\n  b\n  # phasegate: ignore[r-a]\nelse:\n  c', [one({ line: 3, own: true, target: 4, column: 3 })]],
  ['if a:\n  # phasegate: ignore[r-a]\n  b', [one({ line: 2, own: true, target: 3, column: 3 })]],
  ['f"{x}"# phasegate: ignore[r-a]', [one({ column: 7 })]],
  ['f"{x # phasegate: ignore[r-a]\n}"', [one({ column: 6 })]],
  ['a\rb# phasegate: ignore[r-a]\r\nc', [one({ line: 2, target: 2, column: 2 })]],
])('%j', (source, expected) => {
  expect(lowered(source).suppressions).toEqual(expected)
})
