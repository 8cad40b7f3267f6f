// What the facade takes for granted about the parser package: numbers of its kinds, names of what it replaces, its messages.
// A new version of the package that breaks one of them fails here and nowhere else first.

import { describe, expect, test } from '@jest/globals'
import { LocMessage } from '@zzzen/pyright-internal/dist/localization/localize.js'
import * as nodes from '@zzzen/pyright-internal/dist/parser/parseNodes.js'
import { Parser } from '@zzzen/pyright-internal/dist/parser/parser.js'
import * as kinds from '@zzzen/pyright-internal/dist/parser/tokenizerTypes.js'
import { Tokenizer } from '@zzzen/pyright-internal/dist/parser/tokenizer.js'
import { isCompileStage, TOO_DEEP_MESSAGE, wording } from '../../src/python/complaints.ts'
import { parse } from '../../src/python/parse.ts'
import * as tokens from '../../src/python/tokens.ts'
import * as tree from '../../src/python/tree.ts'

/** `PATTERN_AS` → `PatternAs` */
const camel = (constant: string): string =>
  constant
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace('Fstring', 'FString')

/** The enum objects exist at run time, though their types are const enums. */
const enumOf = (module: object, name: string): Record<string, number> =>
  (module as Record<string, Record<string, number>>)[name] ?? {}

const OTHER_CONSTANTS = /^(?:KEYWORD|STRING|OPERATOR|FSTRING)_|_(?:ARGUMENT|PARAMETER)$|^TOO_DEEP$/

test('numbers of the kinds of nodes', () => {
  const runtime = enumOf(nodes, 'ParseNodeType')
  const ours = Object.entries(tree).filter(([name, value]) => typeof value === 'number' && !OTHER_CONSTANTS.test(name))
  expect(ours.length).toBeGreaterThan(60)
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(ours.map(([name]) => [name, runtime[camel(name)]])))
})

test('numbers of the kinds of tokens', () => {
  const runtime = enumOf(kinds, 'TokenType')
  const ours = Object.entries(tokens).filter(([name, value]) => typeof value === 'number' && name !== 'OPERATOR_ASSIGN')
  expect(ours.length).toBeGreaterThan(10)
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(ours.map(([name]) => [name, runtime[camel(name)]])))
  expect(tokens.OPERATOR_ASSIGN).toBe(enumOf(kinds, 'OperatorType')['Assign'])
})

test('other numbers', () => {
  const keyword = enumOf(kinds, 'KeywordType')
  expect([tree.KEYWORD_DEBUG, tree.KEYWORD_FALSE, tree.KEYWORD_NONE]).toEqual([
    keyword['Debug'],
    keyword['False'],
    keyword['None'],
  ])
  const flag = enumOf(kinds, 'StringTokenFlags')
  expect([tree.STRING_RAW, tree.STRING_BYTES, tree.STRING_TEMPLATE]).toEqual([
    flag['Raw'],
    flag['Bytes'],
    flag['Template'],
  ])
  const argument = enumOf(nodes, 'ArgCategory')
  expect([tree.PLAIN_ARGUMENT, tree.ONE_STAR_ARGUMENT, tree.TWO_STARS_ARGUMENT]).toEqual([
    argument['Simple'],
    argument['UnpackedList'],
    argument['UnpackedDictionary'],
  ])
  const parameter = enumOf(nodes, 'ParamCategory')
  expect([tree.PLAIN_PARAMETER, tree.ONE_STAR_PARAMETER, tree.TWO_STARS_PARAMETER]).toEqual([
    parameter['Simple'],
    parameter['ArgsList'],
    parameter['KwargsDict'],
  ])
  expect(tree.TOO_DEEP).toBe(enumOf(nodes, 'ErrorExpressionCategory')['MaxDepthExceeded'])
})

test('operators by number', () => {
  const runtime = Object.entries(enumOf(kinds, 'OperatorType')).filter(([name]) => Number.isNaN(Number(name)))
  expect(tree.OPERATORS).toHaveLength(runtime.length)
  const spelled = Object.fromEntries(runtime.map(([name, number]) => [name, tree.OPERATORS[number]]))
  expect(spelled).toMatchObject({
    Add: '+',
    AddEqual: '+',
    BitwiseInvert: '~',
    Equals: '==',
    FloorDivideEqual: '//',
    GreaterThanOrEqual: '>=',
    LeftShiftEqual: '<<',
    MatrixMultiply: '@',
    Mod: '%',
    NotEquals: '!=',
    PowerEqual: '**',
    RightShift: '>>',
    Subtract: '-',
    Walrus: ':=',
    And: 'and',
    Or: 'or',
    Not: 'not',
    Is: 'is',
    IsNot: 'is not',
    In: 'in',
    NotIn: 'not in',
  })
  expect([tree.OPERATORS[tree.OPERATOR_AND], tree.OPERATORS[tree.OPERATOR_OR]]).toEqual(['and', 'or'])
})

describe('private names of the parser that are read or replaced exist', () => {
  const parser = new Parser() as unknown as Record<string, unknown>
  const tokenizer = new Tokenizer() as unknown as Record<string, unknown>
  test.each(['_tokenIndex', '_tokenCount', '_areErrorsSuppressed', '_parseOptions', '_diagSink', '_maxChildDepthMap'])(
    '%s',
    (name) => expect(name in parser).toBe(true),
  )
  test.each([
    '_startNewParse',
    '_addSyntaxError',
    '_getTypeAnnotationCommentText',
    '_parseTypeAnnotation',
    '_makeStringNode',
    '_disallowAssignmentExpression',
    '_reportStringTokenErrors',
    '_peekToken',
    '_consumeTokenIfOperator',
    '_parseTestExpression',
    '_getOwnerKey',
  ])('%s()', (name) => expect(typeof parser[name]).toBe('function'))
  test.each(['_cs', '_tokens'])('tokenizer %s', (name) => expect(name in tokenizer).toBe(true))
  test.each(['_handleComment', '_addNextToken', '_tryNumber'])('tokenizer %s()', (name) =>
    expect(typeof tokenizer[name]).toBe('function'),
  )
})

describe('messages', () => {
  test.each([
    [LocMessage.returnOutsideFunction(), '"return" can be used only within a function'],
    [LocMessage.breakOutsideLoop(), '"break" can be used only within a loop'],
    [LocMessage.finallyReturn(), 'A "return" cannot be used to exit a "finally" block'],
    [LocMessage.duplicateParam().format({ name: 'x' }), 'Duplicate parameter "x"'],
  ])('%s is of the compile stage', (message, english) => {
    expect(message).toBe(english)
    expect(isCompileStage(message)).toBe(true)
  })

  test('others are not', () => {
    expect(isCompileStage(LocMessage.expectedExpr())).toBe(false)
    expect(isCompileStage(LocMessage.walrusNotAllowed())).toBe(false)
  })

  test("the parser's bound has our words", () => {
    expect(wording(LocMessage.maxParseDepthExceeded())).toBe(TOO_DEEP_MESSAGE)
  })
})

test('the parser asks the replaced methods', () => {
  const found = parse('x: "a b"  # type: !\ny = "\\n"  # é\n')
  expect(found?.complaints).toEqual([])
  expect(found?.comments).toEqual([10, 30])
})
