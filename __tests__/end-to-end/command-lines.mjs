// A process in which command lines run one after another: main() of src/cli, in the directory and with the variables that each brings, so that a
// hundred of them load the engine once. The answer is what they wrote and how they would have ended. Started by cli.ts.
// Must stay true: a command line sees nothing of the one before. It ends with whoever started it.
import { createRequire } from 'node:module'
import process, { env } from 'node:process'

const { main } = createRequire(import.meta.url)(env.PHASEGATE_TEST_ENGINE).modules['src/cli/main.ts']

const written = { stdout: [], stderr: [] }
for (const [name, texts] of Object.entries(written)) {
  // main() listens once for a reader that stops reading; here it is called many times
  process[name].setMaxListeners(0)
  process[name].write = (text) => texts.push(text) > 0
}

async function run({ directory, variables, args }) {
  process.chdir(directory)
  for (const name of Object.keys(env)) delete env[name]
  Object.assign(env, variables)
  const exit = await main(args)
  process.send({ exit, stdout: written.stdout.splice(0).join(''), stderr: written.stderr.splice(0).join('') })
}

// one is asked for when the one before has answered
process.on('message', (commandLine) => void run(commandLine))
