"""What a program meets when it runs: the application context, the environment, packages and results that nobody knows. Each decision takes the next bit
of the run's plan."""
import importlib.abc
import io
import os


class Foreign(importlib.abc.Loader):
    """A package that nobody knows: it has every name, and what a name stands for does nothing when it is called."""

    def __init__(self, choices):
        self.choices = choices

    def exec_module(self, module):
        module.__getattr__ = lambda name: self.call

    def call(self, *args, **kwargs):
        return Rows(self.choices)


class Choices:
    """The outcomes of unknown conditions of one run."""

    def __init__(self, plan):
        self.plan, self.taken = plan, 0

    def take(self):
        self.taken += 1
        return self.taken <= len(self.plan) and self.plan[self.taken - 1] == "1"


class Environment(dict):
    """os.environ with flags that are chosen anew at each look."""

    def __init__(self, choices):
        super().__init__(os.environ)
        self.choices = choices

    def get(self, name, default=None):
        if not name.startswith("FLAG_"):
            return super().get(name, default)
        return "1" if self.choices.take() else default


class Context:
    """The application context that initialize(ctx) gets. Handing a function to it only stores the function."""

    skip = False

    def __init__(self, choices):
        self.choices = choices
        self.services, self.listeners, self.hooks, self.null = {}, {}, [], io.StringIO()

    def __getattr__(self, name):
        if name.startswith("flag_"):
            return self.choices.take()
        raise AttributeError(name)

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


class Rows:
    """What db() gives: nobody knows whether it is true."""

    def __init__(self, choices):
        self.choices = choices

    def __bool__(self):
        return self.choices.take()
