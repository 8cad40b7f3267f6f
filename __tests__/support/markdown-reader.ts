// Reads Markdown as a host does, as far as the tests need it: what is code and what is not. Written from CommonMark 0.31 (4.5, 6.1)
// and independent of the renderers, so that it can judge them.

export interface Read {
  /** everything that is not code, in order; each piece of code is one U+FFFC */
  readonly outside: string
  readonly spans: readonly string[]
  readonly fences: readonly { readonly info: string; readonly content: string }[]
  /** a fence that never closes swallows the rest of the document */
  readonly openFence: boolean
}

const CODE = '\uFFFC'

export function readMarkdown(markdown: string): Read {
  const fences: { info: string; content: string }[] = []
  const blocks: string[][] = [[]]
  let open: { mark: string; info: string; lines: string[] } | null = null
  for (const line of markdown.split('\n')) {
    const mark: RegExpExecArray | null = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line)
    if (open !== null) {
      const closes = mark !== null && mark[1]?.startsWith(open.mark) === true && mark[2]?.trim() === ''
      if (closes) {
        fences.push({ info: open.info, content: open.lines.join('\n') })
        open = null
      } else open.lines.push(line)
    } else if (mark !== null) {
      open = { mark: mark[1] ?? '', info: (mark[2] ?? '').trim(), lines: [] }
      blocks.push([CODE], [])
    } else if (line.trim() === '' || /^(?:- |\d+\. |#|\||<)/.test(line)) blocks.push([line])
    else blocks.at(-1)?.push(line)
  }
  const spans: string[] = []
  const outside = blocks.map((lines) => withoutSpans(lines.join('\n'), spans)).join('\n')
  return { outside, spans, fences, openFence: open !== null }
}

function withoutSpans(block: string, spans: string[]): string {
  let outside = ''
  for (let at = 0; at < block.length; ) {
    const rest = block.slice(at)
    const run = /^`+/.exec(rest)?.[0] ?? ''
    const end = run === '' ? -1 : closing(rest, run.length)
    if (end >= 0) {
      spans.push(stripped(rest.slice(run.length, end)))
      outside += CODE
      at += end + run.length
    } else {
      const taken = run !== '' ? run : /^\\[!-/:-@[-`{-~]/.exec(rest) !== null ? rest.slice(0, 2) : rest.slice(0, 1)
      outside += taken
      at += taken.length
    }
  }
  return outside
}

function closing(text: string, length: number): number {
  for (const match of text.matchAll(/`+/g)) if (match.index > 0 && match[0].length === length) return match.index
  return -1
}

function stripped(content: string): string {
  return /^ .* $/s.test(content) && content.trim() !== '' ? content.slice(1, -1) : content
}
