// A sentence whose names are kept apart from its words, so that one wording serves Markdown, terminals and annotations alike.
import { type Markdown, code, join, text } from './markdown.ts'
import { visible } from './visible.ts'

/** A name, path or piece of source inside a sentence. */
export interface Name {
  readonly name: string
}

/** Words and names in turn. Words are escaped too where the channel needs it, so nothing depends on who wrote them. */
export type Phrase = readonly (string | Name)[]

export function name(value: string): Name {
  return { name: value }
}

export function toMarkdown(phrase: Phrase): Markdown {
  return join(
    phrase.map((part) => (typeof part === 'string' ? text(part) : code(part.name))),
    '',
  )
}

/** For places without markup: names stand as they are, invisible characters escaped. */
export function toPlain(phrase: Phrase): string {
  return phrase.map((part) => visible(typeof part === 'string' ? part : part.name)).join('')
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** `a`, `a and b`, `a, b and c`. */
export function enumerated(names: readonly Name[]): Phrase {
  return names.flatMap((n, i): Phrase => (i === 0 ? [n] : [i === names.length - 1 ? ' and ' : ', ', n]))
}
