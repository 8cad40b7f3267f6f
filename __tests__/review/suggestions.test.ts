// What a review suggests for a hook that was called instead of passed: an edit that takes the work out of Phase 1, or nothing.
// Must stay true: an edit changes what the finding is about and nothing else.
import { describe, expect, test } from '@jest/globals'
import { reviewed } from '../support/analysed.ts'

/** Of the one finding that there is. */
async function suggestionFor(files: Readonly<Record<string, string>>): Promise<unknown> {
  const { findings } = await reviewed(files)
  const suggestions = findings.filter(({ rule }) => rule === 'hook-called-not-passed').map((it) => it.suggestion)
  expect(suggestions).toHaveLength(1)
  return suggestions[0]
}

const SETUP = 'def setup_module(app_context):\n    app_context.db_session().execute("select 1")\n'
const module = (registration: string, setup = SETUP): Record<string, string> => ({
  'modules/standard/shop/api.py': `def initialize(app_context):\n    ${registration}\n    return True\n\n\n${setup}`,
})
const edit = (replacement: string): unknown => ({
  path: 'modules/standard/shop/api.py',
  startLine: 2,
  endLine: 2,
  replacement: `    ${replacement}`,
  disposition: 'safe',
  title: 'Pass `setup_module` instead of calling it',
  patch: expect.stringContaining(`+    ${replacement}\n`),
})

describe('a hook that was called is suggested to be passed', () => {
  test.each([
    [
      'app_context.register_module_setup_hook(module_id="shop", setup_method=setup_module(app_context))',
      'app_context.register_module_setup_hook(module_id="shop", setup_method=setup_module)',
    ],
    [
      'app_context.register_module_setup_hook("shop", setup_module(app_context))  # later',
      'app_context.register_module_setup_hook("shop", setup_module)  # later',
    ],
  ])('%s', async (registration, replacement) => {
    expect(await suggestionFor(module(registration))).toEqual(edit(replacement))
  })

  test('a coroutine that nobody can call', async () => {
    const setup = 'async def setup_module():\n    return None\n'
    expect(await suggestionFor(module('app_context.register_post_init_hook("shop", setup_module())', setup))).toEqual(
      edit('app_context.register_post_init_hook("shop", setup_module)'),
    )
  })

  test('nothing is suggested when an argument would be lost', async () => {
    const setup = 'def setup_module(app_context, rows):\n    app_context.db_session().execute("select 1")\n'
    expect(
      await suggestionFor(
        module('app_context.register_module_setup_hook("shop", setup_module(app_context, 3))', setup),
      ),
    ).toBeNull()
  })

  test('nothing is suggested when the edited tree still has the work', async () => {
    const registration =
      'app_context.register_module_setup_hook("shop", setup_module(app_context)); setup_module(app_context)'
    expect(await suggestionFor(module(registration))).toBeNull()
  })
})
