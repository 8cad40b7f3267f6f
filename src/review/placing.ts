// What placement asks about the head's source: lines as the host counts them, and what a finding's path hangs on. Answers are made when
// they are asked for, because most findings have a place without them.
import type { PlaceContext } from '../placement/place.ts'
import type { Program } from '../program/program.ts'
import { dependenciesOf } from '../rules/dependencies.ts'
import { lfLine } from '../text/lines.ts'

export function placeContext(head: Program): PlaceContext {
  return {
    lines: (path, line) => {
      const module = head.modules.get(path)
      // only a lone CR makes the two counts differ
      if (module === undefined || !/\r(?!\n)/.test(module.text)) return line
      const offset = module.ir.lines[line - 1]
      return offset === undefined ? line : lfLine(module.text, offset)
    },
    related: (finding) => dependenciesOf(finding, head),
  }
}
