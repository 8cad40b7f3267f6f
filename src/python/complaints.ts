// Which of the parser's messages are no reason to call a file unparsable: CPython raises them when it compiles a tree (or not
// at all), so such a file is analysed. Everything else that the parser says is a syntax error. Messages are compared with the
// parser's own English catalogue at run time; a test pins the list.

import { LocMessage } from '@zzzen/pyright-internal/dist/localization/localize.js'

/** Said where the parser (or the call stack, or a bound of ours) could go no deeper. */
export const TOO_DEEP_MESSAGE = 'nested too deeply'

/** The parser's words, or ours where its words are about itself. */
export function wording(message: string): string {
  return message === LocMessage.maxParseDepthExceeded() ? TOO_DEEP_MESSAGE : message
}

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
