// Commands of the command line and what becomes of their errors: one line each, exit 2 for usage and configuration, exit 3 for everything else
// that went wrong. A stack trace only with PHASEGATE_DEBUG.
import { fileURLToPath } from 'node:url'
import { ConfigurationError } from '../config/model.ts'
import { takesColor } from './color.ts'
import { runDemo } from '../demo/demo.ts'
import { logSafe } from '../report/visible.ts'
import { boundHeapGrowth } from '../review/memory.ts'
import { meant } from './arguments.ts'
import { check } from './check.ts'
import { explainText, rulesText } from './explain.ts'
import { graph } from './graph.ts'
import { HELP } from './help.ts'
import { init } from './init.ts'
import { IncompleteError } from './sources.ts'
import { TOOL_VERSION } from '../text/version.ts'

const COMMANDS = ['check', 'graph', 'explain', 'rules', 'init', 'demo', 'help'] as const

export async function main(argv: readonly string[]): Promise<number> {
  boundHeapGrowth()
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe)
  try {
    return await command(argv)
  } catch (error) {
    return failed(error)
  }
}

/** Whoever reads may stop reading (`| head`): the exit code is still the result. */
function ignoreClosedPipe(error: Error): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error
}

async function command(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv
  if (name !== undefined && !name.startsWith('-') && (rest.includes('--help') || rest.includes('-h')))
    return print(HELP.trimEnd())
  switch (name) {
    case 'check':
      return check(rest)
    case 'graph':
      return print(await graph(rest))
    case 'rules':
      if (rest.length > 0) throw new ConfigurationError(`rules takes no arguments: ${rest.join(' ')}`)
      return print(rulesText())
    case 'explain': {
      if (rest.length !== 1) throw new ConfigurationError('explain: one rule is wanted; `phasegate rules` lists them')
      return print(explainText(rest[0] ?? ''))
    }
    case 'init':
      return print(await init(rest))
    case 'demo':
      if (rest.length > 0) throw new ConfigurationError(`demo takes no arguments: ${rest.join(' ')}`)
      return demo()
    case '--version':
      return print(TOOL_VERSION)
    case '--help':
    case '-h':
    case 'help':
      return print(HELP.trimEnd())
    case undefined:
      process.stderr.write(HELP)
      return 2
    default:
      throw new ConfigurationError(`${name}: no such command; ${meant(name, COMMANDS) ?? 'see phasegate --help'}`)
  }
}

function print(text: string): 0 {
  process.stdout.write(`${text}\n`)
  return 0
}

async function demo(): Promise<number> {
  const here = new URL('.', import.meta.url)
  try {
    return await runDemo({
      actionPath: fileURLToPath(new URL('main.js', here)),
      examples: fileURLToPath(new URL('../examples', here)),
      output: (line) => process.stdout.write(`${line}\n`),
      color: takesColor(process.stdout, process.env),
    })
  } catch (error) {
    if (isMissing(error)) throw new ConfigurationError(`demo: ${error.message}`, { cause: error })
    throw error
  }
}

/** Something that the demo needs is not on this machine: git, or a file of the package. */
function isMissing(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  return [error, error.cause].some((it) => it instanceof Error && 'code' in it && it.code === 'ENOENT')
}

function failed(error: unknown): 2 | 3 {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`phasegate: ${logSafe(message.split('\n')[0] ?? message)}\n`)
  if (process.env['PHASEGATE_DEBUG'] !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`)
  if (error instanceof ConfigurationError) return 2
  if (!(error instanceof IncompleteError))
    process.stderr.write('phasegate: this is an internal error; PHASEGATE_DEBUG=1 shows where\n')
  return 3
}
