// What must never stand in Markdown that we post, whatever the analysed tree holds: links and mentions of others, HTML, headings, fences that
// never close, invisible characters. Judged by the reader of code spans and fences, not by the renderers.
import { readMarkdown } from './markdown-reader.ts'

const HEADINGS =
  /^#{2,3} (?:Incomplete|New findings|Not comparable with the base|Changes to the gate itself|Notices|Fixed|Suppressed|There before|Not followed|Not posted on a line|\d+ new findings;.*)$/

/** Everything in posted Markdown that is not ours. */
export function harms(markdown: string): string[] {
  const { outside, openFence, fences } = readMarkdown(markdown)
  const withoutLinks = outside.replace(/(?<!\\)\]\(https:\/\/github\.com\/acme\/shop\/[\w./%#-]*\)/g, '')
  const found = (pattern: RegExp, text = withoutLinks): string[] => text.match(pattern) ?? []
  const folds = found(/<details>/g).length - found(/<\/details>/g).length
  return [
    ...(openFence ? ['open fence'] : []),
    ...(folds === 0 ? [] : ['open fold']),
    ...fences.map((f) => f.info).filter((info) => !['python', 'mermaid', 'suggestion', 'diff'].includes(info)),
    ...found(/@(?!\u200B).*/g),
    ...found(/<(?!\/?(?:details|summary|code)>).*/g),
    ...found(/(?<!\\)\]\(.*/g),
    ...found(/:\/\/.*|www\..*/g),
    ...found(/^ {0,3}#.*/gm).filter((line) => !HEADINGS.test(line)),
    ...found(/^.+\n {0,3}(?:=+|-+) *$/gm),
    ...found(/[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[^\P{Cc}\n\t]/gu, markdown.replaceAll('\u200B', '')),
  ]
}
