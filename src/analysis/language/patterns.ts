// `match`: a case that a constant excludes is dead, a case that certainly matches ends the statement; everything else is undecided.
import type { Expr, MatchCase, Pattern, Stmt } from '../../ir/model.ts'
import { fork } from '../machine/frames.ts'
import { at } from '../machine/sites.ts'
import { guarded } from './guards.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import { isInstanceOf } from './narrowing.ts'
import { elements } from '../domain/containers.ts'
import { annotatedFields, classMember } from '../objects/members.ts'
import { only, stringOf, type Atom, type Value } from '../domain/values.ts'

type Outcome = 'yes' | 'no' | 'maybe'

export function matchStatement(frame: Frame, s: Extract<Stmt, { k: 'match' }>): boolean {
  const subject = frame.machine.ops.evaluate(frame, s.x)
  const arm = (index: number): boolean => {
    const current = s.cases[index]
    if (current === undefined) return true
    return caseOf(frame, { subject, current, subjectExpr: s.x, otherwise: () => arm(index + 1) })
  }
  return arm(0)
}

interface Arm {
  readonly subject: Value
  readonly current: MatchCase
  readonly subjectExpr: Expr
  readonly otherwise: () => boolean
}

function caseOf(frame: Frame, arm: Arm): boolean {
  const m = frame.machine
  const { current, subject, otherwise } = arm
  const parts: Parts = new Map()
  const outcome = test(frame, current.pattern, subject, parts)
  if (outcome === 'no') return otherwise()
  const guard = current.guard
  const body = (): boolean => m.ops.execute(frame, current.body)
  const withGuard = (): boolean => {
    capture(frame, current.pattern, subject, parts)
    if (guard === null) return body()
    const truth = m.ops.decide(frame, guard, m.ops.evaluate(frame, guard))
    if (truth.t && truth.f) return guarded(frame, guard, false, () => fork(frame, [body, otherwise], true))
    return truth.t ? body() : otherwise()
  }
  if (outcome === 'yes') return withGuard()
  return guarded(frame, arm.subjectExpr, false, () => fork(frame, [withGuard, otherwise], true))
}

/** The attributes that class patterns of one case have read: each is read once. */
type Parts = Map<Pattern, readonly Part[]>

function test(frame: Frame, p: Pattern, subject: Value, parts: Parts): Outcome {
  switch (p.k) {
    case 'capture':
      return 'yes'
    case 'rest':
      return 'yes'
    case 'as':
      return test(frame, p.pattern, subject, parts)
    case 'or': {
      let outcome: Outcome = 'no'
      for (const x of p.xs) {
        const one = test(frame, x, subject, parts)
        if (one === 'yes') return 'yes'
        if (one === 'maybe') outcome = 'maybe'
      }
      return outcome
    }
    case 'value': {
      const value = frame.machine.ops.evaluate(frame, p.x)
      const equal = frame.machine.ops.equal(frame, subject, value, at(frame, p.x, 'operator'))
      return equal === null ? 'maybe' : equal ? 'yes' : 'no'
    }
    case 'sequence':
      return sequence(frame, p.xs, subject, parts)
    case 'mapping':
      return mapping(frame, p, subject, parts)
    case 'class':
      return classPattern(frame, p, subject, parts)
    case 'unknown':
      return 'maybe'
  }
}

function sequence(frame: Frame, patterns: readonly Pattern[], subject: Value, parts: Parts): Outcome {
  const atom = only(subject)
  if (atom?.kind === 'const') return 'no'
  if (atom?.kind !== 'container' || (atom.type !== 'list' && atom.type !== 'tuple'))
    return atom?.kind === 'container' ? 'no' : 'maybe'
  const list = frame.machine.ops.spread(frame, subject, at(frame, { p: 0, e: 0 }, 'iterate')).elements
  if (list === null) return 'maybe'
  const star = patterns.findIndex((p) => p.k === 'rest')
  if (star < 0 ? list.length !== patterns.length : list.length < patterns.length - 1) return 'no'
  const outcomes = patterns.map((p, i): Outcome => {
    if (p.k === 'rest') return 'yes'
    const item = list[star >= 0 && i > star ? list.length - (patterns.length - i) : i]
    return item === undefined ? 'maybe' : test(frame, p, item, parts)
  })
  return outcomes.includes('no') ? 'no' : outcomes.every((o) => o === 'yes') ? 'yes' : 'maybe'
}

function mapping(frame: Frame, p: Extract<Pattern, { k: 'mapping' }>, subject: Value, parts: Parts): Outcome {
  const atom = only(subject)
  if (atom === null || atom.kind === 'unknown' || atom.kind === 'external' || atom.kind === 'instance') return 'maybe'
  if (atom.kind !== 'container' || atom.type !== 'dict') return 'no'
  const entries = frame.machine.ops.entries(frame, subject)
  let outcome: Outcome = 'yes'
  for (const item of p.xs) {
    const key = stringOf(frame.machine.ops.evaluate(frame, item.key))
    const value = key === null ? undefined : entries.known.get(key)
    if (value === undefined) {
      if (entries.exact && key !== null) return 'no'
      outcome = 'maybe'
      continue
    }
    const inner = test(frame, item.value, value, parts)
    if (inner === 'no') return 'no'
    if (inner === 'maybe') outcome = 'maybe'
  }
  return outcome
}

function classPattern(frame: Frame, p: ClassPattern, subject: Value, parts: Parts): Outcome {
  const types = frame.machine.ops.evaluate(frame, p.cls)
  let outcome: Outcome | null = null
  for (const atom of subject.atoms) {
    const is = isInstanceOf(frame.machine, atom, types.atoms)
    const one: Outcome = is === null ? 'maybe' : is ? 'yes' : 'no'
    outcome = outcome === null || outcome === one ? one : 'maybe'
  }
  if (outcome === null || outcome === 'no') return outcome ?? 'maybe'
  for (const { pattern, value } of partsOf(frame, p, subject, parts)) {
    const inner = value === null ? 'maybe' : test(frame, pattern, value, parts)
    if (inner === 'no') return 'no'
    if (inner === 'maybe') outcome = 'maybe'
  }
  return outcome
}

type ClassPattern = Extract<Pattern, { k: 'class' }>

interface Part {
  readonly pattern: Pattern
  /** null: which attribute it is, is not known */
  readonly value: Value | null
}

/** The patterns inside of a class pattern with what each is matched against: attributes by name, or by position in `__match_args__`. */
function partsOf(frame: Frame, p: ClassPattern, subject: Value, parts: Parts): readonly Part[] {
  const known = parts.get(p)
  if (known !== undefined) return known
  const read = (name: string): Value => frame.machine.ops.getAttribute(frame, subject, name, at(frame, p, 'property'))
  const atom = only(subject)
  const isPlain = atom === null || atom.kind === 'const' || atom.kind === 'typed' || atom.kind === 'container'
  const names = atom === null || isPlain ? null : positionalNames(frame.machine, atom)
  const positional = p.xs.map((pattern, index): Part => {
    // `int(x)`, `str(x)`: the object itself
    if (isPlain && atom !== null && p.xs.length === 1) return { pattern, value: subject }
    const name = names?.[index]
    return { pattern, value: name === undefined ? null : read(name) }
  })
  const found = [...positional, ...p.kw.map((item): Part => ({ pattern: item.x, value: read(item.n) }))]
  parts.set(p, found)
  return found
}

/** `__match_args__`, written or generated. */
function positionalNames(m: Machine, atom: Atom): readonly string[] | null {
  const cls = m.ops.classOf(atom)
  if (cls === null) return null
  const written = only(classMember(m, cls, '__match_args__') ?? m.domain.bottom)
  if (written?.kind === 'container') {
    const names = elements(m, written).list?.map((value) => stringOf(value))
    return names === undefined || names.includes(null) ? null : names.map(String)
  }
  return cls.traits.has('dataclass') || cls.traits.has('fields') ? annotatedFields(cls).map(({ name }) => name) : null
}

/** Binds the names of a pattern; parts of a subject that is not known in detail are unknown. */
function capture(frame: Frame, p: Pattern, subject: Value, parts: Parts): void {
  const m = frame.machine
  const name = (n: string | null, value: Value): void => {
    if (n !== null) m.ops.assign(frame, { k: 'name', id: n, p: p.p, e: p.e }, value)
  }
  switch (p.k) {
    case 'capture':
      return name(p.n, subject)
    case 'as':
      capture(frame, p.pattern, subject, parts)
      return name(p.n, subject)
    case 'or':
      for (const x of p.xs)
        if (p.xs.length === 1 || test(frame, x, subject, parts) !== 'no') capture(frame, x, subject, parts)
      return
    case 'sequence':
      return captureSequence(frame, p, subject, parts)
    case 'rest':
      return name(p.n, subject)
    case 'mapping': {
      const entries = m.ops.entries(frame, subject)
      for (const item of p.xs)
        capture(
          frame,
          item.value,
          entries.known.get(stringOf(m.ops.evaluate(frame, item.key)) ?? '') ?? entries.any,
          parts,
        )
      if (p.rest === null) return
      const left = m.ops.newCollection(frame, 'dict', p)
      const taken = new Set(p.xs.map((item) => stringOf(m.ops.evaluate(frame, item.key))))
      for (const [key, value] of entries.known)
        if (!taken.has(key)) m.ops.collect(left, value, m.domain.constant('str', key))
      if (!entries.exact) m.store.weaken(left.rest, entries.any)
      return name(p.rest, m.domain.of(left))
    }
    case 'class':
      for (const { pattern, value } of partsOf(frame, p, subject, parts))
        capture(frame, pattern, value ?? m.domain.unknown('untyped-parameter'), parts)
      return
    default:
  }
}

function captureSequence(frame: Frame, p: Extract<Pattern, { k: 'sequence' }>, subject: Value, parts: Parts): void {
  const m = frame.machine
  const sequences = m.domain.filter(subject, (a) => a.kind === 'container')
  const { elements: list, any } =
    sequences.atoms.length > 0
      ? m.ops.spread(frame, sequences, at(frame, p, 'iterate'))
      : { elements: null, any: m.domain.unknown('element') }
  const star = p.xs.findIndex((x) => x.k === 'rest')
  const behind = p.xs.length - 1 - star
  p.xs.forEach((x, i) => {
    if (x.k === 'rest') {
      const middle = list === null ? null : list.slice(i, list.length - behind)
      capture(frame, x, m.ops.newList(frame, x, middle ?? any), parts)
    } else capture(frame, x, list?.[star >= 0 && i > star ? list.length - (p.xs.length - i) : i] ?? any, parts)
  })
}
