// What placement asks about the head's source: lines as the host counts them, and what a finding's path hangs on. Answers are made when
// they are asked for, because most findings have a place without them.
import type { ChangeSet } from '../diff/model.ts'
import type { Finding } from '../findings/model.ts'
import type { PlaceContext, Related } from '../placement/place.ts'
import type { Program } from '../program/program.ts'
import { dependenciesOf } from '../rules/dependencies.ts'
import { waitsOf } from '../rules/waits.ts'
import { lfLine } from '../text/lines.ts'

export function placeContext(head: Program, changes: ChangeSet | null): PlaceContext {
  const changed = new Set(changes?.files.map((file) => file.path))
  const near = new Map<string, boolean>()
  const leadsToChange = (file: string): boolean => {
    const known = near.get(file) ?? head.closure([file]).some((other) => changed.has(other))
    near.set(file, known)
    return known
  }
  const isNear = ({ entryPoint, operations, trace, location }: Finding): boolean =>
    leadsToChange(entryPoint.split('::')[0] ?? '') ||
    [...operations, ...trace, location].some(({ file }) => leadsToChange(file))
  return {
    lines: (path, line) => {
      const module = head.modules.get(path)
      // only a lone CR makes the two counts differ
      if (module === undefined || !/\r(?!\n)/.test(module.text)) return line
      const offset = module.ir.lines[line - 1]
      return offset === undefined ? line : lfLine(module.text, offset)
    },
    // what a path hangs on stands in files that its own files import: where none of them changed nothing can be said there
    related: (finding) => (isNear(finding) ? relatedTo(finding, head) : { bindings: [], definitions: [] }),
  }
}

function relatedTo(finding: Finding, head: Program): Related {
  const { bindings, definitions } = dependenciesOf(finding, head)
  return { bindings: [...(isSooner(finding) ? waitsOf(finding, head) : []), ...bindings], definitions }
}

/** Old work that counts as new for the rule it breaks now: it was only scheduled before. */
function isSooner({ baselineState, movedFrom, operations }: Finding): boolean {
  return baselineState === 'new' && movedFrom !== null && operations.every(({ added }) => added === false)
}
