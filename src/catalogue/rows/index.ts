// The index of all shipped rows: adding a library adds its file and a line here.
// The order does not matter: look-ups are by symbol.
import type { CatalogueRow } from '../model.ts'
import { DJANGO } from './django.ts'
import { DJANGO_APPLICATIONS } from './django-applications.ts'
import { DJANGO_FAMILY } from './django-family.ts'
import { DRIVERS } from './drivers.ts'
import { FASTAPI } from './fastapi.ts'
import { FLASK } from './flask.ts'
import { FRAMEWORKS } from './frameworks.ts'
import { MODULAR_PYTHON_FRAMEWORK } from './modular-python-framework.ts'
import { MONGO } from './mongo.ts'
import { ORMS } from './orms.ts'
import { PYTHON } from './python.ts'
import { SERVICES } from './services.ts'
import { SMALL_DATABASES } from './small-databases.ts'
import { SQLALCHEMY } from './sqlalchemy.ts'
import { SQLALCHEMY_FAMILY } from './sqlalchemy-family.ts'
import { SQLALCHEMY_ORM } from './sqlalchemy-orm.ts'
import { UNKNOWN_RECEIVER } from './unknown-receiver.ts'

export const ROWS: readonly CatalogueRow[] = [...DJANGO, ...DJANGO_APPLICATIONS, ...DJANGO_FAMILY, ...DRIVERS, ...FASTAPI, ...FLASK, ...FRAMEWORKS, ...MODULAR_PYTHON_FRAMEWORK, ...MONGO, ...ORMS, ...PYTHON, ...SERVICES, ...SMALL_DATABASES, ...SQLALCHEMY, ...SQLALCHEMY_FAMILY, ...SQLALCHEMY_ORM, ...UNKNOWN_RECEIVER]
