// The vocabulary of a review: findings, what was not followed, what is incomplete, and the verdict. Plain data, no behaviour.
// Names and values are those of the published report (schemas/report.schema.json); they change only by adding.
import type { SourcePoint, SourceRange } from '../text/position.ts'

export type RuleId =
  | 'database-in-phase-1'
  | 'database-at-import'
  | 'database-scheduled-in-phase-1'
  | 'hook-called-not-passed'
  | 'missing-setup-hook'
  | 'missing-initialize'
  | 'unregistered-model'
  | 'unchecked-database-service'
  | 'not-followed'
  | 'unused-suppression'
  | 'suppression-without-reason'

export type Severity = 'error' | 'warning' | 'note'
export type Confidence = 'high' | 'medium' | 'low'
export type Phase = 'phase-1' | 'import' | 'scheduled'
/** SARIF 2.1.0 section 3.27.24: how the result relates to the base. */
export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent'
export type Verdict = 'pass' | 'fail' | 'incomplete'
export type OperationKindName = 'query' | 'session' | 'connection' | 'model' | 'schema' | 'migration' | 'transaction'
export type StepKind =
  | 'call'
  | 'construct'
  | 'await'
  | 'enter'
  | 'iterate'
  | 'property'
  | 'operator'
  | 'import'
  | 'decorator'
  | 'default'
  | 'class-body'
  | 'invoke'

/** One database operation. `function` is the qualified name (module-relative) in which it stands, '' for a module body. */
export interface Operation extends SourceRange {
  readonly symbol: string
  readonly kind: OperationKindName
  /** source text, one line, shortened */
  readonly text: string
  /** with a base: the operation is not in the base's finding; null without a base */
  readonly added: boolean | null
}

/** One step of the call path: where the call stands, in which function, and what it runs. */
export interface TraceStep extends SourcePoint {
  readonly function: string
  readonly kind: StepKind
  readonly callee: string
  readonly text: string
  /** last line of the step's expression */
  readonly endLine: number
}

export interface Guard extends SourcePoint {
  readonly text: string
  /** off unless somebody sets it, or true for one worker command only: it lowers an error to a warning */
  readonly lowers: boolean
}

export type Placement =
  | { readonly kind: 'line'; readonly path: string; readonly side: 'RIGHT'; readonly line: number }
  | {
      readonly kind: 'range'
      readonly path: string
      readonly side: 'RIGHT'
      readonly startLine: number
      readonly line: number
    }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'summary'; readonly reason: string }

/** An edit of one file after which the finding is gone; it was tried. */
export interface Suggestion {
  readonly path: string
  /** the lines that `replacement` (LF, without the last line's end) replaces: from the first to the last that changes */
  readonly startLine: number
  readonly endLine: number
  readonly replacement: string
  /** `safe`: only the phase in which the work runs changes. `unsafe`: somebody has to look at what else does */
  readonly disposition: 'safe' | 'unsafe'
  /** what the edit does, one sentence in the imperative without a full stop; names between backticks */
  readonly title: string
  /** the same edit as `git apply` reads it, in the file's own line ends */
  readonly patch: string
}

export interface Suppression {
  readonly kind: 'inSource' | 'external'
  readonly reason: string
}

/** A finding of one tree, before it is compared with a base. */
export interface RawFinding {
  readonly rule: RuleId
  readonly severity: Severity
  readonly confidence: Confidence
  /** hash of (rule, entry point, function in which the work stands): no lines, no text */
  readonly fingerprint: string
  readonly phase: Phase | null
  readonly entryPoint: string
  readonly message: string
  /** where the fix goes, one or two sentences from the profile */
  readonly advice: string
  readonly operations: readonly Operation[]
  readonly trace: readonly TraceStep[]
  readonly guards: readonly Guard[]
  /** rules without database work; equals operations[0] otherwise */
  readonly location: SourcePoint
  readonly suppression: Suppression | null
  /** qualified name of the function in which the work stands, with its file: `modules/m/services.py::Svc.load` */
  readonly workFunction: string
  /** hash of that function's IR without positions; '' for module bodies */
  readonly bodyHash: string
  /** definitions that took part in the resolution (decorators, registrations, bases, constants): places for a comment if changed */
  readonly causes: readonly SourceRange[]
}

/** A finding after comparison with the base. Without a base `baselineState` is null; null with a base means not comparable. */
export interface Finding extends RawFinding {
  readonly baselineState: BaselineState | null
  readonly movedFrom: string | null
  /** severity rose, or operations were added: counts as new work */
  readonly newWork: boolean
}

/** A finding with the place where it can be said on the pull request (null without a base and for absent findings). */
export interface PlacedFinding extends Finding {
  readonly placement: Placement | null
  readonly suggestion: Suggestion | null
}

export interface EntryPoint {
  readonly id: string
  readonly file: string
  readonly line: number
  readonly name: string
  readonly profile: string
  readonly state: 'clean' | 'finding' | 'incomplete'
  readonly calls: { readonly reached: number; readonly followed: number }
}

export interface NotFollowed {
  readonly file: string
  readonly line: number
  readonly entryPoint: string
  readonly text: string
  readonly reason: string
}

export interface Incomplete {
  readonly file: string
  readonly line: number
  readonly reason: string
  readonly message: string
  readonly entryPoints: readonly string[]
  /** false when base and head are incomplete in the same way: listed, does not decide the exit */
  readonly decides: boolean
}

export interface AddedSuppression {
  readonly file: string
  readonly line: number
  readonly rules: readonly string[]
  readonly reason: string
}

/** The notice of a review that had nothing to look at. */
export const NO_PYTHON_CHANGED = 'No Python changed.'

/** The whole result of a review: everything any reporter prints comes from here. */
export interface Review {
  readonly verdict: Verdict
  readonly base: string | null
  readonly head: string | null
  /** true when two trees were compared */
  readonly compared: boolean
  readonly profiles: readonly string[]
  readonly entryPoints: readonly EntryPoint[]
  readonly findings: readonly PlacedFinding[]
  readonly notFollowed: readonly NotFollowed[]
  readonly incomplete: readonly Incomplete[]
  readonly suppressionsAdded: readonly AddedSuppression[]
  readonly configurationChanged: boolean
  /** one sentence each: what the reader must know besides findings (policy changes, 0 entry points, …) */
  readonly notices: readonly string[]
  readonly failOn: Severity | 'never'
  readonly stats: {
    readonly files: number
    readonly parsed: number
    readonly fromCache: number
    readonly milliseconds: number
  }
}
