// What the demo takes from the machine: where commands are found, and which Node runs the Action.
// The only file of this room that looks at the environment of the process; everything else gets values.
import { execPath, env } from 'node:process'
import { accessSync, constants } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

/** The PATH for child processes; a plain default if the environment has none. */
export function commandPath(): string {
  return env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'
}

/**
 * The Node that runs the Action: the one named by PHASEGATE_NODE, else a `node24` on the PATH (what action.yml asks for), else the
 * Node that runs this program.
 */
export function actionNode(): string {
  const named = env['PHASEGATE_NODE']
  if (named !== undefined && named !== '') return named
  const found = commandPath()
    .split(delimiter)
    .map((directory) => join(directory, 'node24'))
    .find((file) => isExecutable(file))
  return found ?? execPath
}

/** A PATH with nothing in it but the directory of the given Node. */
export function minimalPath(node: string): string {
  return dirname(node)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
