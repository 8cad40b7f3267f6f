// All modelled functions by name: builtins by their plain name, methods of builtin types as `type.method`, library functions by access path.
// Adding a model is adding an entry to one of the files below.
import { BRIDGES } from './bridges.ts'
import { CHAINS } from './chains.ts'
import { COLLECTIONS } from './collections.ts'
import { COMBINATORICS } from './combinatorics.ts'
import { CONCURRENCY } from './concurrency.ts'
import { CONTEXTS } from './contexts.ts'
import { CONVERSION } from './conversion.ts'
import { COPYING } from './copying.ts'
import { CORE } from './core.ts'
import { DEQUES } from './deques.ts'
import { EVENTS } from './events.ts'
import { FUNCTIONAL } from './functional.ts'
import { INTROSPECTION } from './introspection.ts'
import { ITERATING } from './iterating.ts'
import { FUTURES } from './futures.ts'
import type { Natives } from './native.ts'
import { MOCKING } from './mocking.ts'
import { NAMESPACES } from './namespaces.ts'
import { OBJECTS } from './objects.ts'
import { KEYED } from './keyed.ts'
import { KEPT_CALLS } from './kept-calls.ts'
import { LIBRARY } from './library.ts'
import { OPERATORS } from './operators.ts'
import { ORDERED } from './ordered.ts'
import { ORDERING } from './ordering.ts'
import { RECORDS } from './records.ts'
import { REQUESTS } from './requests.ts'
import { SERIALISING } from './serialising.ts'
import { SERIALIZERS } from './serializers.ts'
import { SETS } from './sets.ts'
import { SIGNALS } from './signals.ts'
import { SUBCLASSED } from './subclassed.ts'
import { SYSTEM } from './system.ts'
import { TEMPLATES } from './templates.ts'
import { TEXT } from './text.ts'
import { THREADS } from './threads.ts'

export const NATIVES: Natives = {
  ...CORE,
  ...COPYING,
  ...CONVERSION,
  ...ITERATING,
  ...COMBINATORICS,
  ...COLLECTIONS,
  ...CHAINS,
  ...KEYED,
  ...DEQUES,
  ...SETS,
  ...FUNCTIONAL,
  ...INTROSPECTION,
  ...CONCURRENCY,
  ...CONTEXTS,
  ...THREADS,
  ...EVENTS,
  ...FUTURES,
  ...SIGNALS,
  ...SUBCLASSED,
  ...SYSTEM,
  ...LIBRARY,
  ...KEPT_CALLS,
  ...OPERATORS,
  ...ORDERED,
  ...ORDERING,
  ...SERIALISING,
  ...SERIALIZERS,
  ...REQUESTS,
  ...RECORDS,
  ...TEXT,
  ...TEMPLATES,
  ...BRIDGES,
  ...OBJECTS,
  ...NAMESPACES,
  ...MOCKING,
}
