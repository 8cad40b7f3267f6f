// One content of a file: its text and what is known of it, its statements only while somebody needs them. Statements cost twenty times their text,
// and lowering them again costs no more than reading them from a cache would.
import { lineStarts } from '../text/lines.ts'
import { lowerModule, lowerSource } from './lower.ts'
import type { ModuleHead, ModuleIr, Stmt } from './model.ts'

export interface ModuleContent {
  readonly ir: ModuleIr
  readonly text: string
  /** A plain value that follows from the content alone, made once and kept with it; `name` says what it is. */
  readonly derive: <T>(name: string, make: (ir: ModuleIr) => T) => T
}

/** The head of a module, alone: without the statements and what can be computed from the text. */
export function headOf(ir: ModuleHead): ModuleHead {
  const { imports, classes, names, rebound, attributeStores, moduleStores } = ir
  const { lazyAnnotations, suppressions, problems } = ir
  return { imports, classes, names, rebound, attributeStores, moduleStores, lazyAnnotations, suppressions, problems }
}

/**
 * A content that was not lowered in this run. Each part is asked once, when it or something made from it is wanted; a head that is no head
 * (null) is made from the text again.
 */
export function storedContent(readHead: () => StoredHead | null, readText: () => string): ReleasableContent {
  return content(() => readHead() ?? { ...headOf(lowerSource(readText())), derived: {} }, readText, null)
}

/** A content that another thread lowered: as good as lowered here, and as new. */
export function foundContent(head: StoredHead, text: string): ReleasableContent {
  return content(
    () => head,
    () => text,
    null,
    true,
  )
}

/** The content of a file's bytes. Never throws. */
export function loweredContent(bytes: Uint8Array): ReleasableContent {
  const { ir, text } = lowerModule(bytes)
  const head = { ...headOf(ir), derived: {} }
  return content(
    () => head,
    () => text,
    ir.body,
  )
}

/** What a cache keeps of a content besides its text. */
export interface StoredHead extends ModuleHead {
  readonly derived: Readonly<Record<string, unknown>>
}

export interface ReleasableContent extends ModuleContent {
  /** what is to be kept, or null when that is what it was made from */
  readonly news: () => StoredHead | null
  /** Gives the statements up; they come back when somebody asks for them. */
  readonly release: () => void
}

function content(
  readHead: () => StoredHead,
  readText: () => string,
  lowered: readonly Stmt[] | null,
  isFound = lowered !== null,
): ReleasableContent {
  let known: string | null = null
  let body = lowered
  let lines: readonly number[] | null = null
  let isNew = isFound
  let made: { readonly ir: ModuleIr; readonly derived: Map<string, unknown> } | null = null
  const text = (): string => (known ??= readText())
  const parts = (): NonNullable<typeof made> => {
    if (made !== null) return made
    const head = readHead()
    const ir: ModuleIr = {
      ...headOf(head),
      get body() {
        return (body ??= lowerSource(text()).body)
      },
      get lines() {
        return (lines ??= lineStarts(text()))
      },
    }
    made = { ir, derived: new Map(Object.entries(head.derived)) }
    return made
  }
  return {
    get ir() {
      return parts().ir
    },
    get text() {
      return text()
    },
    derive: <T>(name: string, make: (ir: ModuleIr) => T): T => {
      const { ir, derived } = parts()
      const found = derived.get(name)
      if (found !== undefined) return found as T
      const value = make(ir)
      derived.set(name, value)
      isNew = true
      return value
    },
    news: () => (isNew ? { ...headOf(parts().ir), derived: Object.fromEntries(parts().derived) } : null),
    release: () => {
      body = null
      lines = null
    },
  }
}
