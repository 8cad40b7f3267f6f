// Which files contain a text: asked by content, so that every content is read and searched once, however many trees hold it.
// Must stay true: equal ids mean equal contents (program/model.ts); what cannot be read has no answer and is asked again. Between runs only
// answers about contents that are named for ever are kept.
import { isContentId } from '../../program/blob-id.ts'
import type { Program } from '../../program/program.ts'
import { matchingPaths } from '../../text/glob.ts'
import type { TextStore } from '../evidence/fact-store.ts'

export interface ContentSearch {
  /** Whether each of the files contains the text; files that cannot be read are left out. */
  ask(program: Program, files: readonly string[], text: string): Promise<ReadonlyMap<string, boolean>>
  /** Gives the bytes back; answers stay. */
  forget(): void
  /** Keeps new answers for later runs. */
  keep(): void
}

/** `texts`: where answers of earlier runs are, if anywhere. */
export function createContentSearch(texts: TextStore | null = null): ContentSearch {
  const contents = new Map<string, Uint8Array>()
  const answers = new Map<string, Map<string, boolean>>()
  const isNew = new Set<string>()
  const answersTo = (text: string): Map<string, boolean> => {
    const known = answers.get(text) ?? keptAnswers(texts?.get(keyOf(text)) ?? null)
    answers.set(text, known)
    return known
  }
  return {
    ask: async (program, files, text) => {
      const known = answersTo(text)
      const idOf = (file: string): string => program.contentId(file) ?? program.files.get(file)?.id ?? ''
      let ids = files.map(idOf)
      const missing = files.filter((_, at) => {
        const id = ids[at] ?? ''
        return !known.has(id) && !contents.has(id)
      })
      if (missing.length > 0) {
        for (const [file, bytes] of await program.scan(missing)) contents.set(idOf(file), bytes)
        ids = files.map(idOf)
      }
      const out = new Map<string, boolean>()
      for (const [at, file] of files.entries()) {
        const id = ids[at] ?? ''
        let answer = known.get(id)
        if (answer === undefined) {
          const bytes = contents.get(id)
          if (bytes === undefined) continue
          answer = contains(bytes, text)
          known.set(id, answer)
          if (program.contentId(file) !== null) isNew.add(text)
        }
        out.set(file, answer)
      }
      return out
    },
    forget: () => contents.clear(),
    keep: () => {
      for (const text of isNew) texts?.set(keyOf(text), keptText(answers.get(text) ?? new Map()))
      isNew.clear()
    },
  }
}

const keyOf = (text: string): string => `contains:${text}`

/** Answers about so many contents are kept for one text, the newest ones. */
const MOST_KEPT = 50_000

/** `1` and `0` before each id. Ids that hold within one run are left out. */
function keptText(answers: ReadonlyMap<string, boolean>): string {
  const lasting = [...answers].filter(([id]) => isContentId(id)).slice(-MOST_KEPT)
  return lasting.map(([id, answer]) => `${answer ? 1 : 0}${id}`).join('\n')
}

function keptAnswers(text: string | null): Map<string, boolean> {
  const lines = text === null || text === '' ? [] : text.split('\n')
  return new Map(lines.map((line) => [line.slice(1), line.startsWith('1')]))
}

function contains(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text)
}

/** A remote tree up to this size is searched by content as a whole: at 50 files a query that is 40 queries, which base and head share. */
const SEARCHED_FILES = 2000
const SEARCHED_BYTES = 8_000_000

/** Names under which applications are usually built: where a larger remote tree is searched by content. */
const LIKELY = [
  '**/{api,app,apps,main,wsgi,asgi,manage,__init__,factory,application,server,celery,celeryapp,worker,tasks,create_app,run}.py',
]

/** A program and what answers questions about the contents of its files. */
export interface Searchable {
  readonly program: Program
  readonly search: ContentSearch
}

/** Which of the files contain a text. Of large remote trees, files with usual names are asked for. */
export async function filesContaining(
  { program, search }: Searchable,
  files: readonly string[],
  text: string,
): Promise<string[]> {
  const candidates = isSearchable(program) ? files : matchingPaths(files, LIKELY)
  const answers = await search.ask(program, candidates, text)
  return candidates.filter((file) => answers.get(file) === true)
}

function isSearchable(program: Program): boolean {
  if (!program.remote || program.files.size <= 1) return true
  let bytes = 0
  for (const { size } of program.files.values()) bytes += size
  return program.files.size <= SEARCHED_FILES && bytes <= SEARCHED_BYTES
}
