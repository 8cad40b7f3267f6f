// How long the two built programs need until they do something: the command line until it has printed its version, the Action until it
// has refused an event file that does not exist (exit code 2). Most of it is loading the bundle.
import { join } from 'node:path'
import { ACTION, CLI, measure, report, WORK } from './measure.mjs'

const TIMES = 10

report('phasegate --version', TIMES, () => expectStatus(0, measure(CLI, ['--version'])))
report('the Action without an event', TIMES, () => expectStatus(2, measure(ACTION, [], runner())))
report('node itself, for comparison', TIMES, () => expectStatus(0, measure('--eval', ['0'])))

/** The environment of a runner that names an event file which is not there. */
function runner() {
  return {
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: join(WORK, 'no-such-event.json'),
    GITHUB_REPOSITORY: 'example/example',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    'INPUT_GITHUB-TOKEN': 'none',
  }
}

function expectStatus(status, run) {
  if (run.status !== status)
    throw new Error(`expected exit code ${status}, got ${run.status}\n${run.stderr.slice(0, 2000)}`)
  return run
}
