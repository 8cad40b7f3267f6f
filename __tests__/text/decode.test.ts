// Bytes and the names that Python has for encodings.

import { describe, expect, test } from '@jest/globals'
import { decode, invalidUtf8 } from '../../src/text/decode.ts'
import type { Decoded } from '../../src/text/decode.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

test.each<readonly [string, Uint8Array, string]>([
  ['utf-8', bytes(0xc3, 0xa9), 'é'],
  ['UTF8', bytes(0xc3, 0xa9), 'é'],
  ['utf_8_sig', bytes(0x41), 'A'],
  ['latin-1', bytes(0xe9, 0x80, 0x9f), 'é\u0080\u009f'],
  ['ISO-8859-1', bytes(0x93), '\u0093'],
  ['l1', bytes(0xff), 'ÿ'],
  ['ascii', bytes(0x41), 'A'],
  ['cp1252', bytes(0x93), '\u201c'],
  ['windows-1251', bytes(0xe9), 'й'],
  ['iso-8859-15', bytes(0xa4), '€'],
  ['latin2', bytes(0xb1), 'ą'],
  ['koi8-r', bytes(0xc1), 'а'],
  ['cp437', bytes(0x82, 0xff), 'é\u00a0'],
  ['850', bytes(0x82), 'é'],
  ['mac_roman', bytes(0x8e), 'é'],
  ['mac-roman', bytes(0xca), '\u00a0'],
  ['cp932', bytes(0x83, 0x5c), 'ソ'],
  ['shift_jis', bytes(0x5c, 0x7e), '\\~'],
  ['euc_jp', bytes(0xa4, 0xa2), 'あ'],
  ['gbk', bytes(0x81, 0x5c), '乗'],
  ['big5', bytes(0xa4, 0x40), '一'],
  ['euc-kr', bytes(0xb0, 0xa1), '가'],
])('%s', (encoding, input, text) => {
  expect(decode(input, encoding)).toEqual({ kind: 'text', text })
})

describe('what cannot be decoded', () => {
  test.each<readonly [string, Uint8Array, Decoded]>([
    ['ascii', bytes(0x41, 0xe9), { kind: 'invalid', offset: 1 }],
    ['cp1252', bytes(0x41, 0x81), { kind: 'invalid', offset: 1 }],
    ['utf-8', bytes(0x41, 0xff, 0x41), { kind: 'invalid', offset: 1 }],
    ['euc_jp', bytes(0x41, 0x41, 0xff), { kind: 'invalid', offset: 2 }],
    ['utf-7', bytes(0x41), { kind: 'unsupported' }],
    ['unicode_escape', bytes(0x41), { kind: 'unsupported' }],
    ['utf-16', bytes(0x41), { kind: 'unknown' }],
    ['rot13', bytes(0x41), { kind: 'unknown' }],
    ['no-such', bytes(0x41), { kind: 'unknown' }],
    ['constructor', bytes(0x41), { kind: 'unknown' }],
  ])('%s', (encoding, input, expected) => {
    expect(decode(input, encoding)).toEqual(expected)
  })
})

test.each([
  [[0x41, 0xc3, 0xa9], -1],
  [[0xf0, 0x9f, 0x98, 0x80], -1],
  [[0xe9], 0],
  [[0x41, 0xc3], 1],
  [[0x41, 0xed, 0xa0, 0x80], 1],
  [[0xc0, 0x80], 0],
  [[0xf4, 0x90, 0x80, 0x80], 0],
  [[0xe0, 0x80, 0x80], 0],
  [[0xf0, 0x9f, 0x98], 0],
])('UTF-8 %j is wrong from %i', (input, offset) => {
  expect(invalidUtf8(Uint8Array.from(input))).toBe(offset)
})
