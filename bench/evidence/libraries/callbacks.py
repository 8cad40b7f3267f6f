# What programs about callables share: `work` is seen when it runs, and a program that only stores it leaves no trace.
# `decorating` makes the programs of decorators: `owner.name(arguments)(work)`.
from measure import SPY


def work(*args, **kwargs):
    SPY.statements.append("work")
    return 1


async def job(*args, **kwargs):
    SPY.statements.append("work")


def decorating(prefix, owner, names, arguments=""):
    """Programs of decorators that are called first: `owner.name(arguments)(view)`."""
    return {f"{prefix}.{name}": f"{owner}.{name}({arguments})(view)" for name in names.split()}


def storing(prefix, owner, names, arguments="view"):
    """Programs of calls that are given the callable: `owner.name(view)`."""
    return {f"{prefix}.{name}": f"{owner}.{name}({arguments})" for name in names.split()}


def namespace(source):
    made = {"work": work, "job": job}
    exec("def view(*args, **kwargs):\n    return work()\nasync def aview(*args, **kwargs):\n    return work()\n" + source, made)
    return made
