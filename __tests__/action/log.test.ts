// Nothing foreign may become a command of the runner. The runner's own reading of a line is ported here: `::command` at the start of a line,
// `##[command]` anywhere in one, lines ended by LF, CR LF or a lone CR (actions/runner, src/Runner.Common/ActionCommand.cs).
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import * as core from '@actions/core'
import { createLog, type Log } from '../../src/action/log.ts'
import { recordedToolkit } from '../support/recorded-toolkit.ts'

const log = createLog(core)
const { annotate, complain, hide, say, sayBlock, sayDebug } = log

const HOSTILE = [
  'a\n::error::x.py',
  'a\r::stop-commands::x',
  'a ##[stop-commands]x.py',
  '##[add-mask]e',
  '::set-output name=verdict::pass',
  '  ::warning file=x::y',
  'a\u2028::error::b\u2029::error::c\u0085::error::d',
  '\u001b[2J\u009b31m\u0007\u0000\u202Etxt.exe',
  '%0A::error::x %25 %0D##[group]y',
]

let written = ''
const real = process.stdout.write.bind(process.stdout)

beforeEach(() => {
  written = ''
  process.stdout.write = (text: string | Uint8Array) => {
    written += typeof text === 'string' ? text : Buffer.from(text).toString()
    return true
  }
})
afterEach(() => {
  process.stdout.write = real
})

/** The commands that a runner would obey, with the text that it would show for them. */
function commands(output: string): string[] {
  return output.split(/\r\n|\n|\r/).flatMap((line) => {
    const first = /^\s*::([a-z-]+)(?: [^:]*)?::/i.exec(line)
    if (first !== null) return [first[1] ?? '']
    const old = /##\[([a-z-]+)[^\]]*\]/i.exec(line)
    return old === null ? [] : [`old ${old[1]}`]
  })
}

// C0 without the LF that ends a line, C1, line and paragraph separator, escape of a terminal
const RAW = /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e]/u

describe.each(HOSTILE)('%j', (hostile) => {
  test.each<[string, (text: string) => void]>([
    ['say', say],
    ['sayBlock', sayBlock],
    ['say behind other text', (text) => say(`skipped ${text}: a symlink is never followed`)],
  ])('%s makes no command', (_, print) => {
    print(hostile)
    expect([commands(written), RAW.test(written)]).toEqual([[], false])
  })

  test('debug output is one command for each line of the text', () => {
    sayDebug(hostile)
    expect(commands(written).filter((it) => it !== 'debug')).toEqual([])
    expect(RAW.test(written)).toBe(false)
  })

  test('an annotation is one command, whatever its parts are', () => {
    annotate({ level: 'error', title: hostile, message: hostile, file: hostile, line: 3, endLine: 4 })
    expect([commands(written), RAW.test(written)]).toEqual([['error'], false])
  })

  test('a complaint is one command in one line', () => {
    complain('notice', hostile)
    expect([commands(written), written.split('\n').length, RAW.test(written)]).toEqual([['notice'], 2, false])
  })
})

describe('what is shown', () => {
  test('invisible characters as escapes, patterns broken', () => {
    say('a\tb\u001b ##[x]')
    expect(written).toBe('a\\x09b\\x1b ##\u200b[x]\n')
  })

  test('a block line by line', () => {
    sayBlock('one\n::two\n')
    expect(written).toBe('one\n:\u200b:two\n\n')
  })

  test('an annotation with a plain path has a place, one without has none', () => {
    const plain = { level: 'warning', title: 't', message: 'one\ntwo', line: 3, endLine: 2 } as const
    annotate({ ...plain, file: 'pkg/a b.py' })
    annotate({ ...plain, file: '' })
    annotate({ ...plain, file: 'a\u202eb.py' })
    expect(written).toBe(
      '::warning title=t,file=pkg/a b.py,line=3,endLine=3::one%0Atwo\n::warning title=t::one%0Atwo\n::warning title=t::one%0Atwo\n',
    )
  })

  test('a secret is given to the runner to hide', () => {
    hide('s3cret')
    expect(written).toBe('::add-mask::s3cret\n')
  })
})

function speakAll(to: Log): void {
  for (const text of HOSTILE) {
    for (const tell of [to.say, to.sayBlock, to.sayDebug, to.hide]) tell(text)
    for (const level of ['error', 'warning', 'notice'] as const) {
      to.complain(level, text)
      to.annotate({ level, title: text, message: text, file: `${text}, a: b.py`, line: 0, endLine: 2 })
      to.annotate({ level, title: '', message: `100 %, ${text}`, file: 'a, b:c%.py', line: 3, endLine: 2 })
    }
  }
}

test('the toolkit that tests speak through writes what @actions/core writes', () => {
  const toolkit = recordedToolkit()
  speakAll(log)
  speakAll(createLog(toolkit))
  expect([written !== '', toolkit.written()]).toEqual([true, written])
})
