// One step of a call path as a sentence: who does what to what, for every kind whose words depend on more than the kind.
import { expect, test } from '@jest/globals'
import type { TraceStep } from '../../src/findings/model.ts'
import { toPlain } from '../../src/report/phrase.ts'
import { stepSentence } from '../../src/report/story.ts'

const STEP: TraceStep = {
  file: 'modules/shop/api.py',
  line: 3,
  column: 2,
  endLine: 3,
  function: '',
  kind: 'call',
  callee: 'modules.shop.services.load',
  text: 'load()',
}

test.each<[string, Partial<TraceStep>, string]>([
  ['a call in a module', {}, 'the module body calls load'],
  ['a method', { function: 'initialize', callee: 'm.Shop.load' }, 'initialize calls Shop.load'],
  ['a constructor', { kind: 'construct', callee: 'm.Shop.__init__' }, 'the module body constructs Shop'],
  [
    'a decorator that runs',
    { kind: 'decorator', callee: 'm.tools.traced', text: '@tools.traced(level=2)' },
    'the module body applies the decorator traced',
  ],
  [
    'a class that a decorator names',
    { kind: 'decorator', callee: 'm.Shop.__init__', text: 'auto_service_creation(service_class="Shop")' },
    'the module body names Shop in a decorator',
  ],
  [
    'a method that a decorator names',
    { kind: 'decorator', callee: 'm.Shop.load', text: 'initialization_sequence("load", phase="phase1")' },
    'the module body names Shop.load in a decorator',
  ],
  [
    'something handed over',
    { kind: 'invoke', function: 'initialize', callee: 'm.Shop.__init__', text: 'run(Shop)' },
    'initialize has Shop run',
  ],
])('%s', (_, step, sentence) => {
  expect(toPlain(stepSentence({ ...STEP, ...step }))).toBe(sentence)
})
