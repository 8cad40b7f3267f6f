"""Engines and sessions."""

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from core.models import Base


class DatabaseService:
    def __init__(self, url):
        self.url = url
        self.engine = None

    def is_initialized(self):
        return self.engine is not None

    async def connect(self, app_context):
        """Phase 2: makes the engines and creates the tables of all registered models."""
        engine = create_async_engine(self.url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        app_context.db_engine = engine
        app_context.db_session = async_sessionmaker(engine)
        app_context.db_sync_session = sessionmaker(create_engine(self.url.replace("+aiosqlite", "")))
        self.engine = engine
