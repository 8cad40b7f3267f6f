"""Smaller versions of a program: every candidate is the program with one edit, the largest edits first. Used by the shrinker."""
import ast
import copy


def bodies(tree):
    """Every list of statements in a tree, with its owner and field."""
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody", "handlers", "cases"):
            statements = getattr(node, field, None)
            if isinstance(statements, list):
                yield node, field, statements


def is_unknown(node):
    """A condition that runner.py decides anew each time: what is left of it after an edit would be decided by this machine."""
    return isinstance(node, (ast.Compare, ast.Call, ast.Attribute)) and ast.unparse(node).startswith(("random.random", "os.environ", "ctx.flag_"))


def size(node):
    return sum(1 for _ in ast.walk(node))


def parts(node):
    """Statement lists that may stand in place of a compound statement."""
    return [getattr(node, field) for field in ("body", "orelse", "finalbody") if isinstance(getattr(node, field, None), list) and getattr(node, field)]


def edits(tree, fine):
    """(weight, edit) of each edit: of statements, or (`fine`) of expressions, arguments, decorators and bases."""
    return fine_edits(tree) if fine else statement_edits(tree)


def statement_edits(tree):
    found = []
    for at, (_, field, statements) in enumerate(bodies(tree)):
        for i, statement in enumerate(statements):
            if not (field in ("body",) and len(statements) == 1 and isinstance(statement, ast.Pass)):
                found.append((size(statement), ("delete", at, i, 0)))
            if field in ("handlers", "cases"):
                continue
            for which in range(len(parts(statement))):
                found.append((size(statement) // 2, ("inline", at, i, which)))
    return found


def fine_edits(tree):
    found = []
    expressions = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    for at, node in enumerate(expressions):
        if isinstance(getattr(node, "ctx", ast.Load()), (ast.Store, ast.Del)) or isinstance(node, (ast.Constant, ast.Name)):
            continue
        for which, child in enumerate(ast.iter_child_nodes(node)):
            if isinstance(child, ast.expr) and not is_unknown(node):
                found.append((size(node) - size(child), ("lift", at, which, 0)))
        found.append((size(node) - 1, ("none", at, 0, 0)))
    for at, node in enumerate(ast.walk(tree)):
        if isinstance(node, ast.Call) and not is_unknown(node):
            found.extend((size(a), ("argument", at, i, 0)) for i, a in enumerate([*node.args, *node.keywords]))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.extend((size(d), ("decorator", at, i, 0)) for i, d in enumerate(node.decorator_list))
            if isinstance(node, ast.ClassDef):
                found.extend((size(b), ("base", at, i, 0)) for i, b in enumerate([*node.bases, *node.keywords]))
    return found


class Swap(ast.NodeTransformer):
    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else super().generic_visit(node)


def remove(items, more, i):
    if i < len(items):
        del items[i]
    else:
        del more[i - len(items)]


def apply(tree, edit):
    kind, at, i, which = edit
    if kind in ("delete", "inline"):
        owner, field, statements = list(bodies(tree))[at]
        new = [] if kind == "delete" else parts(statements[i])[which]
        statements[i : i + 1] = new
        if not statements and field == "body":
            statements.append(ast.Pass())
        if not statements and field == "handlers" and not owner.finalbody:
            owner.finalbody.append(ast.Pass())
        if not statements and field == "cases":
            return None
        return tree
    if kind in ("lift", "none"):
        node = [n for n in ast.walk(tree) if isinstance(n, ast.expr)][at]
        new = ast.Constant(None) if kind == "none" else list(ast.iter_child_nodes(node))[i]
        return Swap(node, new).visit(tree)
    node = list(ast.walk(tree))[at]
    if kind == "argument":
        remove(node.args, node.keywords, i)
    elif kind == "decorator":
        del node.decorator_list[i]
    else:
        remove(node.bases, node.keywords, i)
    return tree


def changed(path, text, fine):
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for weight, edit in edits(tree, fine):
        try:
            new = apply(copy.deepcopy(tree), edit)
            if new is None:
                continue
            source = ast.unparse(ast.fix_missing_locations(new)) + "\n"
            compile(source, path, "exec")
        except (SyntaxError, ValueError, AttributeError, TypeError, IndexError):
            continue
        if source != text:
            yield weight, path, source


def candidates(files, fine):
    """All programs that are one edit smaller, as the files that change."""
    found = [] if fine else [(1 << 20, path, None) for path in files if path not in ("main.py", "probe.py")]
    for path, text in files.items():
        if path != "probe.py":
            found.extend(changed(path, text, fine))
    found.sort(key=lambda item: -item[0])
    return [{path: text} for _, path, text in found]
