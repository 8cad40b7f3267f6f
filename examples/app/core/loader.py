"""Starts the application: Phase 1 registers every module, Phase 2 runs the setup hooks in the same order."""

import importlib

MODULES = ["core.database", "standard.catalog", "standard.orders", "standard.notifications"]


def run_phase_1(app_context):
    for module_id in MODULES:
        api = importlib.import_module(f"modules.{module_id}.api")
        api.initialize(app_context)


async def run_phase_2(app_context):
    for module_id, setup_method in app_context.setup_hooks:
        if not await setup_method(app_context):
            app_context.add_warning(f"{module_id} is not set up")
