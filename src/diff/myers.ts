// The shortest edit between two sequences of numbered lines, in linear space: E. W. Myers, "An O(ND) Difference Algorithm and Its
// Variations", Algorithmica 1 (1986), section 4b. Lines that only one side has are set aside first, and a search that gets too expensive
// takes the furthest path found so far: the edit stays correct (what is left unmarked is equal on both sides), only no longer shortest.

/** 1 at every line of the old side that was removed, and of the new side that was added. */
export interface Marks {
  readonly removed: Uint8Array
  readonly added: Uint8Array
}

/** After this many rounds one split takes the best path so far; git has the same floor (xdiff, XDL_MAX_COST_MIN). */
const ROUNDS = 256
/** "Not reached" on the forward and backward fronts. */
const NOT_REACHED = -1
const FAR = 0x7fffffff

export function markChanges(old: Int32Array, now: Int32Array): Marks {
  const removed = new Uint8Array(old.length)
  const added = new Uint8Array(now.length)
  const a = commonOnly(old, now, removed)
  const b = commonOnly(now, old, added)
  const search = createSearch(a.values, b.values)
  const waiting: Box[] = [{ left: 0, right: a.values.length, top: 0, bottom: b.values.length }]
  for (let box = waiting.pop(); box !== undefined; box = waiting.pop()) {
    const inner = shrink(box, a.values, b.values)
    if (inner.left === inner.right) for (let y = inner.top; y < inner.bottom; y++) added[b.indexes[y] ?? 0] = 1
    else if (inner.top === inner.bottom) for (let x = inner.left; x < inner.right; x++) removed[a.indexes[x] ?? 0] = 1
    else {
      const at = search(inner)
      waiting.push({ ...inner, right: at.x, bottom: at.y }, { ...inner, left: at.x, top: at.y })
    }
  }
  return { removed, added }
}

/** A part of the problem: old lines left..right, new lines top..bottom (ends excluded). */
interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

interface Kept {
  readonly values: Int32Array
  readonly indexes: Int32Array
}

/** The lines that the other side has too; the others are marked at once. */
function commonOnly(side: Int32Array, other: Int32Array, marks: Uint8Array): Kept {
  const known = new Set(other)
  const indexes = Int32Array.from(side.keys()).filter((at) => known.has(side[at] ?? NOT_REACHED))
  marks.fill(1)
  for (const at of indexes) marks[at] = 0
  return { values: indexes.map((at) => side[at] ?? NOT_REACHED), indexes }
}

/** Without the equal lines at both ends. */
function shrink(box: Box, a: Int32Array, b: Int32Array): Box {
  let { left, right, top, bottom } = box
  while (left < right && top < bottom && a[left] === b[top]) {
    left++
    top++
  }
  while (left < right && top < bottom && a[right - 1] === b[bottom - 1]) {
    right--
    bottom--
  }
  return { left, right, top, bottom }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** A search for the point at which the paths from both corners of a box meet; the two fronts are allocated once. */
function createSearch(a: Int32Array, b: Int32Array): (box: Box) => Point {
  // A diagonal is x - y; the fronts hold the furthest x of each, shifted so that indexes are positive.
  const shift = b.length + 1
  const forward = new Int32Array(a.length + b.length + 3)
  const backward = new Int32Array(a.length + b.length + 3)

  return (box) => {
    const start = box.left - box.top
    const end = box.right - box.bottom
    const fronts = { forward: span(box, start), backward: span(box, end) }
    const odd = (start - end) % 2 !== 0
    forward[start + shift] = box.left
    backward[end + shift] = box.right
    for (let round = 1; ; round++) {
      widen(fronts.forward, forward, NOT_REACHED)
      for (let d = fronts.forward.high; d >= fronts.forward.low; d -= 2) {
        const x = advance(box, d)
        if (odd && within(fronts.backward, d) && (backward[d + shift] ?? FAR) <= x) return { x, y: x - d }
      }
      widen(fronts.backward, backward, FAR)
      for (let d = fronts.backward.high; d >= fronts.backward.low; d -= 2) {
        const x = retreat(box, d)
        if (!odd && within(fronts.forward, d) && x <= (forward[d + shift] ?? NOT_REACHED)) return { x, y: x - d }
      }
      if (round >= ROUNDS) return furthest(box, fronts.forward)
    }
  }

  function advance(box: Box, d: number): number {
    const [below, above] = [forward[d - 1 + shift] ?? NOT_REACHED, forward[d + 1 + shift] ?? NOT_REACHED]
    let x = below >= above ? below + 1 : above
    while (x < box.right && x - d < box.bottom && a[x] === b[x - d]) x++
    forward[d + shift] = x
    return x
  }

  function retreat(box: Box, d: number): number {
    const [below, above] = [backward[d - 1 + shift] ?? FAR, backward[d + 1 + shift] ?? FAR]
    let x = below < above ? below : above - 1
    while (x > box.left && x - d > box.top && a[x - 1] === b[x - d - 1]) x--
    backward[d + shift] = x
    return x
  }

  /** The next diagonal on each side, or one less where the box ends; the diagonals beyond are not reached. */
  function widen(range: Range, front: Int32Array, unreached: number): void {
    if (range.low > range.least) front[--range.low - 1 + shift] = unreached
    else range.low++
    if (range.high < range.most) front[++range.high + 1 + shift] = unreached
    else range.high--
  }

  /** The point of the forward front that has consumed most; it lies inside the box and is not its first corner. */
  function furthest(box: Box, range: Range): Point {
    let best: Point = { x: box.left, y: box.top }
    for (let d = range.high; d >= range.low; d -= 2) {
      const x = Math.min(forward[d + shift] ?? NOT_REACHED, box.right, box.bottom + d)
      if (x >= box.left && x - d >= box.top && x + x - d > best.x + best.y) best = { x, y: x - d }
    }
    return best
  }
}

/** The diagonals that a front has reached, and those that the box allows. */
interface Range {
  low: number
  high: number
  readonly least: number
  readonly most: number
}

function span(box: Box, at: number): Range {
  return { low: at, high: at, least: box.left - box.bottom, most: box.right - box.top }
}

function within(range: Range, d: number): boolean {
  return d >= range.low && d <= range.high
}
