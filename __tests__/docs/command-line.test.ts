// The page of the command line names every option that the program takes, and no other.
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { CHECK_OPTIONS, FORMATS, INIT_OPTIONS } from '../../src/cli/arguments.ts'
import { HELP } from '../../src/cli/help.ts'

const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8')
const section = (title: string): string => page.split(/^## /m).find((part) => part.startsWith(title)) ?? ''
const documented = (text: string): string[] =>
  [...text.matchAll(/^\| (`--.*?) \|/gm)].flatMap((row) =>
    [...(row[1] ?? '').matchAll(/--([\w-]+)/g)].map((m) => m[1] ?? ''),
  )
const inHelp = (from: string): string[] =>
  [...(HELP.split(from)[1] ?? '').split('Options of')[0]!.matchAll(/--([\w-]+)/g)].map((m) => m[1] ?? '')

test('every option of check is on the page and in the help', () => {
  const twoTrees = ['base', 'head', 'base-dir']
  const options = Object.keys(CHECK_OPTIONS).filter((name) => !twoTrees.includes(name))
  expect(documented(section('`check`')).toSorted()).toEqual(options.toSorted())
  expect(inHelp('Options of check:').toSorted()).toEqual(options.toSorted())
  for (const name of twoTrees) expect([page.includes(`--${name} `), HELP.includes(`--${name} `)]).toEqual([true, true])
})

test('every option of init is on the page and in the help', () => {
  const options = Object.keys(INIT_OPTIONS)
  expect(documented(section('`init`')).toSorted()).toEqual(options.toSorted())
  expect(inHelp('Options of init:').toSorted()).toEqual(options.toSorted())
})

test('every format is on the page and in the help', () => {
  for (const format of FORMATS) expect([page.includes(`\`${format}\``), HELP.includes(format)]).toEqual([true, true])
})
