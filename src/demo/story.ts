// The demo's story as data: the application and the commits of one pull request, read from the examples directory of the package.
// The files are the story: nothing about their content is known here.
import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export interface StoryStep {
  readonly name: string
  readonly title: string
  readonly body: string
  /** whole files, laid over the step before */
  readonly files: Readonly<Record<string, string>>
}

export interface Story {
  readonly application: Readonly<Record<string, string>>
  readonly steps: readonly StoryStep[]
}

/** Reads `app/` and `history/<step>/{message.txt,files/}`, steps in the order of their names. Throws if the directory is not there. */
export function readStory(directory: string): Story {
  const history = join(directory, 'history')
  const steps = readdirSync(history, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
  return {
    application: readTree(join(directory, 'app')),
    steps: steps.map((name) => readStep(join(history, name), name)),
  }
}

function readStep(directory: string, name: string): StoryStep {
  const [title = '', ...rest] = readFileSync(join(directory, 'message.txt'), 'utf8').trim().split('\n')
  return { name, title, body: rest.join('\n').trim(), files: readTree(join(directory, 'files')) }
}

function readTree(root: string): Record<string, string> {
  const files: Record<string, string> = {}
  for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.endsWith('.pyc')) continue
    const path = join(entry.parentPath, entry.name)
    files[relative(root, path).split(sep).join('/')] = readFileSync(path, 'utf8')
  }
  return files
}
