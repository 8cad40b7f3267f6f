// Registrations that get a coroutine out of a mapping or a tuple: the call by mistake is written elsewhere, so the registration is the place.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const SETUP = 'async def setup(c):\n    await c.db_session().commit()\ndef initialize(c):\n'
const REST = 'which nobody can call later. Pass the function itself, without calling it.'
const A_CALL = `register_module_setup_hook() gets the result of a call, ${REST}`

test.each([
  ['    c.register_module_setup_hook(**{"module_id": "m", "setup_method": setup(c)})\n', [[4, A_CALL]]],
  ['    kw = dict(module_id="m", setup_method=setup(c))\n    c.register_module_setup_hook(**kw)\n', [[5, A_CALL]]],
  ['    args = ("m", setup(c))\n    c.register_module_setup_hook(*args)\n', [[5, A_CALL]]],
  ['    kw = dict(module_id="m", setup_method=setup)\n    c.register_module_setup_hook(**kw)\n', []],
  ['    args = ("m", setup)\n    c.register_module_setup_hook(*args)\n', []],
  [
    '    c.register_module_setup_hook("m", setup(c))\n',
    [[4, `register_module_setup_hook() gets the result of \`setup(c)\`, ${REST}`]],
  ],
])('%j', async (body, wanted) => {
  const { findings } = await reviewFiles({ 'modules/standard/m/api.py': SETUP + body })
  const serious = findings.filter(({ severity }) => severity !== 'note')
  expect(serious.map(({ location, message }) => [location.line, message])).toEqual(wanted)
})
