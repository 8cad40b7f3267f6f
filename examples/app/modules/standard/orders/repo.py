"""Queries of the orders."""

from sqlalchemy import func, select

from .db_models import Order


class OrderRepository:
    def __init__(self, app_context):
        self.app_context = app_context

    async def last_number(self):
        async with self.app_context.db_session() as session:
            return await session.scalar(select(func.max(Order.number))) or 0

    async def add(self, number):
        async with self.app_context.db_session() as session:
            session.add(Order(number=number))
            await session.commit()
