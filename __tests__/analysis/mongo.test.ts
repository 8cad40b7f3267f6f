// MongoDB drivers: databases and collections are made up by attribute or key and cost nothing; their methods are the operations.
import { expect, test } from '@jest/globals'
import { reviewed, told } from '../support/analysed.ts'

const FILE = 'modules/standard/m/api.py'
const HEADS = {
  pymongo: 'from pymongo import MongoClient\nclient = MongoClient("mongodb://x", connect=False)\n',
  async: 'from pymongo import AsyncMongoClient\nclient = AsyncMongoClient("mongodb://x")\n',
  motor: 'from motor.motor_asyncio import AsyncIOMotorClient\nclient = AsyncIOMotorClient("mongodb://x")\n',
}

async function findings(driver: keyof typeof HEADS, line: string): Promise<string[]> {
  return told(await reviewed({ [FILE]: `${HEADS[driver]}async def initialize(app_context):\n    ${line}\n` }))
}

test.each([
  ['pymongo', 'client.shop.users.create_index("email")'],
  ['pymongo', 'client["shop"].items.prices.insert_one({})'],
  ['pymongo', 'client.get_database("shop").get_collection("users").find_one({})'],
  ['pymongo', 'list(client.shop.users.find({}).sort("name"))'],
  ['pymongo', 'client.shop.list_collection_names()'],
  ['async', 'await client.shop.users.find_one({})'],
  ['async', 'await client["shop"]["users"].drop()'],
  ['motor', 'await client.shop.users.create_index("email")'],
  ['motor', 'await client["shop"].users.find({}).limit(3).to_list(3)'],
] as const)('%s: %s is an operation', async (driver, line) => {
  expect(await findings(driver, line)).toEqual([`database-in-phase-1 error high ${FILE}:4`])
})

test.each([
  ['pymongo', 'app_context.users = client.shop.users'],
  ['pymongo', 'app_context.users = client.shop.users.find({}).sort("name")'],
  ['async', 'app_context.found = client.shop.users.find({})'],
  ['motor', 'app_context.users = client.shop["users"]'],
  ['motor', 'app_context.register_module_setup_hook(module_id="m", setup_method=client.shop.users.drop)'],
] as const)('%s: %s sends nothing', async (driver, line) => {
  expect(await findings(driver, line)).toEqual([])
})
