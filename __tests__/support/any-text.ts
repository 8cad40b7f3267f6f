// Texts of any characters for properties. fast-check's own `string({ unit: 'binary' })` builds a table of all 1.1 million characters in
// each file that asks for it, which takes seconds; here a character is made from its number.
import * as fc from 'fast-check'

const character = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10_ffff }),
  )
  .map((code) => String.fromCodePoint(code))

/** Up to 40 characters of Unicode, lone surrogates left out, a good third of them ASCII. */
export const anyText: fc.Arbitrary<string> = fc.array(character, { maxLength: 40 }).map((parts) => parts.join(''))
