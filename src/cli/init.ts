// `phasegate init`: looks at the tree, writes a workflow and a commented configuration, and says what to do next.
// Must stay true: what is there already stays as it is without --force, and nothing is written through a link or outside of the tree.
import { existsSync, lstatSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContentSearch } from '../analysis/entries/content-search.ts'
import { detectProfiles, findEntries, inScope, searched } from '../analysis/entries/entries.ts'
import { createIrStore } from '../cache/ir-store.ts'
import { configAt } from '../config/files.ts'
import { CONFIG_PATHS, defaultConfig } from '../config/load.ts'
import { ConfigurationError, type Config } from '../config/model.ts'
import { withProfiles } from '../config/profiles.ts'
import { PROFILES } from '../profiles/index.ts'
import { openProgram } from '../program/program.ts'
import { directoryReader } from '../sources/directory.ts'
import { namedFile } from '../sources/policy-file.ts'
import { TOOL_VERSION } from '../text/version.ts'
import { initArguments, type InitArguments } from './arguments.ts'
import { replaceFile, standing } from './files.ts'
import { UNKNOWN_COMMIT, configurationText, workflowText } from './init-files.ts'
import { releaseAt } from './release.ts'

const WORKFLOW = '.github/workflows/phasegate.yml'

interface Planned {
  readonly path: string
  readonly text: string
  /** another file that stands for it */
  readonly instead: string | null
}

/** What was done and what comes next, for stdout. */
export async function init(argv: readonly string[]): Promise<string> {
  const args = initArguments(argv)
  const root = resolve(args.path)
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new ConfigurationError(`${args.path}: not a directory`)
  refuseInside(root, args.path)
  const found = await lookAt(root, args)
  const uses =
    args.uses ?? releaseAt(fileURLToPath(new URL('..', import.meta.url))) ?? `phasegate/phasegate@${UNKNOWN_COMMIT}`
  const other = CONFIG_PATHS.find((path) => path !== CONFIG_PATHS[0] && existsSync(join(root, path))) ?? null
  const planned: Planned[] = [
    { path: WORKFLOW, text: workflowText(uses, TOOL_VERSION), instead: null },
    { path: CONFIG_PATHS[0], text: configurationText(found.profiles), instead: other },
  ]
  const done = args.dryRun ? planned.map((file) => shown(file, root, args)) : written(planned, root, args)
  return [foundText(found), '', ...done, '', ...nextSteps(found, uses, { args, root })].join('\n')
}

/** GitHub reads workflows at the top of a repository only. */
function refuseInside(root: string, named: string): void {
  if (existsSync(join(root, '.git'))) return
  for (let above = dirname(root); above !== dirname(above); above = dirname(above))
    if (existsSync(join(above, '.git')))
      throw new ConfigurationError(`${named}: not the top of its repository; run phasegate init ${above}`)
}

interface Found {
  readonly profiles: readonly string[]
  readonly entryPoints: number
  readonly files: number
}

async function lookAt(root: string, args: InitArguments): Promise<Found> {
  const program = await openProgram(directoryReader(root), createIrStore(null))
  const config = await configOf(root, args)
  const files = searched(program, config)
  const search = createContentSearch()
  const detected = config.detect ? await detectProfiles(program, inScope(program, config), PROFILES, search) : []
  const ids = new Set([...config.profiles, ...detected.map((profile) => profile.id)])
  const profiles = PROFILES.filter((profile) => ids.has(profile.id))
  const entries = await findEntries({ program, search }, files, profiles, config.entryPoints)
  return { profiles: profiles.map((p) => p.id), entryPoints: entries.length, files: program.files.size }
}

async function configOf(root: string, { profiles }: InitArguments): Promise<Config> {
  const config = await configAt((path) => Promise.resolve(namedFile(root, path)))
  return withProfiles(config ?? defaultConfig(), profiles, '--profile')
}

function foundText({ profiles, entryPoints, files }: Found): string {
  if (files === 0) return 'No Python here.'
  const count = entryPoints === 1 ? '1 entry point' : `${entryPoints} entry points`
  if (profiles.length === 0) return `No known framework in ${files} Python file${files === 1 ? '' : 's'}.`
  return `Found ${profiles.join(', ')}: ${count} in ${files} Python file${files === 1 ? '' : 's'}.`
}

function keptText({ path, instead }: Planned): string {
  return instead === null
    ? `kept     ${path} (is there already; --force replaces it)`
    : `kept     ${instead} (is the configuration)`
}

function written(planned: readonly Planned[], root: string, { force }: InitArguments): string[] {
  const states = planned.map((file) => ({ file, now: standing(join(root, file.path)) }))
  for (const { file, now } of states) {
    if (now.kind === 'refused') throw new ConfigurationError(`${file.path}: ${now.reason}`)
    refuseLinks(root, file.path)
  }
  return states.map(({ file, now }) => {
    if (file.instead !== null || (now.kind === 'file' && !force)) return keptText(file)
    const expected = now.kind === 'file' ? now.bytes : null
    const problem = replaceFile({ path: join(root, file.path), bytes: Buffer.from(file.text), expected })
    if (problem !== null) throw new ConfigurationError(`${file.path}: ${problem}`)
    return `${expected === null ? 'wrote    ' : 'replaced '}${file.path}`
  })
}

/** The folders between the tree and the file may not be links: they could lead anywhere. */
function refuseLinks(root: string, path: string): void {
  const parts = path.split('/').slice(0, -1)
  for (let length = 1; length <= parts.length; length++) {
    const folder = parts.slice(0, length).join('/')
    const found = lstatSync(join(root, folder), { throwIfNoEntry: false })
    if (found !== undefined && !found.isDirectory()) throw new ConfigurationError(`${folder}: is not a directory`)
  }
}

function shown(file: Planned, root: string, { force }: InitArguments): string {
  if (file.instead !== null || (standing(join(root, file.path)).kind === 'file' && !force)) return keptText(file)
  return `would write ${file.path}:\n\n${file.text.replaceAll(/^(?=.)/gm, '    ').trimEnd()}\n`
}

function nextSteps(
  { profiles, files }: Found,
  uses: string,
  { args, root }: { readonly args: InitArguments; readonly root: string },
): string[] {
  const here = root === process.cwd() ? '' : ` ${args.path}`
  const steps = [
    ...(uses.endsWith(UNKNOWN_COMMIT)
      ? [`Put the full commit SHA of the release that you use into ${WORKFLOW}; a tag can be moved.`]
      : []),
    ...(profiles.length === 0 && files > 0
      ? [
          'Name your entry points in phasegate.yml (entry-points): without a framework or entry points check refuses to run.',
        ]
      : []),
    `Look at what is there now: phasegate check${here}`,
    `Accept what you cannot repair yet: name the baseline in phasegate.yml, then phasegate check${here} --update-baseline`,
    'Commit the files, open a pull request, and make the job phase-1 a required check.',
  ]
  return ['Next:', ...steps.map((step, i) => `  ${i + 1}. ${step}`)]
}
