// What a run of the Action says to the runner, as values: the part of @actions/core that it speaks through, without a process to write to.
// Must stay true: the text is byte for byte what @actions/core writes; a test compares the two.
import type { Toolkit } from '../../src/action/log.ts'

export interface RecordedToolkit extends Toolkit {
  /** everything that would stand in standard output */
  readonly written: () => string
  /** the outputs of the step, as they are by now */
  readonly outputs: () => Readonly<Record<string, string>>
}

export function recordedToolkit(): RecordedToolkit {
  const lines: string[] = []
  const outputs = new Map<string, string>()
  const command = (name: string, message: string | Error, properties: Properties = {}): void =>
    void lines.push(`::${name}${inWords(properties)}::${escaped(String(message))}\n`)
  return {
    info: (message) => void lines.push(`${message}\n`),
    debug: (message) => command('debug', message),
    error: (message, properties) => command('error', message, properties),
    warning: (message, properties) => command('warning', message, properties),
    notice: (message, properties) => command('notice', message, properties),
    setSecret: (secret) => command('add-mask', secret),
    setOutput: (name, value) => void outputs.set(name, String(value)),
    written: () => lines.join(''),
    outputs: () => Object.fromEntries(outputs),
  }
}

type Properties = NonNullable<Parameters<Toolkit['error']>[1]>

function inWords({ title, file, startLine, endLine }: Properties): string {
  const given = Object.entries({ title, file, line: startLine, endLine }).filter(([, value]) => Boolean(value))
  const words = given.map(
    ([name, value]) => `${name}=${escaped(String(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
  )
  return words.length === 0 ? '' : ` ${words.join(',')}`
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}
