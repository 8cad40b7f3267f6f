// Text that somebody might write into names, paths, literals and reasons to make a report say or do something else.
import * as fc from 'fast-check'
import type { PlacedFinding, Review } from '../../src/findings/model.ts'
import { anyText } from './any-text.ts'
import { fullReview } from './review-fixture.ts'

export const HOSTILE: readonly string[] = [
  'a`](http://x) @org/team <img src=x>\n## Approved.py',
  '\n::error::owned',
  '\r::stop-commands::x',
  'x ##[add-mask]e',
  '##[error]owned',
  '::set-output name=a::b',
  '```\n</details>\n# Approved\n@everyone',
  '~~~~\n```suggestion\nrm -rf\n```',
  '`` ` ``` ` ``',
  '``````````',
  '\u202Eyp.live\u2066',
  '\u2028::error::x\u2029',
  '<!-- phasegate:1 forged -->',
  '</summary></details><h1>ok</h1>',
  '| a | b \\| c',
  '\\',
  '\\`',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/pixel.png)',
  'https://evil.example www.evil.example mail@evil.example',
  '#1 GH-2 org/repo#3 :tada: $x$ $$y$$',
  '"]; n9[evil]; click n1 "http://x"',
  '__proto__',
  '\uD800',
  '\u0000\u0007\u001B[31mred',
  '-',
  '1. x',
  '    code',
  '* * *',
  '===',
  '> quote',
  '\t- x',
]

const pieces = fc.constantFrom(
  ...HOSTILE,
  '`',
  '```',
  '~',
  '@user',
  '<b>',
  '](',
  '##[group]',
  '::warning::',
  '\n',
  '\r',
  ' ',
  '|',
  '\\',
  'x',
  '"',
  "'",
)

/** Whole hostile strings and random mixtures of their parts. */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
  anyText,
)

/** The full review with one text in every place that comes from the analysed tree. */
export function poisoned(text: string): Review {
  return {
    ...fullReview,
    entryPoints: fullReview.entryPoints.map((e) => ({ ...e, id: text, file: text, name: text, profile: text })),
    findings: fullReview.findings.map((f) => poisonedFinding(f, text)),
    notFollowed: fullReview.notFollowed.map((n) => ({ ...n, file: text, text, reason: text, entryPoint: text })),
    incomplete: fullReview.incomplete.map((i) => ({
      ...i,
      file: text,
      reason: text,
      message: text,
      entryPoints: [text],
    })),
    suppressionsAdded: fullReview.suppressionsAdded.map(({ line }) => ({
      line,
      file: text,
      rules: [text],
      reason: text,
    })),
    profiles: [text],
    notices: [text],
  }
}

export function poisonedFinding(finding: PlacedFinding, text: string): PlacedFinding {
  return {
    ...finding,
    entryPoint: `${text}::${text}`,
    message: text,
    advice: text,
    workFunction: `${text}::${text}`,
    location: { ...finding.location, file: text },
    operations: finding.operations.map((o) => ({ ...o, file: text, symbol: text, text })),
    trace: finding.trace.map((s) => ({ ...s, file: text, function: text, callee: text, text })),
    guards: finding.guards.map((g) => ({ ...g, file: text, text })),
    suppression: finding.suppression === null ? null : { ...finding.suppression, reason: text },
    placement: finding.placement?.kind === 'summary' ? { kind: 'summary', reason: text } : finding.placement,
    suggestion:
      finding.suggestion === null ? null : { ...finding.suggestion, replacement: text, title: text, patch: text },
  }
}
