"""python main.py: starts the shop and says what did not work."""

import asyncio

from core.app_context import AppContext
from core.loader import run_phase_1, run_phase_2


async def main():
    app_context = AppContext()
    run_phase_1(app_context)
    await run_phase_2(app_context)
    for warning in app_context.warnings:
        print(f"warning: {warning}")


if __name__ == "__main__":
    asyncio.run(main())
