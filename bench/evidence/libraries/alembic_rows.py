# Programs for the rows of Alembic: a migration environment of one empty revision, made by Alembic itself.
# Commands open their own connection; `op` needs a running migration and has no program here.
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


RECEIVERS = {"alembic.command": "command"}
PROGRAMS = {}
ARGUMENTS = {
    "branches": "config", "check": "config", "current": "config", "downgrade": "config, 'base'", "ensure_version": "config", "heads": "config", "history": "config, indicate_current=True",
    "init": "config, OTHER", "list_templates": "config", "revision": "config, autogenerate=True", "show": "config, 'current'", "stamp": "config, 'head'", "upgrade": "config, 'head'",
}
BEFORE = {"alembic.command.show": "command.upgrade(config, 'head')", "alembic.command.revision": "command.upgrade(config, 'head')", "alembic.command.downgrade": "command.upgrade(config, 'head')"}
PENDING = {}
