// Values and cells by themselves: equal values are one object, "not bound" is a possibility that can be taken out, a cell is found again by its key.
import { expect, test } from '@jest/globals'
import { Domain } from '../../src/analysis/domain/domain.ts'
import { Store, type Cell } from '../../src/analysis/domain/state.ts'

test('what is not bound is left out, and a value without it is itself', () => {
  const domain = new Domain()
  const one = domain.constant('int', 1)
  expect(domain.withoutUnbound(domain.join(one, domain.unbound))).toBe(one)
  expect(domain.withoutUnbound(one)).toBe(one)
  expect(domain.withoutUnbound(domain.unbound)).toBe(domain.bottom)
})

test('functions become methods of an object, each of them', () => {
  const domain = new Domain()
  const [load, save, self] = ['load', 'save', 'self'].map((name) => domain.native(name).atoms[0])
  if (load === undefined || save === undefined || self === undefined) throw new Error('a native value has one atom')
  const methods = domain.boundTo(domain.union([load, save]), self)
  expect(methods).toBe(domain.join(domain.bound(load, self), domain.bound(save, self)))
})

test('a cell is made unbound once and found again; a branch that is undone leaves it as it was made', () => {
  const domain = new Domain()
  const store = new Store(domain)
  const cells = new Map<string, Cell>()
  const mark = store.mark()
  const cell = store.cellIn(cells, 'items')
  expect([cell.value, store.cellIn(cells, 'items') === cell]).toEqual([domain.unbound, true])
  store.write(cell, domain.none)
  store.undo(mark)
  expect([store.read(cell), [...cells.keys()]]).toEqual([domain.unbound, ['items']])
})
