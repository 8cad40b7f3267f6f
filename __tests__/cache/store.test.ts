import { afterAll, describe, expect, test } from '@jest/globals'
import { mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, check, property, uint8Array } from 'fast-check'
import { encodeEntry, entryValue, indexPack, PACK_MAGIC } from '../../src/cache/pack.ts'
import { openCache } from '../../src/cache/store.ts'
import { anyText } from '../support/any-text.ts'

const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'phasegate-cache-'))
  made.push(directory)
  return join(directory, 'cache')
}

const longValue = (id: string): string => `${id}:${'x'.repeat(990)}`
const packs = (directory: string): string[] => readdirSync(directory).toSorted()

function fill(directory: string, entries: Readonly<Record<string, string>>, maxBytes?: number): void {
  const cache = openCache(directory, 'v1', maxBytes)
  for (const [id, value] of Object.entries(entries)) cache.set(id, value)
  cache.flush()
}

function known(directory: string, ids: readonly string[], version = 'v1'): (string | null)[] {
  const cache = openCache(directory, version)
  return ids.map((id) => cache.get(id))
}

describe('a cache', () => {
  test('gives back what was set, in the same run and in later ones', () => {
    const directory = temporary()
    const cache = openCache(directory, 'v1')
    expect(cache.get('a')).toBeNull()
    cache.set('a', 'text é \ud800 \u{1f600}\0\n')
    cache.set('__proto__', '')
    expect([cache.get('a'), cache.get('__proto__'), cache.get('constructor')]).toEqual([
      'text é \ud800 \u{1f600}\0\n',
      '',
      null,
    ])
    cache.flush()
    expect(cache.get('a')).toBe('text é \ud800 \u{1f600}\0\n')
    expect(known(directory, ['a', '__proto__', 'b'])).toEqual(['text é \ud800 \u{1f600}\0\n', '', null])
  })

  test('the last value of an id counts, also over several runs', () => {
    const directory = temporary()
    fill(directory, { a: '1', b: '1' })
    fill(directory, { a: '2' })
    expect(known(directory, ['a', 'b'])).toEqual(['2', '1'])
  })

  test('another version sees nothing', () => {
    const directory = temporary()
    fill(directory, { a: '1' })
    expect(known(directory, ['a'], 'v2')).toEqual([null])
  })

  test('a run that sets nothing writes nothing; flushing twice writes once', () => {
    const directory = temporary()
    const cache = openCache(directory, 'v1')
    expect(cache.get('a')).toBeNull()
    cache.flush()
    expect(() => packs(directory)).toThrow('ENOENT')
    cache.set('a', '1')
    cache.flush()
    cache.flush()
    expect(packs(directory)).toHaveLength(1)
  })

  test('many runs are merged, and nothing is lost', () => {
    const directory = temporary()
    const ids = Array.from({ length: 30 }, (_, at) => `id${at}`)
    for (const id of ids) fill(directory, { [id]: `value of ${id}` })
    expect(packs(directory).length).toBeLessThanOrEqual(9)
    expect(known(directory, ids)).toEqual(ids.map((id) => `value of ${id}`))
  })

  test('one run that flushes often is merged as well', () => {
    const directory = temporary()
    const cache = openCache(directory, 'v1')
    const ids = Array.from({ length: 30 }, (_, at) => `id${at}`)
    for (const id of ids) {
      cache.set(id, id)
      cache.flush()
    }
    expect(packs(directory).length).toBeLessThanOrEqual(9)
    expect(known(directory, ids)).toEqual(ids)
  })

  test('is bounded, and keeps what was used', () => {
    const directory = temporary()
    const limit = 20_000
    fill(directory, { kept: longValue('kept') })
    for (let run = 0; run < 40; run++) {
      const cache = openCache(directory, 'v1', limit)
      expect(cache.get('kept')).toBe(longValue('kept'))
      cache.set(`run${run}`, longValue(`run${run}`))
      cache.flush()
      const bytes = packs(directory).reduce((sum, name) => sum + readFileSync(join(directory, name)).length, 0)
      expect(bytes).toBeLessThanOrEqual(limit + 20)
    }
    expect(known(directory, ['run39', 'run0'])).toEqual([longValue('run39'), null])
  })

  test('runs at the same time do not disturb each other', () => {
    const directory = temporary()
    for (let at = 0; at < 8; at++) fill(directory, { [`old${at}`]: 'o' })
    const [one, two] = [openCache(directory, 'v1'), openCache(directory, 'v1')]
    expect([one.get('old0'), two.get('old7')]).toEqual(['o', 'o'])
    one.set('one', '1')
    two.set('two', '2')
    one.flush()
    two.flush()
    expect(two.get('old3')).toBe('o')
    expect(known(directory, ['one', 'two', 'old0', 'old7'])).toEqual(['1', '2', 'o', 'o'])
  })

  test('leftovers of other versions and broken runs go away after two weeks, foreign files never', () => {
    const directory = temporary()
    fill(directory, { a: '1' })
    const other = '0123456789abcdef-0000000001-0123456789ab'
    const names = [`${other}.pack`, `${other}.tmp`, 'notes.pack', 'x.tmp']
    for (const name of names) writeFileSync(join(directory, name), '')
    fill(directory, { b: '1' })
    expect(packs(directory)).toHaveLength(6)
    for (const name of names) utimesSync(join(directory, name), 1, 1)
    fill(directory, { c: '1' })
    expect(packs(directory).filter((name) => names.includes(name))).toEqual(['notes.pack', 'x.tmp'])
  })

  test('a directory that cannot be made is no cache and no error', () => {
    const directory = temporary()
    fill(directory, { a: '1' })
    const [pack = ''] = packs(directory)
    const blocked = openCache(join(directory, pack), 'v1')
    expect(blocked.get('a')).toBeNull()
    blocked.set('a', '2')
    blocked.flush()
    expect(blocked.get('a')).toBe('2')
  })
})

describe('damage is a miss', () => {
  test('every flipped byte and every cut', () => {
    const directory = temporary()
    fill(directory, { aa: 'first value', bb: 'second value' })
    const [name = ''] = packs(directory)
    const path = join(directory, name)
    const sound = readFileSync(path)
    const wrong: string[] = []
    const look = (what: string, bytes: Buffer): void => {
      writeFileSync(path, bytes)
      const [a, b] = known(directory, ['aa', 'bb'])
      if ((a !== null && a !== 'first value') || (b !== null && b !== 'second value')) wrong.push(what)
    }
    for (let at = 0; at < sound.length; at++) {
      const damaged = Buffer.from(sound)
      damaged.writeUInt8((damaged[at] ?? 0) ^ 0x41, at)
      look(`byte ${at}`, damaged)
      look(`cut ${at}`, sound.subarray(0, at))
    }
    expect(wrong).toEqual([])
    writeFileSync(path, sound)
    expect(known(directory, ['aa', 'bb'])).toEqual(['first value', 'second value'])
  })

  test('any bytes can be indexed', () => {
    const holds = property(uint8Array({ maxLength: 200 }), (bytes) => {
      const entries = indexPack(Buffer.concat([PACK_MAGIC, bytes]))
      return [...entries].every(([id, entry]) => entryValue(id, entry) === null || entry.record.length > 12)
    })
    expect(check(holds, { numRuns: 300 }).failed).toBe(false)
  })

  test('any text comes back as it was', () => {
    const holds = property(array(anyText), (values) => {
      const records = values.map((value, at) => encodeEntry(`id${at}`, value))
      const entries = indexPack(Buffer.concat([PACK_MAGIC, ...records]))
      return values.every((value, at) => {
        const entry = entries.get(`id${at}`)
        return entry !== undefined && entryValue(`id${at}`, entry) === value
      })
    })
    expect(check(holds, { numRuns: 200 }).failed).toBe(false)
  })
})
