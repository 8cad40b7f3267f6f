// The Actions runner's reading of a step's output, written from the description in src/Runner.Common/ActionCommand.cs: which lines it obeys.
// Used to prove that output contains our commands only.

const COMMANDS = new Set([
  'error',
  'warning',
  'notice',
  'debug',
  'group',
  'endgroup',
  'add-mask',
  'stop-commands',
  'set-output',
  'set-env',
  'add-path',
  'save-state',
  'add-matcher',
  'remove-matcher',
  'echo',
  'section',
  'command',
])

/** The commands of an output, in order: `::name …::` at the start of a line, `##[name …]` anywhere in one. A lone CR starts a line. */
export function obeyed(output: string): string[] {
  return output.split(/\r\n|\n|\r/).flatMap((line) => {
    const second = secondForm(line) ?? firstForm(line)
    return second === null ? [] : [second]
  })
}

function secondForm(line: string): string | null {
  const trimmed = line.trimStart()
  if (!trimmed.startsWith('::')) return null
  const end = trimmed.indexOf('::', 2)
  return end < 0 ? null : known(trimmed.slice(2, end))
}

function firstForm(line: string): string | null {
  const start = line.indexOf('##[')
  const end = start < 0 ? -1 : line.indexOf(']', start)
  return end < 0 ? null : known(line.slice(start + 3, end))
}

function known(head: string): string | null {
  const name = (head.split(' ')[0] ?? '').toLowerCase()
  return COMMANDS.has(name) ? name : null
}
