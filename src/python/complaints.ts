// Which of the parser's messages are no reason to call a file unparsable: CPython raises them when it compiles a tree (or not
// at all), so such a file is analysed. Everything else that the parser says is a syntax error. Messages are compared with the
// parser's own English catalogue at run time; a test pins the list.

import { LocMessage } from '@zzzen/pyright-internal/dist/localization/localize.js'

/** Does this message stand for something CPython checks only after parsing? */
export function isCompileStage(message: string): boolean {
  if (whole === null) {
    whole = new Set(WHOLE.map((key) => LocMessage[key]()))
    openings = [
      LocMessage.orPatternMissingName(),
      ...OPENINGS.map((key) => LocMessage[key]().getFormatString().split('{')[0] ?? ''),
    ]
  }
  return whole.has(message) || openings.some((opening) => message.startsWith(opening))
}

let whole: ReadonlySet<string> | null = null
let openings: readonly string[] = []

const WHOLE = [
  'breakInExceptionGroup',
  'breakOutsideLoop',
  'casePatternIsIrrefutable',
  'continueInExceptionGroup',
  'continueOutsideLoop',
  'duplicateCatchAll',
  'duplicateStarPattern',
  'duplicateUnpack',
  'finallyBreak',
  'finallyContinue',
  'finallyReturn',
  // checked by our own rule, which is CPython's (indentation.ts)
  'inconsistentTabs',
  'namedExceptAfterCatchAll',
  'orPatternIrrefutable',
  'returnInExceptionGroup',
  'returnOutsideFunction',
  'unpackOperatorNotAllowed',
] as const

const OPENINGS = ['duplicateCapturePatternTarget', 'duplicateParam'] as const
