// The vocabulary of the differential oracle: programs, what CPython saw, what the analyser said, and how they disagree.
// Tags are the numbers in `db(1017)`: they name one probe site whatever line it stands on.

/** path → text */
export type Files = Readonly<Record<string, string>>

export interface OracleProgram {
  readonly id: string
  readonly files: Files
  /** names of the templates that it was composed from */
  readonly features: readonly string[]
}

export type RunPhase = 'import' | 'phase-1' | 'scheduled' | 'later'

/** The probe was called. `stack` holds the frames of the program, innermost first. */
export interface Hit {
  readonly phase: RunPhase
  readonly tag: number | null
  readonly file: string
  readonly line: number
  readonly thread: boolean
  readonly stack: readonly (readonly [string, number])[]
}

/** One execution under one choice of what unknown conditions give. */
export interface Run {
  readonly hits: readonly Hit[]
  /** types of the exceptions that were raised inside the program */
  readonly raised: readonly string[]
  /** `ok`, `timeout`, or where it ended and with which error */
  readonly outcome: string
}

/** All executions that were tried. `exhaustive`: every outcome of every unknown condition is among them. */
export interface Observation {
  readonly runs: readonly Run[]
  readonly exhaustive: boolean
}

/** An operation that the analyser reports. `resolution`: 0 resolved, 1 assumed, 2 guessed. */
export interface Reported {
  readonly phase: 'import' | 'phase-1' | 'scheduled'
  readonly file: string
  readonly line: number
  readonly endLine: number
  readonly tag: number | null
  /** tags in the text of the place: code in a string stands where the string does */
  readonly inside: readonly number[]
  readonly may: boolean
  readonly resolution: number
  /** it stands in an except body, or is reached through one */
  readonly handler: boolean
}

export interface NotFollowedPlace {
  readonly file: string
  readonly line: number
  readonly endLine: number
  readonly reason: string
}

export interface Verdict {
  readonly reported: readonly Reported[]
  readonly unknowns: readonly NotFollowedPlace[]
  /** why the entry point could not be analysed to its end */
  readonly incomplete: string | null
}

/**
 * `silent`: CPython saw work that the analyser neither reports nor admits not to have followed. `not-followed`: it does not report it but lists a
 * place on the way. `false-alarm`: no execution did what is reported. `overconfident`: reported as certain, but an execution that raised nothing
 * did not do it.
 */
export type DisagreementKind = 'silent' | 'not-followed' | 'false-alarm' | 'overconfident'

export interface Disagreement {
  readonly kind: DisagreementKind
  readonly phase: string
  /** tag, or file:line */
  readonly where: string
  readonly detail: string
}
