// Where the Action starts. It does nothing but start: `run` reads the runner's variables, does the work and sets the exit code;
// it never throws.
import { run } from './action/run.ts'

await run()
