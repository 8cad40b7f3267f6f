import { describe, expect, test } from '@jest/globals'
import { digestOf, fingerprintOf, movedKey, normalised } from '../../src/findings/fingerprint.ts'
import { operation } from './finding.ts'

describe('fingerprints', () => {
  test('are stable: published reports and baseline files hold them', () => {
    expect(fingerprintOf('database-in-phase-1', 'm/api.py::initialize', 'm/services.py::Shop.load')).toBe(
      '1b246ce95f2abb35dc7142c5',
    )
  })

  test('differ when any part differs, and parts do not run together', () => {
    const all = [
      fingerprintOf('database-in-phase-1', 'a', 'b'),
      fingerprintOf('database-at-import', 'a', 'b'),
      fingerprintOf('database-in-phase-1', 'ab', ''),
      fingerprintOf('database-in-phase-1', '', 'ab'),
      fingerprintOf('database-in-phase-1', 'b', 'a'),
    ]
    expect(new Set(all).size).toBe(all.length)
    expect(all.every((it) => /^[0-9a-f]{24}$/.test(it))).toBe(true)
  })
})

describe('digests of operations', () => {
  test('ignore order, place and formatting, but not number, path or text', () => {
    const [a, b] = [operation('s.execute q(1)', 'a.py:1'), operation('s.commit', 'a.py:2')]
    expect(digestOf([a, b])).toBe(digestOf([operation('s.commit', 'b.py:9'), operation('s.execute q( 1 )', 'b.py:1')]))
    const others = [[a], [b], [a, a, b], [a, operation('s.flush')], [operation('s.execute q(2)'), b], []]
    expect(new Set([[a, b], ...others].map((it) => digestOf(it))).size).toBe(others.length + 1)
    expect(digestOf([a])).toMatch(/^[0-9a-f]{16}$/)
  })

  test.each<[string, string]>([
    ['session.execute( "select 1" , )', 'session.execute("select1")'],
    ["session.execute('select 1')", 'session.execute("select1")'],
    ['f(\n    [a,\n     b,],\n)', 'f([a,b])'],
    ['f(a, b)', 'f(a,b)'],
  ])('%j is compared as %j', (text, expected) => {
    expect(normalised(text)).toBe(expected)
  })
})

describe('operations that moved to another function', () => {
  test.each<[string, string, boolean]>([
    ['app_context.db_session()', 'ctx.db_session()', true],
    ['self.ctx.db_session().execute("a.b")', 'context.db_session().execute("a.b")', true],
    ['self.execute(q)', 'session.execute(q)', true],
    ['Base.metadata.create_all(bind=app_context.engine)', 'Base.metadata.create_all(bind=ctx.engine)', true],
    ['a.copy(a.engine, b.engine)', 'x.copy(x.engine, y.engine)', true],
    ['a.copy(a.engine, b.engine)', 'x.copy(y.engine, x.engine)', false],
    ['s.execute("a.b")', 's.execute("c.b")', false],
    ['s.execute(first)', 's.execute(second)', false],
    ['Item.query.all()', 'Order.query.all()', false],
    ['ctx.db_session()', 'ctx.db_sync_session()', false],
  ])('%s and %s are equal: %s', (before, after, equal) => {
    const [old, now] = [before, after].map((text) => movedKey({ symbol: 'x', text }))
    expect(old === now).toBe(equal)
  })
})
