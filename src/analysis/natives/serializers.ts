// What the constructor of a Django REST framework serializer stores (rest_framework/serializers.py, `BaseSerializer.__init__`): an instance only if it
// is given one, `initial_data` only if it is given data, and no context of its own but the one it is given.
import { newContainer } from '../domain/containers.ts'
import { ABSENT, setSlot } from '../domain/slots.ts'
import { setField } from '../objects/namespaces.ts'
import type { Native, Natives } from './native.ts'

const serializerInit: Native = (frame, call) => {
  const m = frame.machine
  const { args, site } = call
  const open = args.restPos !== null || args.restKw !== null
  const given = args.pos[0] ?? args.kw.get('instance')
  const instance = given ?? (open ? m.domain.unknown('attribute') : m.domain.none)
  for (const self of call.self?.atoms ?? []) {
    if (self.kind !== 'instance') continue
    setField(m, self, 'instance', instance)
    if (open) continue
    if (args.pos.length < 2 && !args.kw.has('data')) setSlot(m, self, ABSENT, m.domain.constant('str', 'initial_data'))
    // a part of another serializer gets that one's context, but is no part of it yet
    if (!args.kw.has('context')) setField(m, self, 'context', m.domain.of(newContainer(frame, 'dict', site.site)))
  }
  return m.domain.none
}

const SERIALIZERS_OF_THE_LIBRARY = [
  'BaseSerializer',
  'Serializer',
  'ListSerializer',
  'ModelSerializer',
  'HyperlinkedModelSerializer',
]

export const SERIALIZERS: Natives = Object.fromEntries(
  SERIALIZERS_OF_THE_LIBRARY.map((name) => [`rest_framework.serializers.${name}.__init__`, serializerInit]),
)
