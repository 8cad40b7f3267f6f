// The report files that the inputs ask for. Paths are judged before any work is done, files are written before anything is posted, so that
// the check run can say the same as the job when one of them cannot be written.
import type { Review } from '../findings/model.ts'
import { renderJson } from '../report/json.ts'
import { renderSarif } from '../report/sarif.ts'
import type { Environment, Inputs } from './inputs.ts'
import { placeInWorkspace, shownPath, writeOutput, type OutputFile } from './output-files.ts'

interface Target extends OutputFile {
  readonly target: string
  /** relative to the workspace */
  readonly shown: string
}

export interface OutputTargets {
  readonly json: Target | null
  readonly sarif: Target | null
}

/** Throws a ConfigurationError for a path that is not allowed. */
export function outputTargets({ reportFile, sarifFile }: Inputs, env: Environment): OutputTargets {
  const target = (input: string, path: string | null): Target | null => {
    if (path === null) return null
    const place = placeInWorkspace({ input, path }, env)
    return { input, path, target: place, shown: shownPath(place, env) }
  }
  return { json: target('report-file', reportFile), sarif: target('sarif-file', sarifFile) }
}

/** What could not be written, one sentence each. */
export function writeReports({ json, sarif }: OutputTargets, review: Review, toolVersion: string): string[] {
  return [
    ...problems(json, () => renderJson(review, toolVersion)),
    ...problems(sarif, () => renderSarif(review, toolVersion)),
  ]
}

function problems(file: Target | null, text: () => string): string[] {
  const problem = file === null ? null : writeOutput(file.target, file, text())
  return problem === null ? [] : [problem]
}
