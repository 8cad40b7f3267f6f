// Validates GraphQL documents against GitHub's published schema. Building the schema takes about half a second: tools/jest-engine.mjs loads this
// file once for all test files. A program sends few documents many times, so each is validated once.
import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'

export type ValidateDocument = (document: string) => string[]

let validator: ValidateDocument | null = null

/** A function that gives the problems of a document; empty if the real service would accept it. */
export function documentValidator(): ValidateDocument {
  validator ??= createValidator()
  return validator
}

function createValidator(): ValidateDocument {
  // The package's own entry reads a second, larger form of the schema as well; the file is enough.
  const file = new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url)
  const schema = buildSchema(readFileSync(file, 'utf8'), { assumeValid: true })
  const known = new Map<string, string[]>()
  return (document) => {
    const problems = known.get(document) ?? validate(schema, parse(document)).map((error) => error.message)
    known.set(document, problems)
    return problems
  }
}
