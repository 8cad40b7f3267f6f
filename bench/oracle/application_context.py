"""The application context that initialize(ctx) gets where programs run under CPython. Handing a function to it only stores the function; emit() runs the
listeners of an event at once."""
import io


class ApplicationContext:
    skip = False

    def __init__(self):
        self.services, self.listeners, self.hooks, self.null = {}, {}, [], io.StringIO()

    def register_module_setup_hook(self, module_id, setup_method):
        self.hooks.append(setup_method)

    def hook(self, function):
        self.hooks.append(function)

    def include(self, router):
        pass

    def route(self, path):
        return lambda function: (self.hooks.append(function), function)[1]

    def register_service(self, name, service):
        self.services[name] = service

    def get_service(self, name):
        return self.services[name]

    def on(self, event, function):
        self.listeners.setdefault(event, []).append(function)

    def emit(self, event):
        for function in self.listeners.get(event, []):
            function()
