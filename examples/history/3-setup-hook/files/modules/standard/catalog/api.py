"""What the shop sells."""

from .db_models import Category, Product
from .services import CatalogService

MODULE_ID = "standard.catalog"


def initialize(app_context):
    app_context.register_models([Category, Product])
    app_context.register_service("standard.catalog.service", CatalogService(app_context))
    app_context.register_module_setup_hook(module_id=MODULE_ID, setup_method=setup_module)
    return True


async def setup_module(app_context):
    database = app_context.get_service("core.database.service")
    if database is None or not database.is_initialized():
        app_context.add_warning("catalog: no database, categories stay empty")
        return False
    app_context.get_service("standard.catalog.service").load_category_names()
    return True
