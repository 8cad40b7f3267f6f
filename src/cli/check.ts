// `phasegate check`: opens the trees, reviews, writes the reports. stdout carries the report only.
// The exit code is the review's; a report that cannot be written is an error of the run.
import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { openCache, type IrCache } from '../cache/store.ts'
import { programVersion } from '../cache/version.ts'
import type { Review } from '../findings/model.ts'
import type { ReportContext } from '../report/context.ts'
import { renderGithub } from '../report/github.ts'
import { renderJson } from '../report/json.ts'
import { renderMarkdown } from '../report/markdown-report.ts'
import { renderSarif } from '../report/sarif.ts'
import type { SourceReader } from '../program/model.ts'
import { renderText } from '../report/text.ts'
import { logSafe } from '../report/visible.ts'
import { exitCode, review, type ReviewInput } from '../review.ts'
import { checkArguments, type CheckArguments, type Format } from './arguments.ts'
import { fixed } from './fix.ts'
import { errorCode, readBaseline, readPolicy } from './policy.ts'
import { takesColor } from './color.ts'
import { createProgress, type Progress } from './progress.ts'
import { openTrees, type Trees } from './sources.ts'
import { baselineFile, entriesOf, updatedBaseline, writeBaseline } from './update-baseline.ts'
import { TOOL_VERSION } from '../text/version.ts'
import { threadTeam } from '../threads/worker.ts'

export async function check(argv: readonly string[]): Promise<number> {
  const args = checkArguments(argv)
  const trees = await openTrees(args)
  const progress = createProgress(args.quiet)
  const team = threadTeam(import.meta.url, args.threads)
  try {
    const input = { ...(await inputOf(args, trees, progress)), team }
    const { result, complete } = await conclude(input, args, trees.root)
    progress.clear()
    const exit = exitCode(result, args.onIncomplete)
    // findings win over a report, or an edit, that could not be written
    return (write(result, args, trees) && complete) || exit !== 0 ? exit : 3
  } finally {
    progress.clear()
    team?.close()
    trees.close()
  }
}

async function inputOf(args: CheckArguments, trees: Trees, progress: Progress): Promise<Omit<ReviewInput, 'team'>> {
  const sources = { named: args.config, profiles: args.profiles, head: trees.headFile, base: trees.baseFile }
  const policy = await readPolicy(sources)
  const baseline = args.updateBaseline
    ? { entries: entriesOf(baselineFile(args.baseline, policy.config, args.path)), notices: [] }
    : await readBaseline(args.baseline, policy.config, sources)
  return {
    head: trees.head,
    base: trees.base,
    changes: trees.changes,
    config: policy.config,
    configurationChanged: policy.changed || baseline.notices.length > 0,
    notices: [...policy.notices, ...baseline.notices],
    baseline: baseline.entries,
    failOn: args.failOn ?? policy.config.failOn ?? 'error',
    onIncomplete: args.onIncomplete,
    maxSeconds: args.maxSeconds,
    cache: args.cache ? openedCache() : null,
    progress: progress.say,
  }
}

interface Conclusion {
  readonly result: Review
  /** everything that was to be written was */
  readonly complete: boolean
}

/** The review; with `--fix` of what the edits left, with `--update-baseline` with what is accepted now. */
async function conclude(input: ReviewInput, args: CheckArguments, root: string | null): Promise<Conclusion> {
  const say = (message: string): void => {
    if (!args.quiet) process.stderr.write(`phasegate: ${logSafe(message)}\n`)
  }
  if (args.fix && root !== null) {
    const reviewed = (head: SourceReader): Promise<Review> => review({ ...input, head, trials: FIX_TRIALS })
    const { review: result, complete } = await fixed({ head: input.head, root, reviewed, say })
    return { result, complete }
  }
  const result = await review(args.updateBaseline ? { ...input, trials: 0 } : input)
  if (!args.updateBaseline) return { result, complete: true }
  if (result.incomplete.length > 0) {
    process.stderr.write('phasegate: the review is incomplete, so the baseline stays as it is\n')
    return { result, complete: false }
  }
  const update = updatedBaseline(result, input.baseline, input.failOn)
  writeBaseline(baselineFile(args.baseline, input.config, args.path), update, say)
  return { result: await review({ ...input, baseline: update.entries }), complete: true }
}

/** Edits that are tried in one round of `--fix`; a review for reading tries fewer. */
const FIX_TRIALS = 100

/** What earlier runs of this very program found out. */
function openedCache(): IrCache | null {
  const version = programVersion(import.meta.url)
  return version === null ? null : openCache(cacheDirectory(), version)
}

/** Where it is kept between runs: the user's cache directory, never the analysed tree. */
function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME']
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'phasegate')
}

/** Whether every file could be written; the report on stdout comes either way. */
function write(result: Review, args: CheckArguments, trees: Trees): boolean {
  const color = args.color && takesColor(process.stdout, process.env)
  const columns = Math.min(process.stdout.columns ?? FILE_COLUMNS, MOST_COLUMNS)
  let complete = true
  for (const output of args.outputs) {
    try {
      writeFileSync(output.file, rendered(result, output.format, { color: false, columns: FILE_COLUMNS, trees }))
    } catch (error) {
      process.stderr.write(`phasegate: ${output.file}: cannot be written (${errorCode(error)})\n`)
      complete = false
    }
  }
  const report = rendered(result, args.format, { color, columns, trees })
  process.stdout.write(report.endsWith('\n') || report === '' ? report : `${report}\n`)
  return complete
}

/** Width of text that no terminal shows, and the widest that is still read in lines. */
const FILE_COLUMNS = 100
const MOST_COLUMNS = 140

interface Rendering {
  readonly color: boolean
  readonly columns: number
  readonly trees: Trees
}

function rendered(result: Review, format: Format, { color, columns, trees }: Rendering): string {
  const context: ReportContext = {
    headSha: result.head,
    baseSha: result.base,
    repository: null,
    serverUrl: null,
    runUrl: null,
    toolVersion: TOOL_VERSION,
  }
  switch (format) {
    case 'json':
      return renderJson(result, TOOL_VERSION)
    case 'sarif':
      return renderSarif(result, TOOL_VERSION)
    case 'github':
      return renderGithub(result)
    case 'markdown':
      return renderMarkdown(result, context)
    case 'text':
      return renderText(result, {
        color,
        width: columns,
        sources: sourceLines(trees),
      })
    default:
      return format satisfies never
  }
}

/** Lines of head files, each file read once. */
function sourceLines(trees: Trees): (file: string, line: number) => string | null {
  const files = new Map<string, readonly string[] | null>()
  return (file, line) => {
    let lines = files.get(file)
    if (lines === undefined) {
      lines = trees.text(file)?.split(/\r\n|\r|\n/) ?? null
      files.set(file, lines)
    }
    return lines?.[line - 1] ?? null
  }
}
