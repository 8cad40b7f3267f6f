// What `phasegate init` writes: a workflow that gates and reviews, and a configuration in which everything is a comment.
// Must stay true: the workflow asks for no right that it does not need, and the configuration changes nothing until somebody edits it.
import { PROFILES } from '../profiles/index.ts'

/** Where the commit is not known: the workflow does not load until it is filled in. */
export const UNKNOWN_COMMIT = '<full commit SHA>'

/** Modes A and E of docs/permissions.md in one file, without a check run. `edited`: the base branch may change. */
export function workflowText(uses: string, version: string): string {
  const pinned = /@[0-9a-f]{40}$/.test(uses) || uses.endsWith(UNKNOWN_COMMIT)
  return `# Reviews pull requests for database work in Phase 1. Require the job phase-1. Forks, check runs, SARIF: docs/permissions.md of PhaseGate.
name: PhaseGate
on:
  pull_request: { types: [opened, synchronize, reopened, edited] }
  merge_group: {}
permissions: {}
concurrency: { group: "phasegate-\${{ github.event.pull_request.number || github.ref }}", cancel-in-progress: false }
jobs:
  phase-1:
    runs-on: ubuntu-latest
    permissions:
      contents: read # the two commits, read through the API: there is no checkout
      pull-requests: write # the review
    steps:
      - uses: ${uses}${pinned ? ` # v${version}` : ''}
        with: { check-run: "" }
`
}

/** `detected`: ids of the profiles that apply without a configuration. */
export function configurationText(detected: readonly string[]): string {
  const all = PROFILES.map((profile) => profile.id).join(' | ')
  const shown = detected.length === 0 ? ['plain'] : detected
  return `# PhaseGate. Everything here is optional; what is commented out is the default or an example.
# Every key: docs/configuration.md. In a pull request this file counts as it stands on the base branch; the pull request may only tighten it.

# Frameworks: ${all}. Detected when left out${detected.length === 0 ? '; none was found here' : ''}.
# profiles: [${shown.join(', ')}]

# More code that runs while modules register.
# entry-points:
#   - { files: "plugins/*/__init__.py", function: load, context: app }

# More calls that use the database.
# operations:
#   - { symbol: "my.db.Client.fetch", kind: query, when: awaited }

# Severities: error, warning, note or off.
# rules: { unregistered-model: off, database-scheduled-in-phase-1: error }

# Entry points that may use the database, each with a reason.
# allow:
#   - { entry-point: "modules/core/database/api.py::initialize", reason: "bootstraps the database itself" }

# Findings that were accepted once; phasegate check --update-baseline writes it.
# baseline: phasegate-baseline.json
`
}
