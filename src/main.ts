// Where the Action starts.
import { run } from './action/run.ts'

await run()
