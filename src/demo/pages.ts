// Lists in pages, as the service cuts them: `per_page` 30 by default and 100 at most, neighbours named in the `Link` header.
// The addresses in that header use `/repositories/{id}`, as on the real service: a client that rebuilds them from its own route
// or follows them must manage with both forms.
import { json, type Reply, type RouteContext } from './replies.ts'

const DEFAULT_PAGE = 30
const LARGEST_PAGE = 100

export interface Page<T> {
  readonly items: readonly T[]
  readonly headers: Readonly<Record<string, string>>
}

export function pageOf<T>({ host, request, repository }: RouteContext, all: readonly T[]): Page<T> {
  const size = Math.min(positive(request.query.get('per_page'), DEFAULT_PAGE), LARGEST_PAGE)
  const page = positive(request.query.get('page'), 1)
  const last = Math.max(1, Math.ceil(all.length / size))
  const rest = request.path.split('/').slice(4).map(encodeURIComponent).join('/')
  const address = (number: number): string => {
    const query = new URLSearchParams([...request.query])
    query.set('page', `${number}`)
    return `<${host.apiUrl}/repositories/${repository.id}/${rest}?${query.toString()}>`
  }
  const links: string[] = []
  if (page > 1) links.push(`${address(page - 1)}; rel="prev"`)
  if (page < last) links.push(`${address(page + 1)}; rel="next"`, `${address(last)}; rel="last"`)
  if (page > 1) links.push(`${address(1)}; rel="first"`)
  return {
    items: all.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  }
}

/** A page as a JSON list. */
export function listReply<T>(context: RouteContext, all: readonly T[], render: (item: T) => unknown): Reply {
  const { items, headers } = pageOf(context, all)
  return json(
    items.map((item) => render(item)),
    200,
    headers,
  )
}

function positive(text: string | undefined, fallback: number): number {
  const number = Number(text ?? fallback)
  return Number.isInteger(number) && number > 0 ? number : fallback
}
