// What the rules of one review share: a value is kept as long as the parts are the very same ones.
import { expect, test } from '@jest/globals'
import { createRuleContext } from '../../src/rules/database.ts'

test('what is made of the same parts is made once; another part, or another number of them, makes it again', () => {
  const { madeOf } = createRuleContext({ profileOf: () => null, severities: {} })
  const [a, b] = [{ name: 'a' }, { name: 'b' }]
  let made = 0
  const count = (): number => ++made
  expect([
    madeOf('x', [a, b], count),
    madeOf('x', [a, b], count),
    madeOf('y', [a, b], count),
    madeOf('x', [a, { ...b }], count),
    madeOf('x', [a], count),
    madeOf('x', [], count),
    madeOf('x', [], count),
  ]).toEqual([1, 1, 2, 3, 4, 5, 5])
})
