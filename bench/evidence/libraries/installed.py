# Of several packages those that can be imported here, and their versions. A package that is not there has no version and no program.
# Must stay true: a package is named as the rows of the catalogue name it; what it is called elsewhere is said beside it.
import importlib
import importlib.metadata


def modules_of(names):
    """Package -> module, of those that can be imported. `names`: package -> dotted name of the module."""
    found = {}
    for package, name in names.items():
        try:
            found[package] = importlib.import_module(name)
        except ImportError:
            pass
    assert found, "none of these packages is here"
    return found


def top_modules(modules):
    """Name -> module: what programs begin their access paths with."""
    names = {module.__name__.partition(".")[0] for module in modules.values()}
    return {name: importlib.import_module(name) for name in names}


def version_of(package, distributions):
    """Package and version. `distributions`: package -> name under which it is installed, where that is another one."""
    return f"{package} {importlib.metadata.version(distributions.get(package, package))}"
