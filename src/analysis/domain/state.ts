// The mutable state of the abstract machine: cells with an undo trail. A branch runs in place, its writes are collected, undone, and joined with
// the other branch's. Reads are O(1), a join costs what was written. Must stay true: every change of a cell goes through `write`.
import type { Domain } from './domain.ts'
import type { Value } from './values.ts'

/** One variable, attribute or slot. */
export interface Cell {
  value: Value
  /** clock at the last write: tells whether the running call wrote it itself */
  stamp: number
  /** clock at creation: cells older than a call belong to its surroundings */
  birth: number
}

/** Cells and their values at one moment, relative to a mark. */
export type Delta = ReadonlyMap<Cell, Value>

/** Changes in order; what another body wrote is named instead of copied. Between them, what has to be so at that point for the rest to hold. */
export interface Written {
  readonly parts: readonly (Delta | Written | Expected)[]
}

/** What was read of the surroundings, or of what another body wrote. */
export interface Expected {
  readonly reads: Delta
}

/** The join of states at several moments, relative to a mark, and what has to be looked at for the next moment. */
export interface Gathered {
  readonly delta: Map<Cell, Value>
  /** the trail's length at the last of the moments */
  length: number
  /** how much had been taken back then */
  undone: number
}

/** So many cells that were taken back are remembered for `gather`. */
const MAX_UNDONE = 50_000

/** A stretch of the trail that holds what `written` says. */
interface Span {
  readonly start: number
  readonly end: number
  readonly written: Written
}

/** What a running call read from its surroundings: the condition under which its summary may be used again. */
export interface Recorder {
  readonly start: number
  /** atoms from this id on were made by the running call */
  readonly firstAtom: number
  readonly reads: Map<Cell, Value>
  /** the oldest write among cells in which an object was renamed (renewal.ts) */
  renamed: number
  /** the call around it whose summary depends on the same reads; null when there is none, or when it names what runs here as a part of its own */
  readonly outer: Recorder | null
  /** of a module body: the modules that ran as parts of it */
  readonly imports: Imports | null
}

/** Modules that ran inside of a body and are named in its entry instead of being copied into it. */
export interface Imports {
  readonly ran: Written[]
  /** what the body did up to the last of them, and what it read of each */
  readonly parts: (Delta | Written | Expected)[]
  /** the trail's length when the last of them had run */
  from: number
  /** what the body itself reads of what they have written, since the last of them */
  reads: Map<Cell, Value>
  /** clock at the begin and at the end of each, in order */
  readonly times: number[]
}

export class Store {
  private readonly cells: Cell[] = []
  private readonly olds: Value[] = []
  private readonly stamps: number[] = []
  private readonly spans: Span[] = []
  /** cells that were taken back, in order, since the count `forgotten`; and how short the trail was after each time, with the count before it */
  private readonly undone: Cell[] = []
  private readonly lows: { readonly before: number; readonly length: number }[] = []
  private forgotten = 0
  clock = 1
  recorder: Recorder | null = null
  private readonly domain: Domain

  constructor(domain: Domain) {
    this.domain = domain
  }

  /** A new cell, unbound unless a value is given. Creation itself is not undone: after an undone branch a cell is as it was made. */
  cell(value: Value = this.domain.unbound, birth: number = this.clock): Cell {
    return { value, stamp: 0, birth }
  }

  /** The cell of a key, made unbound where there is none yet. `birth`: 0 for one that was there all the time, only never asked for. */
  cellIn<Key>(cells: Map<Key, Cell>, key: Key, birth?: number): Cell {
    let cell = cells.get(key)
    if (cell === undefined) {
      cell = this.cell(this.domain.unbound, birth)
      cells.set(key, cell)
    }
    return cell
  }

  read(cell: Cell): Value {
    for (let to = this.recorder; to !== null; to = to.outer) if (!recorded(to, cell)) break
    return cell.value
  }

  write(cell: Cell, value: Value): void {
    this.cells.push(cell)
    this.olds.push(cell.value)
    this.stamps.push(cell.stamp)
    cell.value = value
    cell.stamp = this.clock
  }

  /** Adds possibilities instead of replacing (several objects, or an unknown position). */
  weaken(cell: Cell, value: Value): void {
    const joined = this.domain.join(this.read(cell), value)
    if (joined !== cell.value) this.write(cell, joined)
  }

  /** Every cell that holds something now; a cell that was written twice comes twice. */
  written(): readonly Cell[] {
    return this.cells
  }

  mark(): number {
    return this.cells.length
  }

  /** Current values of all cells written since the mark. */
  collect(mark: number): Delta {
    return this.stretch(mark, this.cells.length)
  }

  /**
   * For every cell written since the mark, the join of all values it ever had since: the state in which an exception may have left it. Of a module body
   * (a span) that is before and after: one that raises on its way is run again from its start by the next import.
   */
  collectEver(mark: number): Map<Cell, Value> {
    const out = new Map<Cell, Value>()
    const between = new Set<Cell>()
    const spans = this.spans.filter((span) => span.start >= mark)
    for (let i = mark; i < this.cells.length; i++) {
      while (i >= (spans[0]?.end ?? Infinity)) {
        spans.shift()
        between.clear()
      }
      const cell = this.cells[i]
      const old = this.olds[i]
      if (cell === undefined || old === undefined || between.has(cell)) continue
      out.set(cell, this.domain.join(out.get(cell) ?? cell.value, old))
      if (i >= (spans[0]?.start ?? Infinity)) between.add(cell)
    }
    return out
  }

  /** What the cells that were written since the mark held at it. */
  before(mark: number): Delta {
    const out = new Map<Cell, Value>()
    for (let i = this.cells.length - 1; i >= mark; i--) {
      const [cell, old] = [this.cells[i], this.olds[i]]
      if (cell !== undefined && old !== undefined) out.set(cell, old)
    }
    return out
  }

  undo(mark: number): void {
    if (this.cells.length > mark) this.noteUndone(mark)
    for (let i = this.cells.length - 1; i >= mark; i--) {
      const cell = this.cells[i]
      const old = this.olds[i]
      const stamp = this.stamps[i]
      if (cell === undefined || old === undefined || stamp === undefined) continue
      cell.value = old
      cell.stamp = stamp
    }
    while ((this.spans.at(-1)?.end ?? 0) > mark) this.spans.pop()
    this.cells.length = mark
    this.olds.length = mark
    this.stamps.length = mark
  }

  private noteUndone(mark: number): void {
    if (this.undone.length > MAX_UNDONE) {
      this.forgotten += this.undone.length
      this.undone.length = 0
      this.lows.length = 0
    }
    this.lows.push({ before: this.forgotten + this.undone.length, length: mark })
    for (let i = mark; i < this.cells.length; i++) {
      const cell = this.cells[i]
      if (cell !== undefined) this.undone.push(cell)
    }
  }

  /** What holds now, relative to the mark, for states at later moments to be joined to it. */
  gathered(mark: number): Gathered {
    const delta = this.stretch(mark, this.cells.length)
    return { delta, length: this.cells.length, undone: this.forgotten + this.undone.length }
  }

  /** Joins what holds now to a state that was gathered since the mark. Looks at nothing but what has changed since its last moment. */
  gather(into: Gathered, mark: number): void {
    const { delta } = into
    let from = into.length
    if (into.undone < this.forgotten) from = mark
    else {
      for (let i = this.lows.length - 1; i >= 0; i--) {
        const low = this.lows[i]
        if (low === undefined || low.before < into.undone) break
        from = Math.min(from, low.length)
      }
      for (let i = into.undone - this.forgotten; i < this.undone.length; i++) this.joinTo(delta, this.undone[i])
    }
    for (let i = from; i < this.cells.length; i++) {
      const cell = this.cells[i]
      const before = this.olds[i]
      // written for the first time since the mark
      if (cell !== undefined && before !== undefined && !delta.has(cell)) delta.set(cell, before)
    }
    if (from === mark) for (const cell of delta.keys()) this.joinTo(delta, cell)
    else for (let i = from; i < this.cells.length; i++) this.joinTo(delta, this.cells[i])
    into.length = this.cells.length
    into.undone = this.forgotten + this.undone.length
  }

  private joinTo(delta: Map<Cell, Value>, cell: Cell | undefined): void {
    const value = cell === undefined ? undefined : delta.get(cell)
    if (cell === undefined || value === undefined || value === cell.value) return
    delta.set(cell, this.domain.join(value, cell.value))
  }

  apply(delta: Delta): void {
    for (const [cell, value] of delta) if (cell.value !== value) this.write(cell, value)
  }

  /** Says that everything on the trail since `start` is what `written` tells. */
  span(start: number, written: Written): void {
    while ((this.spans.at(-1)?.start ?? -1) >= start) this.spans.pop()
    this.spans.push({ start, end: this.cells.length, written })
  }

  /** What was written since the mark; spans are named, the rest has its current values. */
  parts(mark: number): (Delta | Written)[] {
    const out: (Delta | Written)[] = []
    let from = mark
    for (const span of this.spans) {
      if (span.start < mark) continue
      if (span.start > from) out.push(this.stretch(from, span.start))
      out.push(span.written)
      from = span.end
    }
    if (from < this.cells.length) out.push(this.stretch(from, this.cells.length))
    return out
  }

  /** Whether all of these still stand on the trail. */
  names(written: readonly Written[]): boolean {
    const standing = new Set(this.spans.map((span) => span.written))
    return written.every((one) => standing.has(one))
  }

  private stretch(from: number, to: number): Map<Cell, Value> {
    const out = new Map<Cell, Value>()
    for (let i = from; i < to; i++) {
      const cell = this.cells[i]
      if (cell !== undefined) out.set(cell, cell.value)
    }
    return out
  }

  applyParts({ parts }: Written): void {
    for (const part of parts)
      if (part instanceof Map) this.apply(part)
      else if ('parts' in part) this.applyParts(part)
  }

  /** Makes the current state the join of the given ones, each relative to the current state. */
  applyJoin(deltas: readonly Delta[]): void {
    const first = deltas[0]
    if (first === undefined) return
    if (deltas.length === 1) return this.apply(first)
    const cells = new Set<Cell>()
    for (const delta of deltas) for (const cell of delta.keys()) cells.add(cell)
    for (const cell of cells) {
      let value = this.domain.bottom
      for (const delta of deltas) value = this.domain.join(value, delta.get(cell) ?? cell.value)
      if (value !== cell.value) this.write(cell, value)
    }
  }
}

/** Notes that a running call read a cell; false when the call knows it already, or wrote it itself: then the calls around it do too. */
function recorded(to: Recorder, cell: Cell): boolean {
  const inside = Math.max(cell.stamp, cell.stamp < to.start ? cell.birth : 0)
  if (inside < to.start) {
    if (to.reads.has(cell)) return false
    to.reads.set(cell, cell.value)
    return true
  }
  const { imports } = to
  if (imports !== null && !imports.reads.has(cell) && isWithin(imports.times, inside))
    imports.reads.set(cell, cell.value)
  return false
}

/** Whether a moment lies in one of the spans of time, given as begin and end of each, in order. */
function isWithin(times: readonly number[], moment: number): boolean {
  let low = 0
  let high = times.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[2 * middle + 1] ?? 0) < moment) low = middle + 1
    else high = middle
  }
  const begin = times[2 * low]
  return begin !== undefined && begin <= moment
}
