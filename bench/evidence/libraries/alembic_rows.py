# Programs for the rows of Alembic: a migration environment of one empty revision, made by Alembic itself.
# Commands open their own connection; the functions of `op` are methods of the operations that a running migration has.
import os
import shutil
import tempfile

import alembic
from alembic import command
from alembic.config import Config

PACKAGE = "alembic"
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")


def config():
    made = Config(os.path.join(FOLDER, "alembic.ini"), stdout=open(os.devnull, "w"))
    made.set_main_option("script_location", os.path.join(FOLDER, "scripts"))
    made.set_main_option("sqlalchemy.url", f"sqlite:///{DATABASE}")
    return made


command.init(config(), os.path.join(FOLDER, "scripts"))
environment = os.path.join(FOLDER, "scripts", "env.py")
text = open(environment).read()
open(environment, "w").write(text.replace("fileConfig(config.config_file_name)", "pass"))
command.revision(config(), "first")


def prepare():
    for name in (DATABASE, os.path.join(FOLDER, "other")):
        if os.path.isdir(name):
            shutil.rmtree(name)
        elif os.path.exists(name):
            os.remove(name)
    return {"command": command, "config": config(), "OTHER": os.path.join(FOLDER, "other")}


def finish(namespace):
    pass


def cold(namespace):
    pass


warm = cold


def version():
    return f"Alembic {alembic.__version__}"


# as a migration has it: operations on a connection that is open
_OP = """
from sqlalchemy import create_engine
from alembic.migration import MigrationContext
from alembic.operations import Operations
engine = create_engine("sqlite://")
operations = Operations(MigrationContext.configure(engine.connect()))
"""
RECEIVERS = {"alembic.command": "command"}
PROGRAMS = {"alembic.op.*": "operations.execute('select 1')"}
ARGUMENTS = {
    "branches": "config", "check": "config", "current": "config", "downgrade": "config, 'base'", "ensure_version": "config", "heads": "config", "history": "config, indicate_current=True",
    "init": "config, OTHER", "merge": "config, 'heads'", "list_templates": "config", "revision": "config, autogenerate=True", "show": "config, 'current'", "stamp": "config, 'head'", "upgrade": "config, 'head'",
}
BEFORE = {"alembic.op.*": _OP, "alembic.command.show": "command.upgrade(config, 'head')", "alembic.command.revision": "command.upgrade(config, 'head')", "alembic.command.downgrade": "command.upgrade(config, 'head')"}
PENDING = {}
