"""Orders: the numbering continues where the database ends, so it starts in Phase 2."""

from .db_models import Order
from .services import OrderService

MODULE_ID = "standard.orders"


def initialize(app_context):
    app_context.register_models([Order])
    app_context.register_service("standard.orders.service", OrderService(app_context))
    app_context.register_module_setup_hook(module_id=MODULE_ID, setup_method=setup_module)
    return True


async def setup_module(app_context):
    database = app_context.get_service("core.database.service")
    if database is None or not database.is_initialized():
        app_context.add_warning("orders: no database, orders cannot be placed")
        return False
    await app_context.get_service("standard.orders.service").continue_numbering()
    return True
