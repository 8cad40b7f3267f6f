// One content of a file: its text and what is known of it, its statements only while somebody needs them. Statements cost twenty times their text,
// and lowering them again costs no more than reading them from a cache would.
import { lineStarts } from '../text/lines.ts'
import { lowerModule, lowerSource } from './lower.ts'
import type { ModuleHead, ModuleIr, Stmt } from './model.ts'

export interface ModuleContent {
  readonly ir: ModuleIr
  readonly text: string
}

/** The head of a module, alone: without the statements and what can be computed from the text. */
export function headOf(ir: ModuleIr): ModuleHead {
  const { imports, classes, names, rebound, attributeStores, lazyAnnotations, suppressions, problems } = ir
  return { imports, classes, names, rebound, attributeStores, lazyAnnotations, suppressions, problems }
}

/** A content that was not lowered in this run. `readText` is asked once, when the text or something made from it is wanted. */
export function storedContent(head: ModuleHead, readText: () => string): ReleasableContent {
  return content(head, readText, null)
}

/** The content of a file's bytes. Never throws. */
export function loweredContent(bytes: Uint8Array): ReleasableContent {
  const { ir, text } = lowerModule(bytes)
  return content(headOf(ir), () => text, ir.body)
}

export interface ReleasableContent extends ModuleContent {
  /** Gives the statements up; they come back when somebody asks for them. */
  readonly release: () => void
}

function content(head: ModuleHead, readText: () => string, lowered: readonly Stmt[] | null): ReleasableContent {
  let known: string | null = null
  let body = lowered
  let lines: readonly number[] | null = null
  const text = (): string => (known ??= readText())
  const ir: ModuleIr = {
    ...head,
    get body() {
      return (body ??= lowerSource(text()).body)
    },
    get lines() {
      return (lines ??= lineStarts(text()))
    },
  }
  return {
    ir,
    get text() {
      return text()
    },
    release: () => {
      body = null
      lines = null
    },
  }
}
