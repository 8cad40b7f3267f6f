// Loaded before a measured program: writes the peak of its memory (KiB) and its processor time (µs, user and system) when it ends.
import { writeFileSync } from 'node:fs'

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeFileSync(process.env.PHASEGATE_BENCH_PEAK, `${maxRSS} ${userCPUTime + systemCPUTime}`)
})
