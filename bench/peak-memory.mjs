// Loaded before a measured program: when the process ends it writes its own peak memory (KiB) to the file that the benchmark named.
import { writeFileSync } from 'node:fs'

process.on('exit', () => writeFileSync(process.env.PHASEGATE_BENCH_PEAK, String(process.resourceUsage().maxRSS)))
