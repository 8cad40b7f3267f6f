// Templates of threads and executors: started, joined, or neither.
// A thread that nobody joins may run at any moment: it is compared by place only.
import { block, defineClass, line, need, plain, type Template } from './place.ts'
import { stmt } from './templates.ts'

export const THREADS: readonly Template[] = [
  stmt(
    'thread-joined',
    1.5,
    (g, p, d) => {
      need(p, 'import threading')
      const t = g.name('thread')
      line(p, `${t} = threading.Thread(target=${g.some('fn', plain(p), d - 1)})\n${t}.start()\n${t}.join()`)
    },
    () => true,
  ),
  stmt(
    'thread-started',
    0.7,
    (g, p, d) => {
      need(p, 'import threading')
      line(p, `threading.Thread(target=${g.some('fn', plain(p), d - 1)}).start()`)
    },
    (p) => p.kind === 'function',
  ),
  stmt(
    'thread-not-started',
    0.7,
    (g, p, d) => {
      need(p, 'import threading')
      line(p, `${g.name('thread')} = threading.Thread(target=${g.some('fn', p, d - 1)})`)
    },
    () => true,
  ),
  stmt(
    'thread-subclass',
    0.5,
    (g, p, d) => {
      need(p, 'import threading')
      const cls = defineClass(g, p, { bases: 'threading.Thread', where: 'here' }, (c) =>
        c.method('def run(self):', (inner) => g.statements(inner, d - 1)),
      )
      const t = g.name('thread')
      line(p, `${t} = ${cls}()\n${g.random.chance(0.7) ? `${t}.start()\n${t}.join()` : ''}`)
    },
    () => true,
  ),
  stmt(
    'executor',
    1.5,
    (g, p, d) => {
      need(p, 'from concurrent.futures import ThreadPoolExecutor')
      const pool = g.name('pool')
      block(p, `with ThreadPoolExecutor(1) as ${pool}:`, (inner) =>
        line(
          inner,
          g.random.pick([
            (f: string) => `${pool}.submit(${f})`,
            (f: string) => `${pool}.submit(${f}).result()`,
            (f: string) => `list(${pool}.map(lambda x: ${f}(), [1]))`,
            (f: string) => `${pool}.map(lambda x: ${f}(), [1])`,
          ])(g.some('fn', plain(inner), d - 1)),
        ),
      )
    },
    () => true,
  ),
]
