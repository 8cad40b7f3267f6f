"""What modules get to see of the application while they start."""


class AppContext:
    """Keeps what modules register. `db_session` and the other database attributes are None until the database module is set up."""

    def __init__(self):
        self.services = {}
        self.models = []
        self.setup_hooks = []
        self.warnings = []
        self.db_engine = None
        self.db_session = None
        self.db_sync_session = None

    def register_service(self, name, service):
        self.services[name] = service

    def get_service(self, name):
        return self.services.get(name)

    def register_models(self, models):
        self.models.extend(models)

    def register_module_setup_hook(self, module_id, setup_method):
        self.setup_hooks.append((module_id, setup_method))

    def add_warning(self, message):
        self.warnings.append(message)
