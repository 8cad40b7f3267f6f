import { expect, test } from '@jest/globals'
import { takesColor } from '../../src/cli/color.ts'

test.each<[boolean, Record<string, string>, boolean]>([
  [true, {}, true],
  [true, { TERM: 'xterm-256color', NO_COLOR: '' }, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
])('a terminal: %s, environment %j', (isTTY, environment, expected) => {
  expect(takesColor({ isTTY }, environment)).toBe(expected)
})
