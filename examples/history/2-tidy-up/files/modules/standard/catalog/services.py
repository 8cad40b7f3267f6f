"""The catalog: products and the categories they are in."""

import logging

from sqlalchemy import select

from .db_models import Category
from .repo import ProductRepository

logger = logging.getLogger(__name__)


class CatalogService:
    """Answers what the shop sells. The names of the categories are kept, because every page shows them."""

    def __init__(self, app_context):
        self.app_context = app_context
        self.products = ProductRepository(app_context)
        self.category_names = self._load_category_names()

    def _load_category_names(self):
        with self.app_context.db_sync_session() as session:
            names = select(Category.name).order_by(Category.name)
            return session.execute(names).scalars().all()

    async def products_in(self, category_id):
        """Products of one category, in the order of the database."""
        return await self.products.in_category(category_id)
