// Drivers whose constructors can be told not to connect yet: the object they make is known all the same, and its use is the operation.
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const FILE = 'modules/standard/d/api.py'

test.each([
  ['import pymysql', 'c = pymysql.connect(defer_connect=True)', 'c.cursor().execute("select 1")'],
  ['import asyncpg', 'c = await asyncpg.create_pool(min_size=0)', 'await c.fetch("select 1")'],
  ['import pymongo', 'c = pymongo.MongoClient("mongodb://x", connect=False)', 'c.shop.users.drop()'],
])('%s: %s', async (imported, made, used) => {
  const text = `${imported}\nasync def initialize(app_context):\n    ${made}\n    ${used}\n`
  expect(told(await reviewed({ [FILE]: text }))).toEqual([`database-in-phase-1 error high ${FILE}:4`])
})
