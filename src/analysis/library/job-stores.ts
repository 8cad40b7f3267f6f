// APScheduler keeps its jobs in memory unless it is given another store; starting it reads and writes a store that is a database.
// Only a store that is seen to be given makes `start` an operation: the rows of the catalogue say what it does then.
import { dictValues } from '../domain/containers.ts'
import { libraryInstance, type LibraryCall } from '../domain/instances.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import type { InstanceAtom, Value } from '../domain/values.ts'

const SCHEDULER = 'apscheduler.schedulers.base.BaseScheduler'
const CONSTRUCTOR = /^apscheduler\.schedulers\.\w+\.\w*Scheduler$/
/** The slot that holds the job stores of a scheduler. */
const STORES = 'apscheduler:stores'
/** Stores that are no database: aliases of APScheduler's entry points, and names of its classes. */
const ELSEWHERE = /^(?:memory|redis|zookeeper|etcd)$|\.(?:Memory|Redis|ZooKeeper|Etcd)JobStore(?:\(\))?$/

/** What a call of a scheduler gives; null leaves it to the catalogue. */
export function schedulerCall(frame: Frame, call: LibraryCall): Value | null {
  const m = frame.machine
  if (CONSTRUCTOR.test(call.path)) {
    const made = libraryInstance(frame, SCHEDULER, call.site.site, call.resolution, null)
    keep(m, made, call)
    return m.domain.of(made)
  }
  if (call.self === null || !call.path.startsWith(`${SCHEDULER}.`)) return null
  const name = call.path.slice(SCHEDULER.length + 1)
  if (name === 'configure' || name === 'add_jobstore') {
    keep(m, call.self, call)
    return m.domain.none
  }
  return name === 'start' && !m.ops.slot(call.self, STORES).atoms.some(isDatabase) ? m.domain.none : null
}

/** Notes the stores among the arguments: `jobstores={...}`, the settings given first, or the store itself. */
function keep(m: Machine, scheduler: InstanceAtom, { args }: LibraryCall): void {
  const given = args.kw.get('jobstores') ?? args.kw.get('jobstore') ?? args.pos[0]
  for (const atom of given?.atoms ?? [])
    m.ops.push(scheduler, STORES, atom.kind === 'container' ? dictValues(m, atom).any : m.domain.of(atom))
}

function isDatabase(atom: Value['atoms'][number]): boolean {
  if (atom.kind === 'const') return typeof atom.value === 'string' && !ELSEWHERE.test(atom.value)
  if (atom.kind === 'instance' && atom.ext !== null) return !ELSEWHERE.test(atom.ext)
  return atom.kind !== 'external' || !ELSEWHERE.test(atom.path)
}
