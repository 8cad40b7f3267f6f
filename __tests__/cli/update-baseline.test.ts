import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { baselineFile, entriesOf, updatedBaseline, writeBaseline } from '../../src/cli/update-baseline.ts'
import { defaultConfig } from '../../src/config/load.ts'
import type { Review } from '../../src/findings/model.ts'
import { removeTemporaryDirectories, temporaryDirectory, writeFiles } from '../sources/repository.ts'
import { reviewed } from '../support/analysed.ts'

afterAll(removeTemporaryDirectories)

const review = (): Promise<Review> =>
  reviewed({
    'modules/standard/a/api.py': 'def initialize(app_context):\n    app_context.db_sync_session().execute("x")\n',
    'modules/standard/b/api.py': 'x = 1\n',
  })
const STALE = { fingerprint: '0123456789abcdef', rule: 'database-in-phase-1', reason: 'long ago' }

describe('updating', () => {
  test('accepts what fails the check, drops what is gone, keeps reasons', async () => {
    const result = await review()
    const error = result.findings.find((f) => f.severity === 'error')
    const warning = result.findings.find((f) => f.severity === 'warning')
    const first = updatedBaseline(result, [STALE], 'error')
    expect([first.added.map((f) => f.fingerprint), first.removed]).toEqual([[error?.fingerprint], [STALE]])
    expect(first.entries).toEqual([
      { fingerprint: error?.fingerprint, rule: 'database-in-phase-1', reason: 'accepted by --update-baseline' },
    ])
    const explained = first.entries.map(({ fingerprint, rule }) => ({ fingerprint, rule, reason: 'replaced in May' }))
    const second = updatedBaseline(result, explained, 'warning')
    expect(second.entries.map((e) => [e.fingerprint, e.reason])).toEqual([
      [error?.fingerprint, 'replaced in May'],
      [warning?.fingerprint, 'accepted by --update-baseline'],
    ])
    expect(updatedBaseline(result, second.entries, 'never')).toEqual({
      entries: second.entries,
      added: [],
      removed: [],
    })
  })

  test('writes the file sorted, says what it did, and writes nothing the second time', async () => {
    const file = join(temporaryDirectory(), 'baseline.json')
    const said: string[] = []
    const update = updatedBaseline(await review(), [STALE], 'error')
    writeBaseline(file, update, (message) => said.push(message))
    const [entry] = update.entries
    expect(readFileSync(file, 'utf8')).toBe(
      `{\n  "version": 1,\n  "findings": [\n    {"fingerprint":"${entry?.fingerprint}","rule":"database-in-phase-1","reason":"accepted by --update-baseline"}\n  ]\n}\n`,
    )
    expect(said).toEqual([
      `+ database-in-phase-1 modules/standard/a/api.py::initialize (${entry?.fingerprint})`,
      '- database-in-phase-1 (0123456789abcdef): long ago',
      `${file}: 1 added, 1 removed, 0 kept`,
      'each new entry says "accepted by --update-baseline": write down why, reviewers will ask',
    ])
    expect(entriesOf(file)).toEqual(update.entries)
  })

  test('the file is the one of the option, or of the configuration below the tree', () => {
    const config = { ...defaultConfig(), baseline: 'ci/accepted.json' }
    expect(baselineFile('mine.json', config, 'app')).toBe('mine.json')
    expect(baselineFile(null, config, 'app')).toBe('app/ci/accepted.json')
    expect(() => baselineFile(null, defaultConfig(), 'app')).toThrow(/which file\?/)
  })

  test('nothing is written through a link, and a broken file is not replaced', () => {
    const root = temporaryDirectory()
    writeFiles(root, { 'real.json': '{}', 'broken.json': '{' })
    symlinkSync(join(root, 'real.json'), join(root, 'link.json'))
    const update = { entries: [STALE], added: [], removed: [] }
    expect(() => writeBaseline(join(root, 'link.json'), update, () => undefined)).toThrow(
      /link\.json: is a symbolic link$/,
    )
    expect(() => entriesOf(join(root, 'broken.json'))).toThrow(/broken\.json: not JSON/)
    expect(entriesOf(join(root, 'new.json'))).toEqual([])
    expect(readFileSync(join(root, 'real.json'), 'utf8')).toBe('{}')
  })
})
