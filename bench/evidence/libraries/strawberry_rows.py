# Programs for the rows of Strawberry: a resolver or a class is kept until the schema is asked.
# No schema is executed.
import importlib.metadata

from callbacks import namespace

PACKAGE = "strawberry"
SOURCE = """
import enum, strawberry
def view() -> int:
    return work()
class Kind(enum.Enum):
    A = 1
class Shape:
    side: int
"""


def prepare():
    return namespace(SOURCE)


def version():
    return f"Strawberry {importlib.metadata.version('strawberry-graphql')}"


PROGRAMS = {
    **{f"strawberry.{name}": f"strawberry.{name}(view)" for name in ("field", "mutation", "subscription")}, "strawberry.enum": "strawberry.enum(Kind)",
    **{f"strawberry.{name}": f"strawberry.{name}(Shape)" for name in ("type", "input", "interface")},
}
