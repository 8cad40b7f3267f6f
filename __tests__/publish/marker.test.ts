// The marker is the only memory that publishing has, and anybody can write something that looks like one.
import { describe, expect, test } from '@jest/globals'
import { assert, property, string } from 'fast-check'
import type { Operation } from '../../src/findings/model.ts'
import { addsWork, markOf } from '../../src/publish/digest.ts'
import { hasMarker, markerLine, readMarker, textOf, type Marker } from '../../src/publish/marker.ts'
import { BASE, HEAD, finding, operation } from './samples.ts'

const MARKER: Marker = {
  key: 'PhaseGate / läuft',
  state: 'open',
  findings: [
    { fingerprint: '0a1b', digest: '2deadbeef', entry: 'cafe' },
    { fingerprint: 'x-_Y', digest: '1', entry: 'f00d' },
  ],
  head: HEAD,
  base: BASE,
}
const LINE = markerLine(MARKER)

describe('marker', () => {
  test('is one line of machine text', () => {
    expect(LINE).toBe(
      `<!-- phasegate:1 key=${Buffer.from('PhaseGate / läuft').toString('base64url')} f=0a1b:2deadbeef,x-_Y:1 e=cafe,f00d head=${HEAD} base=${BASE} -->`,
    )
  })

  test.each<[string, Partial<Marker>]>([
    ['open', {}],
    ['fixed', { state: 'fixed' }],
    ['suppressed', { state: 'suppressed' }],
    ['without findings', { findings: [] }],
    ['without base', { base: null }],
    ['with an empty key', { key: '' }],
    ['with refused places', { refused: ['0a1b', 'x-_Y'] }],
    ['with all of it', { state: 'fixed', refused: ['0a1b'] }],
  ])('reads back what it wrote: %s', (_, more) => {
    const marker = { ...MARKER, ...more }
    expect(readMarker(`text\n\n${markerLine(marker)}`)).toEqual(marker)
  })

  test('every key survives', () => {
    assert(
      property(string({ minLength: 1, maxLength: 100, unit: 'grapheme' }), (key) => {
        expect(readMarker(markerLine({ ...MARKER, key }))?.key).toBe(key)
      }),
    )
  })

  test.each([
    ['line ends of the host', `text\r\n\r\n${LINE}\r\n`],
    ['blanks after it', `text\n\n${LINE}  \n\n`],
    ['nothing before it', LINE],
  ])('is found with %s', (_, body) => {
    expect(readMarker(body)).toEqual(MARKER)
  })

  test.each([
    ['in the middle of a body', `${LINE}\nmore`],
    ['quoted in a reply', `> ${LINE}`],
    ['behind other text in its line', `text ${LINE}`],
    ['with something after it', `${LINE} text`],
    ['of another version', LINE.replace('phasegate:1', 'phasegate:2')],
    ['with a short commit', LINE.replace(HEAD, HEAD.slice(1))],
    ['with a foreign character in a fingerprint', LINE.replace('0a1b', '0a1b<')],
    ['with one entry too few', LINE.replace('cafe,f00d', 'cafe')],
    ['with a key that is no base64url', LINE.replace(/key=\S+/, 'key=A')],
    ['cut', LINE.slice(0, -4)],
    ['with an unknown state', LINE.replace(' -->', ' state=open -->')],
  ])('does not count %s', (_, body) => {
    expect(hasMarker(body)).toBe(false)
  })

  test('refuses to write text that is not machine text', () => {
    expect(() => markerLine({ ...MARKER, findings: [{ fingerprint: 'a -->', digest: '1', entry: 'b' }] })).toThrow(
      'not machine text',
    )
  })

  test('the text is the body without it', () => {
    expect([textOf(`one\r\n\r\ntwo\r\n\r\n${LINE}`), textOf('no marker \n')]).toEqual(['one\n\ntwo', 'no marker'])
  })
})

const digest = (...operations: Operation[]): string => markOf(finding('f', { operations })).digest

describe('digest', () => {
  const one = operation(9)

  test.each([
    ['the same operation on another line', digest(one), digest(operation(40)), false],
    ['one operation more', digest(one), digest(one, operation(10, 'session.commit()')), true],
    ['the same operation twice', digest(one), digest(one, operation(10)), true],
    ['one operation less', digest(one, operation(10, 'session.commit()')), digest(one), false],
    ['another operation', digest(one), digest(operation(9, 'session.commit()')), true],
    ['a raised severity', markOf(finding('f', { severity: 'warning' })).digest, digest(one), true],
    ['a lower severity', digest(one), markOf(finding('f', { severity: 'warning' })).digest, false],
    ['a digest of a foreign form', 'zz', digest(one), true],
  ])('%s', (_, before, now, added) => {
    expect(addsWork(before, now)).toBe(added)
  })

  test('thirty operations stay short', () => {
    const many = Array.from({ length: 30 }, (_, at) => operation(at + 1, `query(${at})`))
    expect(digest(...many).length).toBeLessThan(120)
  })
})
