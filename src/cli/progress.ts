// Progress on a terminal: one line that is overwritten, only when a run takes longer than a second and only on stderr.
// Nothing is left behind; logs and pipes get none of it.
export interface Progress {
  readonly say: (message: string) => void
  readonly clear: () => void
}

const AFTER_MILLISECONDS = 1000

export function createProgress(quiet: boolean): Progress {
  const started = Date.now()
  let shown = false
  return {
    say: (message) => {
      if (quiet || !process.stderr.isTTY || Date.now() - started < AFTER_MILLISECONDS) return
      const width = process.stderr.columns ?? 80
      process.stderr.write(`\r\u001B[2K${message.slice(0, Math.max(1, width - 1))}`)
      shown = true
    },
    clear: () => {
      if (shown) process.stderr.write('\r\u001B[2K')
      shown = false
    },
  }
}
