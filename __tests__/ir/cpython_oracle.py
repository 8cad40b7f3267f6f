"""CPython's own view of Python sources, in the shape of the representation: the other half of the differential test.

Reads a JSON list of sources (each a list of bytes) from stdin and writes a JSON list of {"body": [...], "functions": [...]}
or {"error": line} to stdout. Positions are UTF-16 offsets. `functions` are [name, line, sorted locals] from symtable.
"""
import ast
import json
import re
import symtable
import sys
import warnings

OPS = {
    "Add": "+", "Sub": "-", "Mult": "*", "Div": "/", "FloorDiv": "//", "Mod": "%", "Pow": "**", "MatMult": "@",
    "LShift": "<<", "RShift": ">>", "BitAnd": "&", "BitOr": "|", "BitXor": "^", "Not": "not", "USub": "-", "UAdd": "+",
    "Invert": "~", "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Is": "is",
    "IsNot": "is not", "In": "in", "NotIn": "not in",
}


# kind and fields of a node in the representation, in the order of evaluation: `key=field`, where the mark behind the field says
# what it is: none an expression, `?` one or none, `*` several, `+` a block, `!` operators, `.` the value itself
SHAPES = {
    "Attribute": "attr o=value n=attr.", "Subscript": "sub o=value i=slice", "Slice": "slice a=lower? b=upper? c=step?",
    "BinOp": "bin op=op! l=left r=right", "UnaryOp": "un op=op! x=operand", "Compare": "cmp l=left ops=ops! r=comparators*",
    "List": "list xs=elts*", "Tuple": "tuple xs=elts*", "Set": "set xs=elts*", "Starred": "star x=value",
    "Await": "await x=value", "Yield": "yield x=value?", "YieldFrom": "yieldfrom x=value", "Expr": "expr x=value",
    "Assign": "assign targets=targets* x=value", "AugAssign": "aug target=target op=op! x=value",
    "AnnAssign": "ann target=target annotation=annotation x=value?", "Delete": "del targets=targets*",
    "Return": "return x=value?", "Raise": "raise x=exc? from=cause?", "Assert": "assert x=test message=msg?",
    "If": "if c=test t=body+ f=orelse+", "While": "while c=test body=body+ orelse=orelse+",
    "For": "for target=target iter=iter body=body+ orelse=orelse+", "Global": "global names=names.",
    "Nonlocal": "nonlocal names=names.", "Pass": "pass", "Break": "break", "Continue": "continue",
}


def op(node):
    return OPS[type(node).__name__]


class Converter:
    def __init__(self, text):
        self.text = text
        self.lines = [0]
        at = 0
        for line in self.split(text):
            at += len(line)
            self.lines.append(at)
        self.utf16 = None
        if text and max(text) > "\uffff":
            self.utf16 = [0]
            for c in text:
                self.utf16.append(self.utf16[-1] + (2 if ord(c) > 0xFFFF else 1))
        self.lambdas = {}

    @staticmethod
    def split(text):
        yield from re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$", text)

    def offset(self, line, column):
        start = self.lines[line - 1]
        end = self.lines[line] if line < len(self.lines) else len(self.text)
        part = self.text[start:end]
        units = column if part.isascii() else len(part.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass"))
        at = start + units
        return at if self.utf16 is None else self.utf16[at]

    def at(self, node, value):
        value["p"] = self.offset(node.lineno, node.col_offset)
        value["e"] = self.offset(node.end_lineno, node.end_col_offset)
        return value

    def body(self, nodes, scope):
        return [self.stmt(node, scope) for node in nodes]

    def args(self, args, keywords, scope):
        found = []
        for node in sorted([*args, *keywords], key=lambda n: (n.lineno, n.col_offset)):
            if isinstance(node, ast.keyword):
                x = self.expr(node.value, scope)
                found.append({"x": x, "n": node.arg} if node.arg else {"x": x, "s": 2})
            elif isinstance(node, ast.Starred):
                found.append({"x": self.expr(node.value, scope), "s": 1})
            else:
                found.append({"x": self.expr(node, scope)})
        return found

    def params(self, a, scope):
        plain = [*a.posonlyargs, *a.args]
        defaults = [None] * (len(plain) - len(a.defaults)) + a.defaults
        rows = [("a/" if i < len(a.posonlyargs) else "a", arg, defaults[i]) for i, arg in enumerate(plain)]
        if a.vararg:
            rows.append(("*", a.vararg, None))
        rows += [("k", arg, default) for arg, default in zip(a.kwonlyargs, a.kw_defaults)]
        if a.kwarg:
            rows.append(("**", a.kwarg, None))
        found = []
        for kind, arg, default in rows:
            annotation = self.opt(arg.annotation, scope)
            found.append({"n": arg.arg, "kind": kind, "annotation": annotation, "default": self.opt(default, scope)})
        return found

    def opt(self, node, scope):
        return None if node is None else self.expr(node, scope)

    def exprs(self, nodes, scope):
        return [self.expr(node, scope) for node in nodes]

    def clauses(self, node, scope):
        return [
            {"target": self.expr(g.target, scope), "iter": self.expr(g.iter, scope), "ifs": self.exprs(g.ifs, scope), "async": bool(g.is_async)}
            for g in node.generators
        ]

    def constant(self, v):
        if v is None:
            return "none", None
        if v is Ellipsis:
            return "ellipsis", None
        if isinstance(v, bool):
            return "bool", v
        if isinstance(v, int):
            return "int", v if v < 2**53 else str(v)
        if isinstance(v, float):
            return "float", "inf" if v == float("inf") else v
        if isinstance(v, complex):
            return "complex", "inf" if v.imag == float("inf") else v.imag
        return ("bytes", v.decode("latin-1")) if isinstance(v, bytes) else ("str", v)

    def parts(self, nodes, scope):
        found = []
        for node in nodes:
            if isinstance(node, ast.Constant):
                found.append({"text": node.value})
            else:
                x = self.expr(node.value, scope)
                spec = self.parts(node.format_spec.values, scope) if node.format_spec else []
                found.append({"x": x, "c": "f" if node.conversion < 0 else chr(node.conversion), "spec": spec})
        return found

    def expr(self, node, scope):
        return self.at(node, self.convert("x_", node, scope))

    def stmt(self, node, scope):
        return self.convert("s_", node, scope)

    def convert(self, prefix, node, scope):
        """By the table of shapes, or by the method for this kind of node."""
        shape = SHAPES.get(type(node).__name__)
        if shape is None:
            return getattr(self, prefix + type(node).__name__)(node, scope)
        kind, *fields = shape.split()
        return {"k": kind, **{key: self.part(how, node, scope) for key, how in (f.split("=") for f in fields)}}

    def part(self, how, node, scope):
        value = getattr(node, how.strip(".?*!+"))
        match how[-1]:
            case ".":
                return value
            case "?":
                return self.opt(value, scope)
            case "*":
                return self.exprs(value, scope)
            case "+":
                return self.body(value, scope)
            case "!":
                return [op(o) for o in value] if isinstance(value, list) else op(value)
        return self.expr(value, scope)

    def x_Constant(self, n, s):
        t, v = self.constant(n.value)
        return {"k": "const", "t": t, "v": v}

    def x_JoinedStr(self, n, s):
        return {"k": "fstr", "parts": self.parts(n.values, s)}

    def x_Name(self, n, s):
        return {"k": "const", "t": "bool", "v": True} if n.id == "__debug__" else {"k": "name", "id": n.id}

    def x_Call(self, n, s):
        return {"k": "call", "f": self.expr(n.func, s), "a": self.args(n.args, n.keywords, s)}

    def x_BoolOp(self, n, s):
        return {"k": "bool", "op": type(n.op).__name__.lower(), "xs": self.exprs(n.values, s)}

    def x_IfExp(self, n, s):
        t = self.expr(n.body, s)
        return {"k": "if", "c": self.expr(n.test, s), "t": t, "f": self.expr(n.orelse, s)}

    def x_Dict(self, n, s):
        return {"k": "dict", "xs": [{"key": self.opt(k, s), "value": self.expr(v, s)} for k, v in zip(n.keys, n.values)]}

    def x_ListComp(self, n, s):
        t = {"ListComp": "list", "SetComp": "set", "GeneratorExp": "gen"}[type(n).__name__]
        return {"k": "comp", "t": t, "x": self.expr(n.elt, s), "value": None, "clauses": self.clauses(n, s)}

    x_SetComp = x_GeneratorExp = x_ListComp

    def x_DictComp(self, n, s):
        x = self.expr(n.key, s)
        return {"k": "comp", "t": "dict", "x": x, "value": self.expr(n.value, s), "clauses": self.clauses(n, s)}

    def x_NamedExpr(self, n, s):
        return {"k": "walrus", "n": n.target.id, "x": self.expr(n.value, s)}

    def x_Lambda(self, n, s):
        self.lambdas[s] = self.lambdas.get(s, 0) + 1
        name = f"{s}<lambda{self.lambdas[s]}>"
        params = self.params(n.args, s)
        return {"k": "lambda", "fn": {"qualname": name, "params": params, "x": self.expr(n.body, name + ".")}}

    def s_AsyncFor(self, n, s):
        shape = self.convert("s_", ast.For(n.target, n.iter, n.body, n.orelse), s)
        return {**shape, "async": True}

    def s_With(self, n, s):
        items = [{"x": self.expr(i.context_expr, s), "target": self.opt(i.optional_vars, s)} for i in n.items]
        return {"k": "with", "items": items, "body": self.body(n.body, s), "async": isinstance(n, ast.AsyncWith)}

    s_AsyncWith = s_With

    def s_Try(self, n, s):
        body = self.body(n.body, s)
        handlers = [{"type": self.opt(h.type, s), "n": h.name, "body": self.body(h.body, s)} for h in n.handlers]
        orelse = self.body(n.orelse, s)
        final = self.body(n.finalbody, s)
        star = type(n).__name__ == "TryStar"
        return {"k": "try", "body": body, "handlers": handlers, "orelse": orelse, "final": final, "star": star}

    s_TryStar = s_Try

    def s_Match(self, n, s):
        x = self.expr(n.subject, s)
        cases = [
            {"pattern": self.pattern(c.pattern, s), "guard": self.opt(c.guard, s), "body": self.body(c.body, s)}
            for c in n.cases
        ]
        return {"k": "match", "x": x, "cases": cases}

    def pattern(self, p, s):
        many = lambda ps: [self.pattern(q, s) for q in ps]
        match type(p).__name__:
            case "MatchValue":
                return {"k": "value", "x": self.expr(p.value, s)}
            case "MatchSingleton":
                t, v = self.constant(p.value)
                return {"k": "value", "x": self.at(p, {"k": "const", "t": t, "v": v})}
            case "MatchSequence":
                return {"k": "sequence", "xs": many(p.patterns)}
            case "MatchMapping":
                xs = [{"key": self.expr(k, s), "value": self.pattern(v, s)} for k, v in zip(p.keys, p.patterns)]
                return {"k": "mapping", "xs": xs, "rest": p.rest}
            case "MatchClass":
                kw = [{"n": n, "x": self.pattern(q, s)} for n, q in zip(p.kwd_attrs, p.kwd_patterns)]
                return {"k": "class", "cls": self.expr(p.cls, s), "xs": many(p.patterns), "kw": kw}
            case "MatchStar":
                return {"k": "rest", "n": p.name}
            case "MatchAs":
                if p.pattern is None:
                    return {"k": "capture", "n": p.name}
                return {"k": "as", "pattern": self.pattern(p.pattern, s), "n": p.name}
            case "MatchOr":
                return {"k": "or", "xs": many(p.patterns)}

    def s_FunctionDef(self, n, s):
        name = s + n.plain
        decorators = self.exprs(n.decorator_list, s)
        params = self.params(n.args, s)
        returns = self.opt(n.returns, s)
        fn = {
            "name": n.name, "qualname": name, "async": isinstance(n, ast.AsyncFunctionDef), "decorators": decorators,
            "params": params, "returns": returns, "body": self.body(n.body, name + "."),
            "docstring": ast.get_docstring(n, clean=False) is not None,
        }
        return {"k": "def", "fn": self.at(n, fn)}

    s_AsyncFunctionDef = s_FunctionDef

    def s_ClassDef(self, n, s):
        name = s + n.plain
        decorators = self.exprs(n.decorator_list, s)
        bases = self.args(n.bases, n.keywords, s)
        body = self.body(n.body, name + ".")
        cls = {"name": n.name, "qualname": name, "decorators": decorators, "bases": bases, "body": body}
        return {"k": "class", "cls": self.at(n, cls)}

    def s_Import(self, n, s):
        return {"k": "import", "names": [self.at(a, {"n": a.name, "as": a.asname}) for a in n.names]}

    def s_ImportFrom(self, n, s):
        return {**self.s_Import(n, s), "k": "from", "level": n.level, "module": n.module or ""}

    def s_TypeAlias(self, n, s):
        return {"k": "typealias", "n": n.name.id}


COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr"}


def functions(table, found):
    for child in table.get_children():
        if child.get_type() == "function" and child.get_name() not in COMPREHENSIONS:
            names = [s.get_name() for s in child.get_symbols() if s.is_local() and not s.is_global()]
            found.append([child.get_name(), child.get_lineno(), sorted(set(names) - {"__class__", ".0", ".defaults", ".kwdefaults"})])
        functions(child, found)
    return found


class Mangler(ast.NodeVisitor):
    """Private names carry their class, as the compiler writes them; `plain` keeps the name of a definition as it is written."""

    klass = ""

    def private(self, name):
        private = self.klass and name.startswith("__") and not name.endswith("__") and "." not in name
        return f"_{self.klass}{name}" if private else name

    def generic_visit(self, node):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            node.plain = node.name
        fields = ("asname",) if isinstance(node, ast.alias) else ("id", "attr", "name", "arg", "rest", "names", "kwd_attrs")
        for field in fields:
            value = getattr(node, field, None)
            if isinstance(value, str):
                setattr(node, field, self.private(value))
            elif isinstance(value, list) and all(isinstance(item, str) for item in value):
                setattr(node, field, [self.private(item) for item in value])
        super().generic_visit(node)

    def visit_ClassDef(self, node):
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part)
        node.plain = node.name
        node.name = self.private(node.name)
        around, self.klass = self.klass, node.plain.lstrip("_")
        for part in node.body:
            self.visit(part)
        self.klass = around


def view(source):
    import io
    import tokenize
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return {"error": getattr(error, "lineno", None) or 0, "message": str(error)}
    Mangler().visit(tree)
    lines = io.BytesIO(source.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    try:
        text = source.decode(tokenize.detect_encoding(lines.readline)[0])
    except (SyntaxError, UnicodeDecodeError):
        # bytes that are no UTF-8 in a comment: only the parser takes them
        text = source.decode("utf-8", "replace")
    converter = Converter(text.removeprefix("\ufeff"))
    # since 3.12 comprehensions are inlined (PEP 709) and symtable counts their targets among a function's locals
    if sys.version_info >= (3, 12):
        return {"body": converter.body(tree.body, ""), "functions": None}
    try:
        found = functions(symtable.symtable(source, "x", "exec"), [])
    except SyntaxError:
        found = None
    return {"body": converter.body(tree.body, ""), "functions": found}


def main():
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20000)
    sys.stdout.write(json.dumps([view(bytes(source)) for source in json.load(sys.stdin)]))


main()
