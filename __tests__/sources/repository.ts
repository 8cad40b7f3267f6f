// A real git repository in a temporary directory, for tests. Everything that git needs to know comes from here, nothing from the machine.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { env } from 'node:process'

export interface TestRepository {
  readonly directory: string
  readonly git: (...args: string[]) => string
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void
  /** writes the files, adds everything and commits; returns the commit id */
  readonly commit: (files: Readonly<Record<string, string | Uint8Array>>) => string
}

const made: string[] = []

export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'phasegate-')))
  made.push(directory)
  return directory
}

/** To be called after all tests of a file. */
export function removeTemporaryDirectories(): void {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true })
}

export function writeFiles(directory: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), content)
  }
}

export function testRepository(): TestRepository {
  const directory = temporaryDirectory()
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: directory, env: identity(directory), stdio: ['ignore', 'pipe', 'ignore'] })
      .toString('utf8')
      .trim()
  git('init', '--quiet', '--initial-branch=main', '.')
  const write = (files: Readonly<Record<string, string | Uint8Array>>): void => writeFiles(directory, files)
  const commit = (files: Readonly<Record<string, string | Uint8Array>>): string => {
    write(files)
    git('add', '--all', '.')
    git('commit', '--quiet', '--allow-empty', '--message=change')
    return git('rev-parse', 'HEAD')
  }
  return { directory, git, write, commit }
}

function identity(home: string): Record<string, string> {
  const who = { NAME: 'Ada', EMAIL: 'ada@example.org', DATE: '2024-01-01T00:00:00Z' }
  const roles = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
    Object.entries(who).map(([key, value]): [string, string] => [`GIT_${role}_${key}`, value]),
  )
  return {
    PATH: env['PATH'] ?? '',
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ...Object.fromEntries(roles),
  }
}
