// `phasegate demo`: a pull request of three commits on an embedded GitHub, reviewed by the built Action after each of them. It shows
// what the Action really posts; nothing of the output is made up here.
import {
  checkLine,
  commentLines,
  createPaint,
  diffLines,
  editedLines,
  heading,
  indent,
  markdownLines,
  resultLines,
} from './demo-view.ts'
import { currentPlace } from './positions.ts'
import { readStory, type Story, type StoryStep } from './story.ts'
import { runAction, type ActionResult } from './run-action.ts'
import { startGitHub, type EmbeddedGitHub } from './github.ts'
import { baseSha, branchTip, type PullRequest } from './state.ts'
import type { Paint, ShownComment } from './demo-view.ts'

export interface DemoOptions {
  /** the built Action, `dist/main.js` */
  readonly actionPath: string
  /** the examples directory of the package, with `app/` and `history/` */
  readonly examples: string
  readonly output: (line: string) => void
  readonly color: boolean
}

const REPOSITORY = 'ada/shop'
const BRANCH = 'categories'
/** What the story leads to: a new violation, the same one again, none. */
const EXPECTED_EXITS = [1, 1, 0]

/** Plays the story. Resolves to 0 if each run ended as the story expects, else to 1. Throws if git or the Action cannot be started. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const story = readStory(options.examples)
  const github = await startGitHub()
  try {
    return await play(github, story, options)
  } finally {
    await github.close()
  }
}

interface Stage {
  readonly github: EmbeddedGitHub
  readonly options: DemoOptions
  readonly paint: Paint
  readonly token: string
}

async function play(github: EmbeddedGitHub, story: Story, options: DemoOptions): Promise<number> {
  const paint = createPaint(options.color)
  const token = github.createToken({ contents: 'read', 'pull-requests': 'write', checks: 'write' })
  const stage: Stage = { github, options, paint, token }
  github.createRepository(REPOSITORY, story.application)
  options.output(
    `${paint.bold('PhaseGate demo')}: the Action reviews ${REPOSITORY} on an embedded GitHub at ${github.url}`,
  )
  options.output(
    paint.dim(
      'One pull request, three pushes. After each the built Action runs as on a runner; nothing leaves this machine.',
    ),
  )
  let pull: PullRequest | null = null
  const exits: (number | null)[] = []
  for (const [at, step] of story.steps.entries()) {
    const action = pull === null ? 'opened' : 'synchronize'
    const before = pull === null ? NOTHING : whatIsThere(github, pull)
    options.output('')
    options.output(heading(paint, `${at + 1}. Ada ${at === 0 ? 'opens a pull request' : 'pushes'}: ${step.title}`))
    pull = author(stage, pull, step)
    exits.push(await review(stage, pull, { action, runId: at + 1, before }))
  }
  const asTold = exits.every((exit, at) => exit === EXPECTED_EXITS[at])
  options.output('')
  options.output(
    asTold
      ? paint.dim(`${github.requests.length} requests to the embedded GitHub.`)
      : paint.red(`The runs ended with ${exits.join(', ')}; the story expects ${EXPECTED_EXITS.join(', ')}.`),
  )
  for (const violation of github.violations()) options.output(paint.red(`GitHub would have objected: ${violation}`))
  return asTold && github.violations().length === 0 ? 0 : 1
}

/** Commits a step, opens the pull request with the first one, and shows the change. */
function author({ github, options, paint }: Stage, pull: PullRequest | null, step: StoryStep): PullRequest {
  const message = `${step.title}\n\n${step.body}`.trim()
  const before = pull?.headSha ?? null
  if (pull !== null) github.pushToPullRequest(pull, step.files, { message })
  else github.commit(REPOSITORY, BRANCH, step.files, { message })
  const opened =
    pull ??
    github.openPullRequest({ repository: REPOSITORY, head: BRANCH, title: step.title, body: step.body, author: 'ada' })
  const { history } = opened.repository.network
  const files = history.diff(before ?? branchTip(opened.repository, 'main') ?? baseSha(opened), opened.headSha)
  for (const line of indent(diffLines(paint, files))) options.output(line)
  return opened
}

/** What people can read on the pull request. */
interface Seen {
  readonly comments: readonly ShownComment[]
  /** bodies of reviews by id */
  readonly reviews: ReadonlyMap<number, string>
}

const NOTHING: Seen = { comments: [], reviews: new Map() }

function whatIsThere(github: EmbeddedGitHub, pull: PullRequest): Seen {
  const comments = github.comments(pull).map(({ id, body, thread }) => {
    const { line } = currentPlace(thread)
    return { id, body, path: thread.path, line }
  })
  return { comments, reviews: new Map(github.reviews(pull).map((it) => [it.id, it.body])) }
}

interface ReviewRun {
  readonly action: string
  readonly runId: number
  /** as it was before the push */
  readonly before: Seen
}

/** Runs the Action on the head of the pull request and shows what it left there. Returns its exit code. */
async function review(stage: Stage, pull: PullRequest, { action, runId, before }: ReviewRun): Promise<number | null> {
  const { github, options, paint } = stage
  const result: ActionResult = await runAction({
    actionPath: options.actionPath,
    event: github.eventPayload({ kind: 'pull_request', pull, action }),
    github,
    inputs: { 'github-token': stage.token },
    runId,
  })
  const say = (lines: readonly string[]): void => {
    for (const line of indent(lines)) options.output(line)
  }
  const after = whatIsThere(github, pull)
  const known = new Set(before.comments.map((comment) => comment.id))
  options.output('')
  say(commentLines(paint, before.comments, after.comments))
  if (after.comments.every((comment) => known.has(comment.id))) say([paint.dim('No new comment.')])
  for (const [id, body] of after.reviews) {
    const old = before.reviews.get(id)
    if (body === '' || body === old) continue
    const lines = old === undefined ? markdownLines(paint, body) : editedLines(paint, old, body)
    say([paint.bold(old === undefined ? 'New review' : 'Review edited'), ...lines])
  }
  say(github.checkRuns(pull.headSha).map((check) => checkLine(paint, check)))
  say(resultLines(paint, result))
  return result.exitCode
}
