// APScheduler keeps its jobs in memory unless it is given another store; starting it reads and writes a store that is a database.
// Only a store that is seen to be given makes `start` an operation: the rows of the catalogue say what it does then. Flask-APScheduler takes its
// stores from the configuration of the application, wherever the tree writes it: a deployment may replace it, so that is an assumption.
import type { Expr, Stmt } from '../../ir/model.ts'
import { objectsIn } from '../../ir/nodes.ts'
import { dictValues } from '../domain/containers.ts'
import { madeByCall, type LibraryCall } from '../domain/instances.ts'
import type { Frame, Machine } from '../machine/machine.ts'
import type { InstanceAtom, Value } from '../domain/values.ts'

const SCHEDULER = 'apscheduler.schedulers.base.BaseScheduler'
const CONSTRUCTOR = /^apscheduler\.schedulers\.\w+\.\w*Scheduler$/
const FLASK = /^flask_apscheduler\.(?:scheduler\.)?APScheduler$/
/** Set on schedulers whose stores are settings of an application. */
const CONFIGURED = 'apscheduler:configured'
/** The slot that holds the job stores of a scheduler. */
const STORES = 'apscheduler:stores'
/** Stores that are no database: aliases of APScheduler's entry points, and names of its classes. */
const ELSEWHERE = /^(?:memory|redis|zookeeper|etcd)$|\.(?:Memory|Redis|ZooKeeper|Etcd)JobStore(?:\(\))?$/

/** What a call of a scheduler gives; null leaves it to the catalogue. */
export function schedulerCall(frame: Frame, call: LibraryCall): Value | null {
  const m = frame.machine
  if (FLASK.test(call.path)) {
    const made = madeByCall(frame, SCHEDULER, call)
    m.ops.setSlot(made, CONFIGURED, m.domain.true)
    return m.domain.of(made)
  }
  if (CONSTRUCTOR.test(call.path)) {
    const made = madeByCall(frame, SCHEDULER, call)
    keep(m, made, call)
    return m.domain.of(made)
  }
  if (call.self === null || !call.path.startsWith(`${SCHEDULER}.`)) return null
  const name = call.path.slice(SCHEDULER.length + 1)
  if (name === 'configure' || name === 'add_jobstore') {
    keep(m, call.self, call)
    return m.domain.none
  }
  return name === 'start' && !hasDatabase(m, call.self) ? m.domain.none : null
}

function hasDatabase(m: Machine, scheduler: InstanceAtom): boolean {
  if (m.ops.slot(scheduler, STORES).atoms.some(isDatabase)) return true
  if (m.ops.slot(scheduler, CONFIGURED).atoms.length === 0) return false
  return [...m.program.modules.values()].some(({ ir }) => objectsIn(ir.body).some(namesDatabase))
}

/** `SCHEDULER_JOBSTORES = {...}` of a class or a module, `app.config["SCHEDULER_JOBSTORES"] = {...}`: with a store that is a database. */
function namesDatabase(node: object): boolean {
  const statement = node as Stmt
  if (statement.k !== 'assign' || !statement.targets.some(isSetting)) return false
  return objectsIn(statement.x).some((part) => {
    const x = part as Expr
    if (x.k === 'const') return x.v === 'sqlalchemy' || x.v === 'mongodb'
    return x.k === 'call' && DATABASE_STORE.test(x.f.k === 'name' ? x.f.id : x.f.k === 'attr' ? x.f.n : '')
  })
}
const DATABASE_STORE = /^(?:SQLAlchemy|MongoDB)JobStore$/

function isSetting(target: Expr): boolean {
  if (target.k === 'name') return target.id === SETTING
  return target.k === 'sub' && target.i.k === 'const' && target.i.v === SETTING
}
const SETTING = 'SCHEDULER_JOBSTORES'

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
