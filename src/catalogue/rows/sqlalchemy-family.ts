// Catalogue rows: alembic, sqlalchemy_utils, sqlmodel. Data only; the fields are explained in docs/catalogue.md.
// One row per access path and moment. A row without evidence "measured" or "documented" is to be verified before it is relied on.
import type { CatalogueRow } from '../model.ts'

export const SQLALCHEMY_FAMILY: readonly CatalogueRow[] = [
  {"package": "alembic", "symbol": "alembic.command.branches", "kind": "none", "when": "call", "role": "free", "evidence": "measured", "note": "read files only; merge runs env.py with the option revision_environment"},
  {"package": "alembic", "symbol": "alembic.command.check", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured", "note": "runs env.py"},
  {"package": "alembic", "symbol": "alembic.command.current", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured", "note": "runs env.py"},
  {"package": "alembic", "symbol": "alembic.command.downgrade", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "predicate": [{"argument": [2, "sql"], "test": "not", "value": true, "absent": true}], "evidence": "measured", "note": "runs env.py; sql=True prints instead"},
  {"package": "alembic", "symbol": "alembic.command.ensure_version", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "predicate": [{"argument": [1, "sql"], "test": "not", "value": true, "absent": true}], "evidence": "measured", "note": "runs env.py; sql=True prints instead"},
  {"package": "alembic", "symbol": "alembic.command.heads", "kind": "none", "when": "call", "role": "free", "evidence": "measured", "note": "read files only; merge runs env.py with the option revision_environment"},
  {"package": "alembic", "symbol": "alembic.command.history", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "predicate": [{"argument": [3, "indicate_current"], "test": "is", "value": true, "absent": false}], "evidence": "measured", "note": "also when the range starts or ends with \"current\", or with the option revision_environment"},
  {"package": "alembic", "symbol": "alembic.command.init", "kind": "none", "when": "call", "role": "free", "evidence": "measured", "note": "read files only; merge runs env.py with the option revision_environment"},
  {"package": "alembic", "symbol": "alembic.command.list_templates", "kind": "none", "when": "call", "role": "free", "evidence": "measured", "note": "read files only; merge runs env.py with the option revision_environment"},
  {"package": "alembic", "symbol": "alembic.command.merge", "kind": "none", "when": "call", "role": "free", "evidence": "measured", "note": "read files only; merge runs env.py with the option revision_environment"},
  {"package": "alembic", "symbol": "alembic.command.revision", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "predicate": [{"argument": [2, "autogenerate"], "test": "is", "value": true, "absent": false}], "evidence": "measured", "note": "also with the option revision_environment"},
  {"package": "alembic", "symbol": "alembic.command.show", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "predicate": [{"argument": [1, "rev"], "test": "is", "value": "current", "absent": false}], "evidence": "measured"},
  {"package": "alembic", "symbol": "alembic.command.stamp", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "predicate": [{"argument": [2, "sql"], "test": "not", "value": true, "absent": true}], "evidence": "measured", "note": "runs env.py; sql=True prints instead"},
  {"package": "alembic", "symbol": "alembic.command.upgrade", "kind": "migration", "when": "call", "role": "operation", "sends": "statement", "predicate": [{"argument": [2, "sql"], "test": "not", "value": true, "absent": true}], "evidence": "measured", "note": "runs env.py; sql=True prints instead"},
  {"package": "alembic", "symbol": "alembic.op.*", "kind": "schema", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured", "note": "migration files are their own phase"},
  {"package": "sqlalchemy_utils", "symbol": "sqlalchemy_utils.create_database", "kind": "schema", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured"},
  {"package": "sqlalchemy_utils", "symbol": "sqlalchemy_utils.database_exists", "kind": "connection", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured"},
  {"package": "sqlalchemy_utils", "symbol": "sqlalchemy_utils.drop_database", "kind": "schema", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured"},
  {"package": "sqlmodel", "symbol": "sqlmodel.SQLModel.metadata", "kind": "none", "when": "evaluated", "role": "free", "returns": "sqlalchemy.MetaData", "evidence": "measured"},
  {"package": "sqlmodel", "symbol": "sqlmodel.Session.exec", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured"},
  {"package": "sqlmodel", "symbol": "sqlmodel.ext.asyncio.session.AsyncSession.exec", "kind": "query", "when": "awaited", "role": "operation", "sends": "statement", "evidence": "measured"},
]
