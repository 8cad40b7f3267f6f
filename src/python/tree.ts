// The shapes of the parser's syntax tree that the lowering reads, and the numbers of its node kinds. Types only come from the
// parser package; nothing of it is loaded by this file. `ParseNodeType` is an ambient const enum, which cannot be read under
// isolatedModules, so the numbers stand here; a test compares every one with the enum of the installed package.
// Ranges: a node in parentheses starts at the outermost parenthesis and ends after it (the parser extends the node itself).

// oxlint-disable typescript/no-unsafe-enum-assignment -- the parser's const enums cannot be read, their numbers are checked by a test

import type {
  ArgumentNode,
  AssertNode,
  AssignmentExpressionNode,
  AssignmentNode,
  AugmentedAssignmentNode,
  AwaitNode,
  BinaryOperationNode,
  BreakNode,
  CallNode,
  ClassNode,
  ComprehensionForNode,
  ComprehensionIfNode,
  ComprehensionNode,
  ConstantNode,
  ContinueNode,
  DelNode,
  DictionaryExpandEntryNode,
  DictionaryKeyEntryNode,
  DictionaryNode,
  EllipsisNode,
  ErrorNode,
  ForNode,
  FormatStringNode,
  FunctionNode,
  GlobalNode,
  IfNode,
  ImportFromNode,
  ImportNode,
  IndexNode,
  LambdaNode,
  ListNode,
  MatchNode,
  MemberAccessNode,
  NameNode,
  NonlocalNode,
  NumberNode,
  ParameterNode,
  PassNode,
  PatternAsNode,
  PatternCaptureNode,
  PatternClassNode,
  PatternLiteralNode,
  PatternMappingExpandEntryNode,
  PatternMappingKeyEntryNode,
  PatternMappingNode,
  PatternSequenceNode,
  PatternValueNode,
  RaiseNode,
  ReturnNode,
  SetNode,
  SliceNode,
  StatementListNode,
  StringListNode,
  StringNode,
  TernaryNode,
  TryNode,
  TupleNode,
  TypeAliasNode,
  TypeAnnotationNode,
  UnaryOperationNode,
  UnpackNode,
  WhileNode,
  WithNode,
  YieldFromNode,
  YieldNode,
  SuiteNode,
} from '@zzzen/pyright-internal/dist/parser/parseNodes.js'

export type {
  ArgumentNode,
  AssertNode,
  AssignmentExpressionNode,
  AssignmentNode,
  AugmentedAssignmentNode,
  AwaitNode,
  BinaryOperationNode,
  BreakNode,
  CallNode,
  CaseNode,
  ClassNode,
  ComprehensionForNode,
  ComprehensionIfNode,
  ComprehensionNode,
  ConstantNode,
  ContinueNode,
  DecoratorNode,
  DelNode,
  DictionaryExpandEntryNode,
  DictionaryKeyEntryNode,
  DictionaryNode,
  EllipsisNode,
  ErrorNode,
  ExceptNode,
  ExpressionNode,
  ForNode,
  FormatStringNode,
  FunctionNode,
  GlobalNode,
  IfNode,
  ImportFromNode,
  ImportNode,
  IndexNode,
  LambdaNode,
  ListNode,
  MatchNode,
  MemberAccessNode,
  ModuleNameNode,
  NameNode,
  NonlocalNode,
  NumberNode,
  ParameterNode,
  ParseNode,
  PassNode,
  PatternAsNode,
  PatternAtomNode,
  PatternCaptureNode,
  PatternClassNode,
  PatternLiteralNode,
  PatternMappingExpandEntryNode,
  PatternMappingKeyEntryNode,
  PatternMappingNode,
  PatternSequenceNode,
  PatternValueNode,
  RaiseNode,
  ReturnNode,
  SetNode,
  SliceNode,
  StatementListNode,
  StatementNode,
  StringListNode,
  StringNode,
  SuiteNode,
  TernaryNode,
  TryNode,
  TupleNode,
  TypeAliasNode,
  TypeAnnotationNode,
  UnaryOperationNode,
  UnpackNode,
  WhileNode,
  WithNode,
  YieldFromNode,
  YieldNode,
} from '@zzzen/pyright-internal/dist/parser/parseNodes.js'

export const ERROR = 0 as ErrorNode['nodeType']
export const ARGUMENT = 1 as ArgumentNode['nodeType']
export const ASSERT = 2 as AssertNode['nodeType']
export const ASSIGNMENT = 3 as AssignmentNode['nodeType']
export const ASSIGNMENT_EXPRESSION = 4 as AssignmentExpressionNode['nodeType']
export const AUGMENTED_ASSIGNMENT = 5 as AugmentedAssignmentNode['nodeType']
export const AWAIT = 6 as AwaitNode['nodeType']
export const BINARY_OPERATION = 7 as BinaryOperationNode['nodeType']
export const BREAK = 8 as BreakNode['nodeType']
export const CALL = 9 as CallNode['nodeType']
export const CLASS = 10 as ClassNode['nodeType']
export const COMPREHENSION = 11 as ComprehensionNode['nodeType']
export const COMPREHENSION_FOR = 12 as ComprehensionForNode['nodeType']
export const COMPREHENSION_IF = 13 as ComprehensionIfNode['nodeType']
export const CONSTANT = 14 as ConstantNode['nodeType']
export const CONTINUE = 15 as ContinueNode['nodeType']
export const DEL = 17 as DelNode['nodeType']
export const DICTIONARY = 18 as DictionaryNode['nodeType']
export const DICTIONARY_EXPAND_ENTRY = 19 as DictionaryExpandEntryNode['nodeType']
export const DICTIONARY_KEY_ENTRY = 20 as DictionaryKeyEntryNode['nodeType']
export const ELLIPSIS = 21 as EllipsisNode['nodeType']
export const IF = 22 as IfNode['nodeType']
export const IMPORT = 23 as ImportNode['nodeType']
export const IMPORT_FROM = 25 as ImportFromNode['nodeType']
export const INDEX = 27 as IndexNode['nodeType']
export const FOR = 29 as ForNode['nodeType']
export const FORMAT_STRING = 30 as FormatStringNode['nodeType']
export const FUNCTION = 31 as FunctionNode['nodeType']
export const GLOBAL = 32 as GlobalNode['nodeType']
export const LAMBDA = 33 as LambdaNode['nodeType']
export const LIST = 34 as ListNode['nodeType']
export const MEMBER_ACCESS = 35 as MemberAccessNode['nodeType']
export const NAME = 38 as NameNode['nodeType']
export const NONLOCAL = 39 as NonlocalNode['nodeType']
export const NUMBER = 40 as NumberNode['nodeType']
export const PASS = 42 as PassNode['nodeType']
export const RAISE = 43 as RaiseNode['nodeType']
export const RETURN = 44 as ReturnNode['nodeType']
export const SET = 45 as SetNode['nodeType']
export const SLICE = 46 as SliceNode['nodeType']
export const STATEMENT_LIST = 47 as StatementListNode['nodeType']
export const STRING_LIST = 48 as StringListNode['nodeType']
export const STRING = 49 as StringNode['nodeType']
export const TERNARY = 51 as TernaryNode['nodeType']
export const TUPLE = 52 as TupleNode['nodeType']
export const TRY = 53 as TryNode['nodeType']
export const TYPE_ANNOTATION = 54 as TypeAnnotationNode['nodeType']
export const UNARY_OPERATION = 55 as UnaryOperationNode['nodeType']
export const UNPACK = 56 as UnpackNode['nodeType']
export const WHILE = 57 as WhileNode['nodeType']
export const WITH = 58 as WithNode['nodeType']
export const YIELD = 60 as YieldNode['nodeType']
export const YIELD_FROM = 61 as YieldFromNode['nodeType']
export const MATCH = 63 as MatchNode['nodeType']
export const PATTERN_SEQUENCE = 65 as PatternSequenceNode['nodeType']
export const PATTERN_AS = 66 as PatternAsNode['nodeType']
export const PATTERN_LITERAL = 67 as PatternLiteralNode['nodeType']
export const PATTERN_CLASS = 68 as PatternClassNode['nodeType']
export const PATTERN_CAPTURE = 69 as PatternCaptureNode['nodeType']
export const PATTERN_MAPPING = 70 as PatternMappingNode['nodeType']
export const PATTERN_MAPPING_KEY_ENTRY = 71 as PatternMappingKeyEntryNode['nodeType']
export const PATTERN_MAPPING_EXPAND_ENTRY = 72 as PatternMappingExpandEntryNode['nodeType']
export const PATTERN_VALUE = 73 as PatternValueNode['nodeType']
export const TYPE_ALIAS = 77 as TypeAliasNode['nodeType']

export const SUITE = 50 as SuiteNode['nodeType']

/** `d.constType` of a constant: the parser's numbers of the keywords (`KeywordType`); the other is `True`. */
export const KEYWORD_DEBUG = 9 as ConstantNode['d']['constType']
export const KEYWORD_FALSE = 15 as ConstantNode['d']['constType']
export const KEYWORD_NONE = 27 as ConstantNode['d']['constType']

/** `d.category` of arguments and parameters: 1 = `*x`, 2 = `**x`. */
export const PLAIN_ARGUMENT = 0 as ArgumentNode['d']['argCategory']
export const ONE_STAR_ARGUMENT = 1 as ArgumentNode['d']['argCategory']
export const TWO_STARS_ARGUMENT = 2 as ArgumentNode['d']['argCategory']
export const PLAIN_PARAMETER = 0 as ParameterNode['d']['category']
export const ONE_STAR_PARAMETER = 1 as ParameterNode['d']['category']
export const TWO_STARS_PARAMETER = 2 as ParameterNode['d']['category']

/** `d.category` of an error node where the parser's own bound on nesting (256) was reached. */
export const TOO_DEEP = 15 as ErrorNode['d']['category']

/** Bits of the flags of string tokens (`StringTokenFlags`). */
export const STRING_RAW = 8
export const STRING_BYTES = 32
export const STRING_TEMPLATE = 128

/** The operator of a binary, unary or augmented operation by the parser's number (`OperatorType`), as Python writes it; `+=` gives `+`. */
export const OPERATORS: readonly string[] =
  '+ + = & & ~ | | ^ ^ / / == // // > >= << << != < <= @ @ % % * * != ** ** >> >> - - := and or not is is_not in not_in'
    .split(' ')
    .map((operator) => operator.replace('_', ' '))

export const OPERATOR_AND = 36 as BinaryOperationNode['d']['operator']
export const OPERATOR_OR = 37 as BinaryOperationNode['d']['operator']

/** Is this the number of a comparison (`==`, `<`, `in`, `is not` …)? Unparenthesised comparisons nest to the right and are one chain. */
export function isComparison(operator: BinaryOperationNode['d']['operator']): boolean {
  return COMPARISONS.has(OPERATORS[operator] ?? '')
}

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'is', 'is not', 'in', 'not in'])
