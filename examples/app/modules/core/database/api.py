"""The database: registered in Phase 1, connected in Phase 2."""

from .services import DatabaseService

MODULE_ID = "core.database"


def initialize(app_context):
    app_context.register_service("core.database.service", DatabaseService("sqlite+aiosqlite:///shop.db"))
    app_context.register_module_setup_hook(module_id=MODULE_ID, setup_method=setup_module)
    return True


async def setup_module(app_context):
    database = app_context.get_service("core.database.service")
    await database.connect(app_context)
    return database.is_initialized()
