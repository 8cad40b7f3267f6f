// Names that mean the same type, types that share each other's rows, and services that get_service() knows without a registration.
// Data only; sources as in docs/catalogue.md.

/** alias -> canonical access path */
export const ALIASES: Readonly<Record<string, string>> = {
  'sqlalchemy.Engine': 'sqlalchemy.engine.Engine',
  'sqlalchemy.engine.base.Engine': 'sqlalchemy.engine.Engine',
  'sqlalchemy.Connection': 'sqlalchemy.engine.Connection',
  'sqlalchemy.engine.base.Connection': 'sqlalchemy.engine.Connection',
  'sqlalchemy.Inspector': 'sqlalchemy.engine.reflection.Inspector',
  'sqlalchemy.inspection.inspect': 'sqlalchemy.inspect',
  'sqlalchemy.schema.MetaData': 'sqlalchemy.MetaData',
  'sqlalchemy.sql.schema.MetaData': 'sqlalchemy.MetaData',
  'sqlalchemy.schema.Table': 'sqlalchemy.Table',
  'sqlalchemy.sql.schema.Table': 'sqlalchemy.Table',
  'sqlalchemy.orm.session.Session': 'sqlalchemy.orm.Session',
  'sqlalchemy.orm.session.sessionmaker': 'sqlalchemy.orm.sessionmaker',
  'sqlalchemy.orm.scoping.scoped_session': 'sqlalchemy.orm.scoped_session',
  'sqlalchemy.orm.query.Query': 'sqlalchemy.orm.Query',
  'sqlalchemy.ext.declarative.declarative_base': 'sqlalchemy.orm.declarative_base',
  'sqlalchemy.ext.asyncio.session.AsyncSession': 'sqlalchemy.ext.asyncio.AsyncSession',
  'sqlalchemy.ext.asyncio.session.async_sessionmaker': 'sqlalchemy.ext.asyncio.async_sessionmaker',
  'sqlalchemy.ext.asyncio.engine.AsyncEngine': 'sqlalchemy.ext.asyncio.AsyncEngine',
  'sqlalchemy.ext.asyncio.engine.AsyncConnection': 'sqlalchemy.ext.asyncio.AsyncConnection',
  'sqlmodel.create_engine': 'sqlalchemy.create_engine',
  'sqlmodel.select': 'sqlalchemy.select',
  'django.db.models.query.QuerySet': 'django.db.models.QuerySet',
  'django.db.models.query.RawQuerySet': 'django.db.models.RawQuerySet',
  'django.db.models.manager.Manager': 'django.db.models.Manager',
  'django.db.models.base.Model': 'django.db.models.Model',
  'django.contrib.gis.db.models.Model': 'django.db.models.Model',
  'django.contrib.gis.db.models.Manager': 'django.db.models.Manager',
  'django.db.transaction.Atomic': 'django.db.transaction.atomic',
  'django.dispatch.dispatcher.Signal': 'django.dispatch.Signal',
  'django.dispatch.dispatcher.receiver': 'django.dispatch.receiver',
  'psycopg.connect': 'psycopg.Connection.connect',
  'psycopg.connection.Connection': 'psycopg.Connection',
  'pymysql.Connection': 'pymysql.connect',
  'pymysql.connections.Connection': 'pymysql.connect',
  'asyncpg.pool.Pool': 'asyncpg.Pool',
  'asyncpg.connection.Connection': 'asyncpg.Connection',
  'sqlite3.dbapi2.connect': 'sqlite3.connect',
  'flask_sqlalchemy.extension.SQLAlchemy': 'flask_sqlalchemy.SQLAlchemy',
}

/** type -> types whose rows apply to it too */
export const SHARING: Readonly<Record<string, readonly string[]>> = {
  'django.contrib.auth.models.AbstractUser': ['django.db.models.Model'],
  'django.contrib.auth.models.UserManager': ['django.db.models.Manager'],
  'django.contrib.contenttypes.models.ContentTypeManager': ['django.db.models.Manager'],
  'django.contrib.sites.models.SiteManager': ['django.db.models.Manager'],
  'django.db.models.RelatedManager': ['django.db.models.Manager'],
  'mptt.models.MPTTModel': ['django.db.models.Model'],
  'parler.models.TranslatableModel': ['django.db.models.Model'],
  'polymorphic.models.PolymorphicModel': ['django.db.models.Model'],
  'treebeard.models.Node': ['django.db.models.Model'],
  'treebeard.mp_tree.MP_Node': ['treebeard.models.Node'],
  'treebeard.al_tree.AL_Node': ['treebeard.models.Node'],
  'treebeard.ns_tree.NS_Node': ['treebeard.models.Node'],
  'flask.Blueprint': ['flask.Flask'],
  'flask_sqlalchemy.model.Model': ['sqlalchemy.orm.DeclarativeBase'],
  'flask_sqlalchemy.query.Query': ['sqlalchemy.orm.Query'],
  'flask_sqlalchemy.session.Session': ['sqlalchemy.orm.Session'],
  'sqlalchemy.orm.scoped_session': ['sqlalchemy.orm.Session'],
  'sqlmodel.SQLModel': ['sqlalchemy.orm.DeclarativeBase'],
  'sqlmodel.Session': ['sqlalchemy.orm.Session'],
  'sqlmodel.ext.asyncio.session.AsyncSession': ['sqlalchemy.ext.asyncio.AsyncSession'],
  'threading.Timer': ['threading.Thread'],
}

/** names that get_service() resolves without a registration in the tree */
export const SERVICES: Readonly<Record<string, string>> = {
  'core.database.service': 'modules.core.database.services.DatabaseService',
  'core.database.crud_service': 'modules.core.database.crud.CRUDService',
  db_service: 'modules.core.database.services.DatabaseService',
}

/** last parts of module names from which an unresolved session factory or engine is assumed to be one */
export const DATABASE_MODULES: readonly string[] = [
  'db',
  'database',
  'session',
  'sessions',
  'models',
  'engine',
  'extensions',
]
