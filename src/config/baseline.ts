// The baseline file: findings that were accepted once, by fingerprint. JSON, written sorted so that its diffs are small.
// `{ "version": 1, "findings": [{ "fingerprint", "rule", "reason" }] }`
import * as v from 'valibot'
import { ConfigurationError } from './model.ts'
import type { BaselineEntry } from './model.ts'
import { issueProblem, pathText, unknownKey } from './problems.ts'
import type { Problem } from './problems.ts'

export const BASELINE_VERSION = 1
/** Most entries that are read; our own limit, so that a file cannot be a bomb. */
const MAX_ENTRIES = 50_000

const baselineSchema = v.strictObject(
  {
    version: v.literal(BASELINE_VERSION, `version ${BASELINE_VERSION}`),
    findings: v.pipe(
      v.array(
        v.strictObject(
          {
            fingerprint: v.pipe(v.string('text'), v.regex(/^[0-9a-f]{16,64}$/, 'a fingerprint (16 to 64 hex digits)')),
            rule: v.pipe(v.string('text'), v.minLength(1, 'the name of a rule')),
            reason: v.pipe(v.string('text'), v.regex(/\S/, 'a reason that is not empty')),
          },
          'a map with fingerprint, rule and reason',
        ),
        'a list',
      ),
      v.maxLength(MAX_ENTRIES, `at most ${MAX_ENTRIES} findings`),
    ),
  },
  'a map with version and findings',
)

/** Entries in the order of the file, each fingerprint once. Throws a ConfigurationError that names file and key. */
export function loadBaseline(text: string, file: string): readonly BaselineEntry[] {
  const value = parsed(text.startsWith('\uFEFF') ? text.slice(1) : text, file)
  const unknown = unknownKey(baselineSchema, value)
  const version = versionOf(value)
  if (typeof version === 'number' && version > BASELINE_VERSION)
    throw new ConfigurationError(
      `${file}: version ${version} is newer than this program; it reads version ${BASELINE_VERSION}`,
    )
  if (unknown !== null) throw refusal(unknown, file)
  const checked = v.safeParse(baselineSchema, value, { abortEarly: true })
  if (!checked.success) throw refusal(issueProblem(checked.issues[0]), file)
  return uniqueEntries(checked.output.findings)
}

/** The text of a baseline file: sorted by rule and fingerprint, one entry a line, newline at the end. */
export function renderBaseline(entries: readonly BaselineEntry[]): string {
  const lines = uniqueEntries(entries)
    .toSorted((a, b) => compare(a.rule, b.rule) || compare(a.fingerprint, b.fingerprint))
    .map(({ fingerprint, rule, reason }) => `    ${JSON.stringify({ fingerprint, rule, reason })}`)
  const findings = lines.length === 0 ? '[]' : `[\n${lines.join(',\n')}\n  ]`
  return `{\n  "version": ${BASELINE_VERSION},\n  "findings": ${findings}\n}\n`
}

/** Of entries with one fingerprint, the first. */
function uniqueEntries(entries: readonly BaselineEntry[]): BaselineEntry[] {
  const seen = new Set<string>()
  return entries.filter(({ fingerprint }) => !seen.has(fingerprint) && seen.add(fingerprint).size > 0)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ConfigurationError(`${file}: not JSON (${error instanceof SyntaxError ? error.message : 'unreadable'})`)
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'version' in value ? value.version : null
}

function refusal({ path, message }: Problem, file: string): ConfigurationError {
  return new ConfigurationError(`${file}: ${path.length === 0 ? '' : `${pathText(path)}: `}${message}`)
}
