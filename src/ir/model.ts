// The intermediate representation of one Python file: a small, structured, serialisable tree (plain JSON, no parents, no cycles).
// Every expression and statement of the language has a kind here; what the lowering cannot express is an explicit `unknown`.
// `p` and `e` are start and end offsets in UTF-16 units of the decoded text; they become lines and columns only in reports.

interface Node {
  readonly p: number
  readonly e: number
}

export type ConstantType = 'str' | 'bytes' | 'int' | 'float' | 'complex' | 'bool' | 'none' | 'ellipsis'

export interface Argument {
  readonly x: Expr
  /** keyword name; absent for positional arguments */
  readonly n?: string
  /** 1 = `*x`, 2 = `**x` */
  readonly s?: 1 | 2
}

export interface ComprehensionClause {
  readonly target: Expr
  readonly iter: Expr
  readonly ifs: readonly Expr[]
  readonly async: boolean
}

export type Expr = Node &
  (
    | { readonly k: 'const'; readonly t: ConstantType; readonly v: string | number | boolean | null }
    | { readonly k: 'name'; readonly id: string }
    | { readonly k: 'attr'; readonly o: Expr; readonly n: string }
    | { readonly k: 'sub'; readonly o: Expr; readonly i: Expr }
    | { readonly k: 'slice'; readonly a: Expr | null; readonly b: Expr | null; readonly c: Expr | null }
    | { readonly k: 'call'; readonly f: Expr; readonly a: readonly Argument[] }
    /** `op` as Python writes it: + - * / // % ** @ << >> & | ^ */
    | { readonly k: 'bin'; readonly op: string; readonly l: Expr; readonly r: Expr }
    /** `op`: not - + ~ */
    | { readonly k: 'un'; readonly op: string; readonly x: Expr }
    /** a chain `l ops[0] r[0] ops[1] r[1] …`; ops: == != < <= > >= is, is not, in, not in */
    | { readonly k: 'cmp'; readonly l: Expr; readonly ops: readonly string[]; readonly r: readonly Expr[] }
    | { readonly k: 'bool'; readonly op: 'and' | 'or'; readonly xs: readonly Expr[] }
    | { readonly k: 'if'; readonly c: Expr; readonly t: Expr; readonly f: Expr }
    | { readonly k: 'lambda'; readonly fn: FunctionIr }
    | { readonly k: 'list' | 'tuple' | 'set'; readonly xs: readonly Expr[] }
    /** key null = `**value` */
    | { readonly k: 'dict'; readonly xs: readonly { readonly key: Expr | null; readonly value: Expr }[] }
    | { readonly k: 'star'; readonly x: Expr }
    | {
        readonly k: 'comp'
        readonly t: 'list' | 'set' | 'dict' | 'gen'
        /** the element; for `dict` the key, with `value` beside it */
        readonly x: Expr
        readonly value: Expr | null
        readonly clauses: readonly ComprehensionClause[]
      }
    | { readonly k: 'await'; readonly x: Expr }
    | { readonly k: 'yield'; readonly x: Expr | null }
    | { readonly k: 'yieldfrom'; readonly x: Expr }
    | { readonly k: 'walrus'; readonly n: string; readonly x: Expr }
    /** an f-string (or a t-string, `lazy`): the literal parts are constants; formatted parts may carry a nested format spec */
    | { readonly k: 'fstr'; readonly parts: readonly FormatPart[]; readonly lazy: boolean }
    /** not expressible: `xs` are the parts that run all the same, in order */
    | { readonly k: 'unknown'; readonly why: string; readonly xs: readonly Expr[] }
  )

export interface FormatPart {
  readonly x: Expr
  /** '' for literal text; 'f' formatted by format(); 'r', 's', 'a' for a conversion */
  readonly c: '' | 'f' | 'r' | 's' | 'a'
  readonly spec: readonly FormatPart[]
}

export interface Alias {
  readonly n: string
  readonly as: string | null
  readonly p: number
  readonly e: number
}

export interface WithItem {
  readonly x: Expr
  readonly target: Expr | null
}

export interface ExceptClause extends Node {
  readonly type: Expr | null
  readonly n: string | null
  readonly body: readonly Stmt[]
}

export interface MatchCase extends Node {
  readonly pattern: Pattern
  readonly guard: Expr | null
  readonly body: readonly Stmt[]
}

export type Pattern = Node &
  (
    | { readonly k: 'value'; readonly x: Expr }
    /** n null = wildcard `_` */
    | { readonly k: 'capture'; readonly n: string | null }
    | { readonly k: 'as'; readonly pattern: Pattern; readonly n: string }
    | { readonly k: 'or'; readonly xs: readonly Pattern[] }
    | { readonly k: 'sequence'; readonly xs: readonly Pattern[] }
    /** `*rest` inside a sequence */
    | { readonly k: 'rest'; readonly n: string | null }
    | {
        readonly k: 'mapping'
        readonly xs: readonly { readonly key: Expr; readonly value: Pattern }[]
        readonly rest: string | null
      }
    | {
        readonly k: 'class'
        readonly cls: Expr
        readonly xs: readonly Pattern[]
        readonly kw: readonly { readonly n: string; readonly x: Pattern }[]
      }
    | { readonly k: 'unknown'; readonly why: string }
  )

export type Stmt = Node &
  (
    | { readonly k: 'expr'; readonly x: Expr }
    | { readonly k: 'assign'; readonly targets: readonly Expr[]; readonly x: Expr }
    | { readonly k: 'aug'; readonly target: Expr; readonly op: string; readonly x: Expr }
    | { readonly k: 'ann'; readonly target: Expr; readonly annotation: Expr; readonly x: Expr | null }
    | { readonly k: 'del'; readonly targets: readonly Expr[] }
    | { readonly k: 'return'; readonly x: Expr | null }
    | { readonly k: 'raise'; readonly x: Expr | null; readonly from: Expr | null }
    | { readonly k: 'assert'; readonly x: Expr; readonly message: Expr | null }
    | { readonly k: 'if'; readonly c: Expr; readonly t: readonly Stmt[]; readonly f: readonly Stmt[] }
    | { readonly k: 'while'; readonly c: Expr; readonly body: readonly Stmt[]; readonly orelse: readonly Stmt[] }
    | {
        readonly k: 'for'
        readonly target: Expr
        readonly iter: Expr
        readonly body: readonly Stmt[]
        readonly orelse: readonly Stmt[]
        readonly async: boolean
      }
    | {
        readonly k: 'with'
        readonly items: readonly WithItem[]
        readonly body: readonly Stmt[]
        readonly async: boolean
      }
    | {
        readonly k: 'try'
        readonly body: readonly Stmt[]
        readonly handlers: readonly ExceptClause[]
        readonly orelse: readonly Stmt[]
        readonly final: readonly Stmt[]
        readonly star: boolean
      }
    | { readonly k: 'match'; readonly x: Expr; readonly cases: readonly MatchCase[] }
    | { readonly k: 'def'; readonly fn: FunctionIr }
    | { readonly k: 'class'; readonly cls: ClassIr }
    /** `import a.b as c` */
    | { readonly k: 'import'; readonly names: readonly Alias[] }
    /** `from ..m import a, b`: level counts the dots, module is '' for `from . import x`; a star import has the one name '*' */
    | { readonly k: 'from'; readonly level: number; readonly module: string; readonly names: readonly Alias[] }
    | { readonly k: 'global' | 'nonlocal'; readonly names: readonly string[] }
    | { readonly k: 'pass' | 'break' | 'continue' }
    /** `type X = …` (PEP 695): the value is lazy and never runs */
    | { readonly k: 'typealias'; readonly n: string }
    | { readonly k: 'unknown'; readonly why: string; readonly xs: readonly Expr[] }
  )

export interface Parameter {
  readonly n: string
  /** 'a/' positional-only, 'a' ordinary, '*' var-positional, 'k' keyword-only, '**' var-keyword */
  readonly kind: 'a/' | 'a' | '*' | 'k' | '**'
  readonly default: Expr | null
  readonly annotation: Expr | null
  readonly p: number
  readonly e: number
}

/** A function, lambda or method. Names are what its body binds (parameters included); free names are looked up outwards. */
export interface FunctionIr extends Node {
  /** '<lambda>' for lambdas */
  readonly name: string
  /** dotted inside the file: `Class.method`, `outer.inner` (without `<locals>`), `outer.<lambda1>` numbered per scope */
  readonly qualname: string
  /** offsets of the name (of the word `lambda`) */
  readonly np: number
  readonly ne: number
  readonly async: boolean
  /** contains yield or yield from in its own body */
  readonly generator: boolean
  readonly params: readonly Parameter[]
  readonly returns: Expr | null
  readonly decorators: readonly Expr[]
  readonly body: readonly Stmt[]
  /** names that the body binds, without those declared global or nonlocal; parameters included */
  readonly locals: readonly string[]
  readonly globals: readonly string[]
  readonly nonlocals: readonly string[]
  readonly docstring: boolean
}

export interface ClassIr extends Node {
  readonly name: string
  readonly qualname: string
  readonly np: number
  readonly ne: number
  readonly bases: readonly Argument[]
  readonly decorators: readonly Expr[]
  readonly body: readonly Stmt[]
  readonly locals: readonly string[]
  readonly globals: readonly string[]
  readonly nonlocals: readonly string[]
}

/** A `# phasegate: ignore[rule, …] -- reason` comment (real comments only, never text in a string). */
export interface SuppressionComment {
  /** line of the comment, from 1 */
  readonly line: number
  /** the comment stands alone on its line and so speaks for the next line that holds code */
  readonly own: boolean
  /** the line it speaks for */
  readonly target: number
  /** empty = malformed: no rule named */
  readonly rules: readonly string[]
  /** '' when no reason is given */
  readonly reason: string
  readonly column: number
}

export type SyntaxReason = 'syntax-error' | 'unreadable'

/** Why (a part of) a file could not be understood. */
export interface SyntaxProblem {
  readonly reason: SyntaxReason
  readonly line: number
  readonly message: string
}

/** What an import statement (or `import_module("literal")`) asks for; `names` is null where it names modules only. */
export interface ImportRequest {
  readonly level: number
  readonly module: string
  readonly names: readonly string[] | null
}

/** `flags.READY = …` behind an import of `flags`. */
export interface ModuleStore {
  readonly level: number
  readonly module: string
  readonly name: string
}

/** A class at the top of a module, without its body. */
export interface ClassOutline {
  readonly name: string
  readonly qualname: string
  readonly np: number
  readonly ne: number
  /** names that its body assigns plainly, not in branches */
  readonly assigns: readonly string[]
}

/** What is known of a module without its statements. Small: this is what the cache keeps beside the text. */
export interface ModuleHead {
  /** every import, function-local ones and those under TYPE_CHECKING included */
  readonly imports: readonly ImportRequest[]
  readonly classes: readonly ClassOutline[]
  /** every name bound at module level, `global x` inside functions included */
  readonly names: readonly string[]
  /** names that functions rebind through `global` */
  readonly rebound: readonly string[]
  /** attribute names stored on anything other than `self`/`cls` and imported modules (`x.DEBUG = …`) anywhere in the file */
  readonly attributeStores: readonly string[]
  /** what is stored on names that the file only ever imports: attributes of those modules, if modules are what they are */
  readonly moduleStores: readonly ModuleStore[]
  /** `from __future__ import annotations` */
  readonly lazyAnnotations: boolean
  readonly suppressions: readonly SuppressionComment[]
  /** empty when CPython accepts the file */
  readonly problems: readonly SyntaxProblem[]
}

export interface ModuleIr extends ModuleHead {
  readonly body: readonly Stmt[]
  /** offsets of the first character of every line, as CPython counts lines (LF, CRLF, lone CR); the first is 0 */
  readonly lines: readonly number[]
}
