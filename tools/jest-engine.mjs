// The engine as tests run it: all of src/, and the dear parts of the tests, in one file, built before the first test unless it is there for these
// very sources, and loaded once per worker, outside of the realm that jest makes for each test file. What a test imports of it is a facade.
// Else every test file compiles and links hundreds of modules anew, and what runs in a realm of jest's runs slower.
// Must stay true: a facade has all exports of its module and nothing else; a stack names lines of src/ (by the map beside the file). Coverage
// counts each module by itself and does without (`npm run coverage`); so no test may depend on either way.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { env, pid } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, version } from 'esbuild'
import { options } from './bundle.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const BUILT = join(ROOT, 'node_modules', '.cache', 'phasegate')
/** They do something when they are imported. */
const PROGRAMS = new Set(['src/main.ts', 'src/cli.ts', 'src/worker.ts'])
/** What reads GitHub's descriptions, 15 MB, and compiles parts of them. */
const SHARED = ['__tests__/support/graphql-guard.ts', '__tests__/support/openapi-guard.ts']
/** How many engines stay, the newest: other sources of this checkout may be under test at the same time. */
const KEPT = 4
/** Where workers find the file; they inherit it. */
const VARIABLE = 'PHASEGATE_TEST_ENGINE'

/** jest's globalSetup. */
export default async function buildEngine({ collectCoverage }) {
  delete env[VARIABLE]
  if (collectCoverage) return
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true }).map((name) => `src/${name.replaceAll(sep, '/')}`)
  const names = [...sources, ...SHARED].filter(isShared).toSorted((a, b) => (a < b ? -1 : 1))
  const outfile = join(BUILT, `${digestOf(names)}.cjs`)
  if (!existsSync(outfile)) {
    await bundleAll(names, outfile)
    removeOld()
  }
  env[VARIABLE] = outfile
}

/** Of whatever the bundle is made of. */
function digestOf(names) {
  const hash = createHash('sha256').update(version)
  for (const name of names) hash.update(`\0${name}\0`).update(readFileSync(join(ROOT, name)))
  for (const name of ['package-lock.json', 'tools/bundle.mjs', 'tools/jest-engine.mjs'])
    hash.update(readFileSync(join(ROOT, name)))
  return hash.digest('hex').slice(0, 20)
}

async function bundleAll(names, outfile) {
  const imports = names.map((name, at) => `import * as m${at} from './${name}'`)
  const entries = names.map((name, at) => `${JSON.stringify(name)}: m${at}`)
  const { outputFiles } = await build({
    ...options,
    stdin: { contents: `${imports.join('\n')}\nexport const modules = { ${entries.join(', ')} }`, resolveDir: ROOT },
    absWorkingDir: ROOT,
    format: 'cjs',
    banner: {},
    metafile: false,
    plugins: [...options.plugins, ownAddresses],
    outfile,
    write: false,
  })
  mkdirSync(BUILT, { recursive: true })
  // whoever sees the engine sees all of it, and its map
  for (const { path, contents } of outputFiles.toSorted((a, b) => b.path.length - a.path.length)) {
    writeFileSync(`${path}.${pid}`, contents)
    renameSync(`${path}.${pid}`, path)
  }
}

/** A module that asks where it is hears where its source is. */
const ownAddresses = {
  name: 'own-addresses',
  setup(b) {
    b.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      return { contents: text.replaceAll('import.meta.url', `'${pathToFileURL(path).href}'`), loader: 'ts' }
    })
  },
}

function removeOld() {
  const age = (name) => statSync(join(BUILT, name)).mtimeMs
  const built = readdirSync(BUILT).filter((name) => name.endsWith('.cjs'))
  for (const name of built.toSorted((a, b) => age(b) - age(a)).slice(KEPT))
    for (const file of [name, `${name}.map`]) rmSync(join(BUILT, file), { force: true })
}

const isShared = (name) =>
  (name.startsWith('src/') && name.endsWith('.ts') && !PROGRAMS.has(name)) || SHARED.includes(name)
const nameOf = (file) => relative(ROOT, file).replaceAll(sep, '/')

/** The built engine if this file is part of it, else null. */
export function engineOf(file) {
  return isShared(nameOf(file)) ? (env[VARIABLE] ?? null) : null
}

/** A module with the exports of a file of the engine, taken from the one that this process, and not the test file, has loaded. */
export function facadeOf(file, engine) {
  const name = nameOf(file)
  const exported = Object.keys(createRequire(import.meta.url)(engine).modules[name])
  return `import { runInThisContext } from 'node:vm'
const load = runInThisContext('process').getBuiltinModule('node:module').createRequire(import.meta.url)
export const { ${exported.join(', ')} } = load(${JSON.stringify(engine)}).modules[${JSON.stringify(name)}]
`
}
