// Packages that cannot reach a database, whatever they are given, and that change nothing they get. The standard library is one of them.
// Calls of these are silent; what the standard library does run or change is modelled in natives/.
import { isStandard } from '../../program/roots.ts'

/** Packages whose calls never matter: they cannot reach a database, whatever they are given. */
const PURE: ReadonlySet<string> = new Set([
  'pydantic',
  'pydantic_settings',
  'attr',
  'attrs',
  'numpy',
  'yaml',
  'click',
  'rich',
  'jinja2',
  'markdown',
  'dateutil',
  'pytz',
  'packaging',
  'typing_extensions',
  'msgspec',
  'orjson',
  'loguru',
  'structlog',
  'gql',
  'httpx',
  'requests',
  'aiohttp',
])

/** Whether a call of this access path neither reaches a database nor keeps or changes its arguments. */
export function isPure(path: string): boolean {
  return isStandard(path) || PURE.has(path.split('.')[0] ?? '')
}
