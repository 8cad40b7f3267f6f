"""What a program meets when it runs: the application context, the environment, packages and results that nobody knows. Each decision takes the next bit
of the run's plan."""
import importlib.abc
import os
import sys

from application_context import ApplicationContext


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


class Context(ApplicationContext):
    """The application context, with flags that are chosen anew at each look."""

    def __init__(self, choices):
        super().__init__()
        self.choices = choices

    def __getattr__(self, name):
        if name.startswith("flag_"):
            return self.choices.take()
        raise AttributeError(name)


class Rows:
    """What db() gives: nobody knows whether it is true, or for which class a function that dispatches on its argument takes it."""

    def __init__(self, choices):
        self.choices = choices

    @property
    def __class__(self):
        if sys._getframe(1).f_globals.get("__name__") != "functools":
            return Rows
        if self.choices.take():
            return str if self.choices.take() else int
        return list if self.choices.take() else Rows

    def __bool__(self):
        return self.choices.take()
