// Entry points whose files are the same in base and head are analysed once. What rules and comparisons say about them is the same as if they
// had been analysed twice: nothing that was there before is new, nothing is gone, no suppression is called added.
import { expect, test } from '@jest/globals'
import { reviewFiles } from '../support/review-files.ts'

const moduleOf = (name: string): Record<string, string> => ({
  [`modules/standard/${name}/api.py`]: `from .models import Item


def initialize(app_context):
    app_context.register_service("${name}", Item)
    app_context.db_sync_engine.connect()  # phasegate: ignore[database-in-phase-1] -- warms the pool
    return True
`,
  [`modules/standard/${name}/models.py`]: `from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Item(Base):  # phasegate: ignore[unregistered-model]
    __tablename__ = "${name}"
`,
})

test('a change to one module says nothing about another', async () => {
  const base = { ...moduleOf('shop'), ...moduleOf('news'), ...moduleOf('till') }
  const path = 'modules/standard/shop/api.py'
  const review = await reviewFiles({ ...base, [path]: `"""Shop."""\n${base[path]}` }, base)
  expect(review.findings.filter((it) => it.baselineState !== 'unchanged')).toEqual([])
  expect(new Set(review.findings.map((it) => it.entryPoint.split('/')[2]))).toEqual(new Set(['news', 'shop', 'till']))
  expect([review.verdict, review.suppressionsAdded]).toEqual(['pass', []])
})
