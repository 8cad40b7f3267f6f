from sqlalchemy import select

from .db_models import Category
from .repo import ProductRepository


class CatalogService:
    def __init__(self, app_context):
        self.app_context = app_context
        self.products = ProductRepository(app_context)

    def category_names(self):
        with self.app_context.db_sync_session() as session:
            names = select(Category.name).order_by(Category.name)
            return session.execute(names).scalars().all()

    async def products_in(self, category_id):
        return await self.products.in_category(category_id)
