// Byte order marks and PEP 263 cookies, as CPython's tokenizer reads them.

import { expect, test } from '@jest/globals'
import { decodeSource } from '../../src/python/encoding.ts'
import type { SourceText } from '../../src/python/encoding.ts'

const bytes = (latin1: string): Uint8Array => Uint8Array.from(latin1, (character) => character.charCodeAt(0))
const BOM = '\xef\xbb\xbf'
const ok = (text: string): SourceText => ({ kind: 'text', text })
const refused = (line: number, message: string): SourceText => ({
  kind: 'refused',
  reason: 'syntax-error',
  line,
  message,
})

test.each<readonly [string, SourceText]>([
  ['', ok('')],
  ['x', ok('x')],
  [BOM, ok('')],
  [`${BOM}x`, ok('x')],
  [`${BOM}# coding: utf-8\nx`, ok('# coding: utf-8\nx')],
  [`${BOM}# coding: UTF_8-unix\nx`, ok('# coding: UTF_8-unix\nx')],
  [`${BOM}# coding: latin-1\n`, refused(1, 'encoding problem: latin-1 with a byte order mark')],
  [`${BOM}\n# coding: utf8\n`, refused(2, 'encoding problem: utf8 with a byte order mark')],
  ['\xc3\xa9', ok('é')],
  ['# coding: latin-1\n\xe9', ok('# coding: latin-1\né')],
  ['# coding=latin-1\n\xe9', ok('# coding=latin-1\né')],
  ['# -*- coding: latin-1 -*-\n\xe9', ok('# -*- coding: latin-1 -*-\né')],
  ['#!/bin/sh\n# vim: set fileencoding=latin-1 :\n\xe9', ok('#!/bin/sh\n# vim: set fileencoding=latin-1 :\né')],
  ['\f# coding: latin-1\n\xe9', ok('\f# coding: latin-1\né')],
  ['\n# coding: latin-1\n\xe9', ok('\n# coding: latin-1\né')],
  ['\r# coding: latin-1\r\xe9', ok('\r# coding: latin-1\ré')],
  ['#\xe9\r\n# coding: latin-1\r\n\xe9', ok('#é\r\n# coding: latin-1\r\né')],
  ['# coding: latin-1-dos\n\xe9', ok('# coding: latin-1-dos\né')],
  ['# coding: latin-1\n# coding: utf-8\n\xe9', ok('# coding: latin-1\n# coding: utf-8\né')],
  ['\n\n# coding: latin-1\n\xe9', { kind: 'damaged', text: '\n\n# coding: latin-1\n\ufffd', line: 4, byte: 0xe9 }],
  ['x\n# coding: latin-1\n\xe9', { kind: 'damaged', text: 'x\n# coding: latin-1\n\ufffd', line: 3, byte: 0xe9 }],
  ['x # coding: latin-1\n\xe9', { kind: 'damaged', text: 'x # coding: latin-1\n\ufffd', line: 2, byte: 0xe9 }],
  ['# coding : latin-1\n\xe9', { kind: 'damaged', text: '# coding : latin-1\n\ufffd', line: 2, byte: 0xe9 }],
  ['# coding: utf-8\n\xe9', { kind: 'damaged', text: '# coding: utf-8\n\ufffd', line: 2, byte: 0xe9 }],
  ['# coding: utf8\n\xe9', refused(2, "'utf8' cannot decode the byte 0xe9")],
  ['# coding: ascii\r\r\xe9', refused(3, "'ascii' cannot decode the byte 0xe9")],
  ['# coding: nope\n', refused(1, 'unknown encoding: nope')],
  ['\n# coding: utf-16\n', refused(2, 'unknown encoding: utf-16')],
  ['# coding: rot13\n', refused(1, 'unknown encoding: rot13')],
  ['# coding: utf-7\n', { kind: 'refused', reason: 'unreadable', line: 1, message: 'encoding not supported: utf-7' }],
  ['\xff\xfex\0', refused(1, 'the file is UTF-16, which Python does not read')],
  ['\xfe\xff\0x', refused(1, 'the file is UTF-16, which Python does not read')],
])('%j', (source, expected) => {
  const found = decodeSource(bytes(source))
  const text = found.kind === 'damaged' ? { ...found } : found
  expect(text).toEqual(expected)
})
