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

/** Changes in order; what another body wrote is named instead of copied. */
export interface Written {
  readonly parts: readonly (Delta | Written)[]
}

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
}

export class Store {
  private readonly cells: Cell[] = []
  private readonly olds: Value[] = []
  private readonly stamps: number[] = []
  private readonly spans: Span[] = []
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

  read(cell: Cell): Value {
    const recorder = this.recorder
    if (recorder !== null && cell.birth < recorder.start && cell.stamp < recorder.start && !recorder.reads.has(cell)) {
      recorder.reads.set(cell, cell.value)
    }
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

  private stretch(from: number, to: number): Delta {
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
      else this.applyParts(part as Written)
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
