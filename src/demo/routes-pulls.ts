// Routes that read pull requests and the list of their files. The list comes from the three-dot diff, is cut at the documented
// limit without a word, and its `patch` fields are git's own.
import { filesOf } from './positions.ts'
import { listReply } from './pages.ts'
import { renderFile, renderFullPull, renderPull } from './render-pull.ts'
import { integer, json, notFound, refusal, type Reply, type Route, type RouteContext } from './replies.ts'
import { pullNumbered, type PullRequest } from './state.ts'

const READ = { name: 'pull-requests', level: 'read' } as const

export const pullRoutes = (): readonly Route[] => [
  { method: 'GET', path: '/repos/:owner/:repo/pulls', right: READ, answer: list },
  { method: 'GET', path: '/repos/:owner/:repo/pulls/:number', right: READ, answer: withPull(one) },
  { method: 'GET', path: '/repos/:owner/:repo/pulls/:number/files', right: READ, answer: withPull(files) },
]

/** Finds the pull request that the route names; 404 if there is none. */
export function withPull(
  answer: (context: RouteContext, pull: PullRequest) => Reply,
): (context: RouteContext) => Reply {
  return (context) => {
    const pull = pullNumbered(context.host.state, context.repository, integer(context.params['number']))
    return pull === undefined ? notFound() : answer(context, pull)
  }
}

/** The diff media types refuse large changes; here they always do, because nobody may depend on them. */
function one({ host, request }: RouteContext, pull: PullRequest): Reply {
  if (/\.(diff|patch)\b/.test(request.accept))
    return refusal(406, 'Sorry, the diff exceeded the maximum number of files (300).', [
      { resource: 'PullRequest', field: 'diff', code: 'too_large' },
    ])
  return json(renderFullPull(host, pull))
}

function files(context: RouteContext, pull: PullRequest): Reply {
  const { host, repository } = context
  const listed = filesOf(pull).slice(0, host.limits.pullFiles)
  return listReply(context, listed, (file) => renderFile(host, repository, file, pull.headSha))
}

function list(context: RouteContext): Reply {
  const { host, request, repository } = context
  const wanted = request.query.get('state') ?? 'open'
  const [head, base] = [request.query.get('head'), request.query.get('base')]
  const found = host.state.pulls.filter(
    (pull) =>
      pull.repository === repository &&
      (wanted === 'all' || pull.state === wanted) &&
      (base === undefined || pull.baseRef === base) &&
      // A filter without `owner:` is ignored by the service.
      (head === undefined || !head.includes(':') || head === `${pull.headRepository.owner.login}:${pull.headRef}`),
  )
  return listReply(context, found.toReversed(), (pull) => renderPull(host, pull))
}
