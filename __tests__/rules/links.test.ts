// A class that a decorator names by a string: its path starts at the decorator, in names as Python writes them.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

test('the first step is the decorator, and it names the class', async () => {
  const { findings } = await reviewFiles({
    'modules/standard/shop/api.py': [
      'from core.decorators import auto_service_creation, register_service',
      '',
      '',
      '@register_service("shop.items", methods=[])',
      '@auto_service_creation(service_class="ItemService")',
      'class ShopModule:',
      '    pass',
      '',
    ].join('\n'),
    'modules/standard/shop/services.py': [
      'class ItemService:',
      '    def __init__(self, app_context):',
      '        app_context.db_sync_engine.connect()',
      '',
    ].join('\n'),
  })
  expect(findings.map(({ rule, entryPoint, trace }) => ({ rule, entryPoint, trace }))).toEqual([
    {
      rule: 'database-in-phase-1',
      entryPoint: 'modules/standard/shop/services.py::ItemService.__init__',
      trace: [
        {
          file: 'modules/standard/shop/api.py',
          line: 5,
          column: 2,
          endLine: 5,
          function: '',
          kind: 'decorator',
          callee: 'modules.standard.shop.services.ItemService.__init__',
          text: 'auto_service_creation(service_class="ItemService")',
        },
      ],
    },
  ])
})
