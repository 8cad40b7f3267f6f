// Conditions on settings: one that is off unless somebody sets it lowers what it guards to a warning; every other condition excuses nothing.
import { describe, expect, test } from '@jest/globals'
import { reviewed } from '../support/analysed.ts'

const HEAD =
  'import os, sys\nfrom distutils.util import strtobool\nfrom decouple import config\nimport environ\nenv = environ.Env()\n' +
  "def enabled(name, default='0'):\n    return os.environ.get(name, default).lower() in ('1', 'true')\n" +
  "def switched(name, default=False):\n    value = os.environ.get(name)\n    return default if value is None else value == '1'\n" +
  "SEED = os.environ.get('SEED') == '1'\nMODE = True if os.getenv('MODE') else False\n"

async function severities(lines: string): Promise<string[]> {
  const text = `${HEAD}def initialize(app_context):\n${lines.replaceAll(/^/gm, '    ')}\n`
  return (await reviewed({ 'modules/standard/g/api.py': text })).findings.map((f) => f.severity)
}

const settings = (field: string, made: string): Record<string, string> => ({
  'modules/standard/g/api.py':
    `from pydantic import BaseSettings\nclass Settings(BaseSettings):\n    ${field}\nsettings = ${made}\n` +
    'def initialize(app_context):\n    if settings.seed:\n        app_context.db_session()\n',
})

const command = (call: string): Record<string, string> => ({
  'modules/standard/g/api.py':
    'import click\nfrom queues import task\n@click.command()\ndef seed(ctx):\n    ctx.db_session()\n@task\ndef load(ctx):\n    ctx.db_session()\n' +
    `def initialize(app_context):\n    ${call}\n`,
})

describe('work under a condition', () => {
  test.each([
    "os.getenv('X')",
    "os.getenv('X', '0') == '1'",
    "os.environ.get('X', 'False').lower() in ('1', 'true')",
    "bool(int(os.getenv('X', '0')))",
    "strtobool(os.getenv('X', 'no'))",
    "'X' in os.environ",
    "os.getenv('X') and os.getenv('Y', '1')",
    "not os.getenv('X', '1')",
    'SEED',
    'MODE',
    "enabled('X')",
    "switched('X')",
    "config('X', default=False, cast=bool)",
    "env.bool('X', default=False)",
    "app_context.config.get('x', False)",
    "app_context.config.get('x')",
    "len(sys.argv) > 1 and sys.argv[1] == 'worker'",
    "sys.argv[1:2] == ['worker']",
  ])('if %s: off by default, a warning', async (condition) => {
    expect(await severities(`if ${condition}:\n    app_context.db_session()`)).toEqual(['warning'])
  })

  test.each([
    "not os.getenv('X')",
    "os.getenv('X', '1') == '1'",
    "os.environ['X'] == '1'",
    "os.getenv('X') or os.getenv('Y', '1')",
    "enabled('X', '1')",
    "switched('X', True)",
    "app_context.config.get('x', True)",
    "app_context.config.get('x', other)",
    "'migrate' not in sys.argv",
  ])('if %s: an error', async (condition) => {
    expect(await severities(`other = app_context\nif ${condition}:\n    app_context.db_session()`)).toEqual(['error'])
  })

  test.each([
    ["not os.getenv('X')", 'warning'],
    ['not MODE', 'warning'],
    ["os.getenv('X')", 'error'],
    ["os.environ.get('X', '1') == '0'", 'error'],
  ])('if %s: return, and the work after it: %s', async (condition, severity) => {
    expect(await severities(`if ${condition}:\n    return\napp_context.db_session()`)).toEqual([severity])
  })

  test('the branch of a flag that is on by default weighs as much as no flag', async () => {
    const both =
      "if os.getenv('X', '1') == '1':\n    app_context.db_session()\nelse:\n    app_context.db_sync_session()"
    expect(await severities(both)).toEqual(['error'])
  })

  test('a setting that something else makes true is no condition', async () => {
    const result = await reviewed({
      'modules/standard/g/api.py':
        "import os\ndef initialize(app_context):\n    if os.getenv('X') or True:\n        app_context.db_session()\n",
    })
    expect(result.findings.map((f) => [f.severity, f.confidence, f.guards])).toEqual([['error', 'high', []]])
  })
})

describe('fields of pydantic settings come from the environment', () => {
  test.each([
    ['seed: bool = False', 'Settings()', ['warning']],
    ['seed: bool = True', 'Settings()', ['error']],
    ['seed: bool', 'Settings(seed=False)', []],
  ])('%s, %s', async (field, made, expected) => {
    expect((await reviewed(settings(field, made))).findings.map((f) => f.severity)).toEqual(expected)
  })
})

describe('what a decorator of a library made of a function', () => {
  test.each(['seed.callback(app_context)', 'load.run(app_context)', 'load.fn(app_context)'])(
    '%s runs it',
    async (call) => {
      expect((await reviewed(command(call))).findings.map((f) => [f.rule, f.confidence])).toEqual([
        ['database-in-phase-1', 'medium'],
      ])
    },
  )

  test.each([
    ['load.delay(1)', []],
    ['load.spin()', ['external-callable']],
  ])('%s: not followed %j', async (call, reasons) => {
    const result = await reviewed(command(call))
    const ofCall = result.notFollowed.filter((n) => n.text.startsWith('load.'))
    expect([result.findings, ofCall.map((n) => n.reason)]).toEqual([[], reasons])
  })
})
