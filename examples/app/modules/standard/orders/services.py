"""Takes orders and numbers them."""

from .repo import OrderRepository


class OrderService:
    def __init__(self, app_context):
        self.orders = OrderRepository(app_context)
        self.next_number = None

    async def continue_numbering(self):
        self.next_number = await self.orders.last_number() + 1

    async def place(self):
        number = self.next_number
        self.next_number += 1
        await self.orders.add(number)
        return number
