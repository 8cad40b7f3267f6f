// Where the Action starts. It does nothing but start: `start` reads the runner's variables, does the work and sets the exit code;
// it never throws.
import { start } from './action/start.ts'

await start()
