"""Tables of the orders."""

from sqlalchemy.orm import Mapped, mapped_column

from core.models import Base


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    paid: Mapped[bool] = mapped_column(default=False)
