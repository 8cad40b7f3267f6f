# Asked by a test: does CPython compile these files, and does every name in them mean something? Reads JSON {name: text}, writes JSON {name: complaint}.
import ast
import builtins
import json
import symtable
import sys


def unbound(table, module, seen):
    for symbol in table.get_symbols():
        name = symbol.get_name()
        if symbol.is_referenced() and (symbol.is_global() or table.get_type() == "module"):
            known = name in module and (module[name].is_assigned() or module[name].is_imported() or module[name].is_namespace())
            if not known and not hasattr(builtins, name) and name not in ("__file__",):
                seen.add(name)
    for child in table.get_children():
        unbound(child, module, seen)


def complaint(text):
    try:
        ast.parse(text)
        compile(text, "x", "exec")
        table = symtable.symtable(text, "x", "exec")
    except (SyntaxError, ValueError) as error:
        return str(error)
    seen = set()
    unbound(table, {s.get_name(): s for s in table.get_symbols()}, seen)
    return ", ".join(sorted(seen))


files = json.loads(sys.stdin.buffer.read())
json.dump({name: complaint(text) for name, text in files.items()}, sys.stdout)
