"""Queries of the catalog."""

from sqlalchemy import select

from .db_models import Product


class ProductRepository:
    def __init__(self, app_context):
        self.app_context = app_context

    async def in_category(self, category_id):
        async with self.app_context.db_session() as session:
            found = await session.execute(select(Product).where(Product.category_id == category_id))
            return found.scalars().all()
