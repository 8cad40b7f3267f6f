"""What the shop sells."""

from .db_models import Category, Product
from .services import CatalogService

MODULE_ID = "standard.catalog"


def initialize(app_context):
    app_context.register_models([Category, Product])
    app_context.register_service("standard.catalog.service", CatalogService(app_context))
    return True
