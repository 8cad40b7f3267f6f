# Programs for the rows of Flask: an application and a blueprint; `view` runs only when somebody asks for it.
# What a blueprint recorded runs while it is registered.
import importlib.metadata

from callbacks import decorating, namespace, storing

PACKAGE = "flask"
SOURCE = """
import flask, click
from flask.cli import AppGroup
app = flask.Flask("rows")
blue = flask.Blueprint("blue", "rows")
recorded = flask.Blueprint("recorded", "rows")
recorded.record(view)
group = AppGroup("group")
"""


def prepare():
    return namespace(SOURCE)


def version():
    return f"Flask {importlib.metadata.version('flask')}"


_HOOKS = "before_request after_request teardown_request context_processor url_defaults url_value_preprocessor"
PROGRAMS = {
    **storing("flask.Flask", "app", f"{_HOOKS} shell_context_processor teardown_appcontext before_first_request add_template_filter add_template_global add_template_test"),
    **storing("flask.Blueprint", "blue", "after_app_request app_context_processor app_url_defaults app_url_value_preprocessor before_app_first_request before_app_request"),
    **storing("flask.Blueprint", "blue", "teardown_app_request add_app_template_filter add_app_template_global add_app_template_test record record_once"),
    **decorating("flask.Flask", "app", "get post put patch delete route", "'/'"), **decorating("flask.Flask", "app", "endpoint", "'e'"), **decorating("flask.Flask", "app", "errorhandler", "404"),
    **decorating("flask.Flask", "app", "template_filter template_global template_test"), **decorating("flask.Flask", "app.cli", "command group"),
    **decorating("flask.Blueprint", "blue", "app_template_filter app_template_global app_template_test"), **decorating("flask.Blueprint", "blue", "app_errorhandler", "404"),
    "flask.Flask.cli.command": "app.cli.command()(view)", "flask.Flask.cli.group": "app.cli.group()(view)", "flask.Blueprint.cli.command": "blue.cli.command()(view)",
    "flask.Blueprint.cli.group": "blue.cli.group()(view)", "flask.Flask.cli.add_command": "app.cli.add_command(click.Command('c', callback=view))",
    "flask.cli.AppGroup.command": "group.command()(view)", "flask.cli.AppGroup.group": "group.group()(view)", "flask.cli.with_appcontext": "flask.cli.with_appcontext(view)",
    "flask.Flask.add_url_rule": "app.add_url_rule('/', 'e', view)", "flask.Flask.register_error_handler": "app.register_error_handler(404, view)",
    "flask.Flask.register_blueprint": "app.register_blueprint(recorded)", "flask.Flask.app_context": "app.app_context()", "flask.Flask.test_request_context": "app.test_request_context()",
    "flask.after_this_request": "flask.after_this_request(view)",
}
BEFORE = {"flask.after_this_request": "app.test_request_context().__enter__()"}
