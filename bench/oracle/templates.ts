// How templates are written down: one constructor for each sort of thing that a program is composed of.
// They only name and weigh; what is written stands in the files by subject.
import type { Generator, Place, Template } from './place.ts'

type Make = Template['make']
type When = Template['when']

const template = (sort: Template['sort'], name: string, weight: number, make: Make, when?: When): Template => ({
  name,
  sort,
  weight,
  make,
  ...(when === undefined ? {} : { when }),
})

/** A callable without arguments. */
export const fn = (name: string, weight: number, make: Make, when?: When): Template =>
  template('fn', name, weight, make, when)

/** A callable that takes one argument. */
export const fn1 = (name: string, weight: number, make: Make): Template => template('fn1', name, weight, make)

export const gen = (name: string, weight: number, make: Make): Template => template('gen', name, weight, make)
export const expr = (name: string, weight: number, make: Make, when?: When): Template =>
  template('expr', name, weight, make, when)
export const cls = (name: string, weight: number, make: Make): Template => template('cls', name, weight, make)
export const coro = (name: string, weight: number, make: Make, when?: When): Template =>
  template('coro', name, weight, make, when)
export const agen = (name: string, weight: number, make: Make): Template => template('agen', name, weight, make)
export const acm = (name: string, weight: number, make: Make): Template => template('acm', name, weight, make)

/** Statements: `make` writes lines and has no value. */
export const stmt = (
  name: string,
  weight: number,
  make: (g: Generator, p: Place, d: number) => void,
  when?: When,
): Template => template('stmt', name, weight, (g, p, d) => (make(g, p, d), ''), when)
