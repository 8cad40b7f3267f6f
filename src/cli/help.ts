// The help: one screen, 80 columns wide where it can be. docs/command-line.md says the same at length; a test keeps the two and the options alike.
import { TOOL_VERSION } from '../text/version.ts'

export const HELP = `phasegate ${TOOL_VERSION}: finds database work that runs while modules register (Phase 1).

  phasegate check [PATH]                    the tree at PATH (default .)
  phasegate check [PATH] --base REV         what the working tree adds to REV
  phasegate check [PATH] --base REV --head REV
  phasegate check PATH --base-dir DIR       the same between two directories
  phasegate graph [PATH] --entry FILE[::NAME] [--format json|dot|mermaid]
                                            the calls followed from one entry
  phasegate explain RULE                    what a rule claims, why, what to do
  phasegate rules                           all rules
  phasegate init [PATH]                     a workflow and a commented configuration
  phasegate demo                            a review against an embedded GitHub

Options of check:
  --config FILE          this configuration, taken as it is
  --profile NAME         a framework instead of those detected; repeatable
  --format FORMAT        text (default), json, sarif, github, markdown
  --output FORMAT:FILE   a further report into a file; repeatable
  --fail-on SEVERITY     error (default), warning, note, never
  --on-incomplete MODE   fail (default), warn
  --baseline FILE        findings that were accepted
  --update-baseline      accepts what fails now
  --fix                  applies the safe edits
  --max-seconds N        ends after N seconds, incomplete
  --threads N            for large trees (default: 4, below 4 cores 1)
  --quiet                no progress, no notices on stderr
  --no-color, --no-cache

Options of init: --dry-run, --force, --profile NAME, --uses OWNER/NAME@REF

Exit code: 0 nothing to object to, 1 findings, 2 usage or configuration,
3 incomplete or failed. More: docs/command-line.md
`
