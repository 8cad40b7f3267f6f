# Programs for the rows of Flask-SQLAlchemy and Flask-Migrate: one application on SQLite in a file that is copied afresh, inside its context.
# The migrations folder holds one empty revision.
import importlib.metadata
import os
import shutil
import tempfile

import flask_migrate
import flask_sqlalchemy

PACKAGE = ("flask_sqlalchemy", "flask_migrate")
FOLDER = tempfile.mkdtemp()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
SOURCE = """
import flask, flask_migrate
from flask_sqlalchemy import SQLAlchemy
from flask_migrate import Migrate
app = flask.Flask("rows")
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///" + DATABASE
db = SQLAlchemy(app)
class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)
migrate = Migrate(app, db, directory=MIGRATIONS)
context = app.test_request_context()
context.push()
"""
MIGRATIONS = os.path.join(FOLDER, "migrations")


def create():
    namespace = made()
    namespace["db"].create_all()
    namespace["db"].session.add(namespace["Item"](id=1))
    namespace["db"].session.commit()
    flask_migrate.init(directory=MIGRATIONS)
    flask_migrate.revision(directory=MIGRATIONS, message="first")
    flask_migrate.stamp(directory=MIGRATIONS)
    finish(namespace)
    shutil.copy(DATABASE, DATABASE + ".fresh")


def made():
    namespace = {"DATABASE": DATABASE, "MIGRATIONS": MIGRATIONS}
    exec(SOURCE, namespace)
    return namespace


def prepare():
    shutil.copy(DATABASE + ".fresh", DATABASE)
    shutil.rmtree(MIGRATIONS + ".copy", ignore_errors=True)
    shutil.copytree(MIGRATIONS, MIGRATIONS + ".copy")
    namespace = made()
    namespace["M"] = MIGRATIONS + ".copy"
    namespace["NEW"] = tempfile.mkdtemp(dir=FOLDER)
    return namespace


def finish(namespace):
    namespace["db"].session.remove()
    namespace["db"].engine.dispose()
    namespace["context"].pop()


def cold(namespace):
    namespace["db"].engine.dispose()


def warm(namespace):
    namespace["db"].engine.connect().close()


def version():
    return f"Flask-SQLAlchemy {importlib.metadata.version('flask-sqlalchemy')} with Flask-Migrate {importlib.metadata.version('flask-migrate')}"


create()
_DB = "flask_sqlalchemy.SQLAlchemy"
RECEIVERS = {_DB: "db", "flask_sqlalchemy.query.Query": "Item.query"}
ARGUMENTS = {"create_all": "", "drop_all": "", "reflect": "", "get_engine": "", "first_or_404": "", "one_or_404": "", "paginate": "", "get_or_404": "1"}
_SELECT = "db.select(Item)"
PROGRAMS = {
    _DB: "SQLAlchemy()", f"{_DB}.<name>": "db.Column", f"{_DB}.init_app": "SQLAlchemy().init_app(flask.Flask('other', instance_path=NEW)) if False else SQLAlchemy()",
    f"{_DB}.first_or_404": f"db.first_or_404({_SELECT})", f"{_DB}.one_or_404": f"db.one_or_404({_SELECT})", f"{_DB}.get_or_404": "db.get_or_404(Item, 1)", f"{_DB}.paginate": f"db.paginate({_SELECT})",
    "flask_sqlalchemy.model.Model.query": "Item.query", "flask_migrate.Migrate": "Migrate(app, db)", "flask_migrate.Migrate.init_app": "Migrate().init_app(app, db)",
    **{f"flask_migrate.{name}": f"flask_migrate.{name}(directory=M)" for name in "branches check current heads list_templates stamp upgrade downgrade migrate".split()},
    "flask_migrate.list_templates": "flask_migrate.list_templates()", "flask_migrate.init": "flask_migrate.init(directory=NEW + '/made')", "flask_migrate.merge": "flask_migrate.merge(directory=M, revisions='heads')",
    "flask_migrate.history": "flask_migrate.history(directory=M, indicate_current=True)", "flask_migrate.revision": "flask_migrate.revision(directory=M, autogenerate=True)",
    "flask_migrate.show": "flask_migrate.show(directory=M, revision='current')",
}
PROGRAMS[f"{_DB}.init_app"] = "unbound.init_app(other)"
BEFORE = {f"{_DB}.init_app": "unbound = SQLAlchemy(); other = flask.Flask('other'); other.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite://'"}
