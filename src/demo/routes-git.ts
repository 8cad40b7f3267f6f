// Routes that read git: the repository, comparisons, trees, blobs, commits.
// An object can be read through every repository of a network, also after the fork that brought it was deleted.
import { gzipSync } from 'node:zlib'
import { renderCommit, renderFullRepository, renderGitCommit, repositoryUrl } from './render-repository.ts'
import { renderFile } from './render-pull.ts'
import { commitNamed, type Repository } from './state.ts'
import { emptyRepository, json, notFound, refusal, type Reply, type Route, type RouteContext } from './replies.ts'
import { pageOf } from './pages.ts'
import type { TreeEntry } from './changes.ts'

const SHA = /^[0-9a-f]{40}$/
const CONTENTS = { name: 'contents', level: 'read' } as const

export const gitRoutes = (): readonly Route[] => [
  {
    method: 'GET',
    path: '/repos/:owner/:repo',
    right: null,
    answer: ({ host, repository }) => json(renderFullRepository(host, repository)),
  },
  { method: 'GET', path: '/repos/:owner/:repo/compare/*basehead', right: CONTENTS, answer: compare },
  { method: 'GET', path: '/repos/:owner/:repo/git/trees/*tree', right: CONTENTS, answer: tree },
  { method: 'GET', path: '/repos/:owner/:repo/git/blobs/:sha', right: CONTENTS, answer: blob },
  { method: 'GET', path: '/repos/:owner/:repo/git/commits/:sha', right: CONTENTS, answer: commit },
  { method: 'GET', path: '/repos/:owner/:repo/tarball/:sha', right: CONTENTS, answer: archiveLink },
  { method: 'GET', path: '/repos/:owner/:repo/legacy.tar.gz/:sha', right: CONTENTS, answer: archive },
]

/** The service answers with a link to another host, which packs what the tree's own attributes allow. */
function archiveLink({ host, repository, params }: RouteContext): Reply {
  const location = `${repositoryUrl(host, repository)}/legacy.tar.gz/${params['sha'] ?? ''}`
  return { status: 302, body: null, headers: { location } }
}

function archive({ repository, params }: RouteContext): Reply {
  const sha = params['sha'] ?? ''
  const { history, store } = repository.network
  if (!SHA.test(sha) || history.commit(sha) === null) return missing(repository)
  const prefix = `${repository.fullName.replace('/', '-')}-${sha.slice(0, 7)}/`
  const tar = store.run(['archive', '--format=tar', `--prefix=${prefix}`, sha]).stdout
  return { status: 200, body: gzipSync(tar), headers: { 'content-type': 'application/x-gzip' } }
}

/** What a missing object is answered with: an empty repository says so. */
function missing(repository: Repository): Reply {
  return repository.network.store.refs.size === 0 ? emptyRepository() : notFound()
}

function commit({ host, repository, params }: RouteContext): Reply {
  const found = SHA.test(params['sha'] ?? '') ? repository.network.history.commit(params['sha'] ?? '') : null
  return found === null ? missing(repository) : json(renderGitCommit(host, repository, found))
}

function compare(context: RouteContext): Reply {
  const { host, repository, params } = context
  const { history } = repository.network
  const [base, head] = (params['basehead'] ?? '')
    .split('...', 2)
    .map((name) => commitNamed(host.state, repository, name))
  if (base === undefined || base === null || head === undefined || head === null) return notFound()
  const mergeBase = history.mergeBase(base, head)
  if (mergeBase === null) return refusal(404, `No common ancestor between ${base} and ${head}.`)
  const [baseCommit, mergeBaseCommit] = [history.commit(base), history.commit(mergeBase)]
  if (baseCommit === null || mergeBaseCommit === null) return notFound()
  const ahead = history.between(base, head)
  const behind = history.between(head, base)
  const page = pageOf(context, ahead)
  const files = history.diff(mergeBase, head).slice(0, host.limits.compareFiles)
  const url = `${repositoryUrl(host, repository)}/compare/${base}...${head}`
  const html = `${host.htmlUrl}/${repository.fullName}/compare/${base}...${head}`
  const status =
    ahead.length > 0 ? (behind.length > 0 ? 'diverged' : 'ahead') : behind.length > 0 ? 'behind' : 'identical'
  const body = {
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: renderCommit(host, repository, baseCommit),
    merge_base_commit: renderCommit(host, repository, mergeBaseCommit),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: page.items.flatMap((sha) => {
      const found = history.commit(sha)
      return found === null ? [] : [renderCommit(host, repository, found)]
    }),
    files: files.map((file) => renderFile(host, repository, file, head)),
  }
  return json(body, 200, page.headers)
}

/** `recursive` is on with any value at all, `false` and `0` included, as the documentation warns. */
function tree({ host, request, repository, params }: RouteContext): Reply {
  const name = params['tree'] ?? ''
  const { store, history } = repository.network
  const sha = SHA.test(name) ? name : commitNamed(host.state, repository, name)
  const type = sha === null ? undefined : store.objects([sha]).get(sha)?.type
  if (sha === null || (type !== 'tree' && type !== 'commit')) return missing(repository)
  const entries = history.tree(sha, request.query.has('recursive'))
  const url = repositoryUrl(host, repository)
  return json({
    sha,
    url: `${url}/git/trees/${sha}`,
    tree: entries.slice(0, host.limits.treeEntries).map((entry) => renderEntry(url, entry)),
    truncated: entries.length > host.limits.treeEntries,
  })
}

function renderEntry(url: string, { path, mode, type, sha, size }: TreeEntry): Record<string, unknown> {
  if (type === 'commit') return { path, mode, type, sha }
  const entry = { path, mode, type, sha, url: `${url}/git/${type}s/${sha}` }
  return size === null ? entry : { ...entry, size }
}

const BASE64_LINE = 60

/** Base64 in lines of 60, or the bytes themselves for the raw media type. */
function blob({ host, request, repository, params }: RouteContext): Reply {
  const sha = params['sha'] ?? ''
  if (!SHA.test(sha)) return refusal(422, 'The sha parameter must be exactly 40 characters and contain only [0-9a-f].')
  const found = repository.network.store.objects([sha]).get(sha)
  if (found?.type !== 'blob') return missing(repository)
  if (/application\/vnd\.github\.(v3\.)?raw/.test(request.accept)) {
    const type = `application/vnd.github.v3.raw${host.dialect.rawCharset ? '; charset=utf-8' : ''}`
    return { status: 200, body: found.content, headers: { 'content-type': type } }
  }
  const base64 = found.content.toString('base64')
  return json({
    sha,
    node_id: `B_${sha}`,
    size: found.content.length,
    url: `${repositoryUrl(host, repository)}/git/blobs/${sha}`,
    content: base64.replaceAll(new RegExp(`.{1,${BASE64_LINE}}`, 'g'), '$&\n'),
    encoding: 'base64',
  })
}
