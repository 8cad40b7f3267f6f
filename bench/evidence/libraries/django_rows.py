# Programs for the rows of Django: a file database, so that connections can be closed and opened; two models with a foreign key and a many-to-many.
# `Shop`, `Item` and `Tag` are made here; every run starts from the same few rows.
import importlib.util
import os
import shutil
import tempfile

import django
from django.conf import settings



def there(name):
    return importlib.util.find_spec(name) is not None


def constance():
    """Older versions keep their table in an application of its own, which needs another package."""
    if not there("constance"):
        return []
    (folder,) = importlib.util.find_spec("constance").submodule_search_locations
    if not os.path.isdir(os.path.join(folder, "backends", "database")):
        return ["constance"]
    return ["constance", "constance.backends.database"] if there("picklefield") else []


_MORE = [*(["waffle"] if there("waffle") else []), *constance()]
PACKAGE = "django"
FOLDER = tempfile.mkdtemp()
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(FOLDER, "db.sqlite3")}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sites", "django.contrib.sessions", *_MORE],
    CONSTANCE_BACKEND="constance.backends.database.DatabaseBackend",
    CONSTANCE_CONFIG={"LIMIT": (1, "a limit")},
    CONSTANCE_DATABASE_CACHE_BACKEND=None,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SECRET_KEY="rows",
    SITE_ID=1,
    CACHES={"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cached"}},
    ROOT_URLCONF="urls",
)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402


class Shop(models.Model):
    name = models.CharField(max_length=20, unique=True)

    class Meta:
        app_label = "contenttypes"


class Tag(models.Model):
    class Meta:
        app_label = "contenttypes"


class Item(models.Model):
    name = models.CharField(max_length=20, unique=True)
    day = models.DateTimeField(auto_now=True)
    shop = models.ForeignKey(Shop, null=True, on_delete=models.CASCADE)
    tags = models.ManyToManyField(Tag)

    class Meta:
        app_label = "contenttypes"


if there("solo"):
    from solo.models import SingletonModel

    class Single(SingletonModel):
        class Meta:
            app_label = "contenttypes"


call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
with connection.schema_editor() as editor:
    for model in (Shop, Tag, Item, *([Single] if "Single" in globals() else [])):
        editor.create_model(model)

connection.close()
DATABASE = os.path.join(FOLDER, "db.sqlite3")
shutil.copy(DATABASE, DATABASE + ".fresh")

SOURCE = """
import django
from django import forms
from django.apps import apps
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import User, Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sites.models import Site
from django.core import serializers, checks
from django.core.cache import cache
from django.core.management import call_command, execute_from_command_line
from django.core.paginator import Paginator
from django.db import connection, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import *
from django.db.models.functions import Length
from django.dispatch import Signal, receiver
from django.shortcuts import *
from django.urls import path, re_path
from django.utils.functional import SimpleLazyObject, lazy
from django.contrib.auth.management import create_permissions
def work(*args, **kwargs):
    return Item.objects.count()
signal = Signal()
"""


# `PRAGMA foreign_keys` and what else the version asks a new connection
STATEMENTS_TO_OPEN = 3
DIRECT = {"django.db.connections.__getitem__"}


def install(spy):
    """SQLite does not trace EXPLAIN: statements are counted where Django sends them too."""
    from django.db.backends.utils import CursorWrapper

    original = CursorWrapper._execute

    def execute(self, sql, params, *ignored):
        spy.statements.append(sql)
        return original(self, sql, params, *ignored)

    CursorWrapper._execute = execute


def prepare():
    namespace = {"Shop": Shop, "Tag": Tag, "Item": Item, "Single": globals().get("Single")}
    finish(namespace)
    shutil.copy(DATABASE + ".fresh", DATABASE)
    exec(SOURCE, namespace)
    shop = Shop.objects.create(name="s")
    namespace["tag"] = Tag.objects.create()
    item = Item.objects.create(name="a", shop=shop)
    item.tags.add(Tag.objects.create())
    namespace["item"] = Item.objects.get(pk=item.pk)
    namespace["shop"] = shop
    namespace["user"] = namespace["User"].objects.create(username="u")
    namespace["ContentType"].objects.clear_cache()
    namespace["Site"].objects.clear_cache()
    return namespace


def finish(namespace):
    from django.db import connections

    for one in connections.all():
        if one.connection is not None:
            one.in_atomic_block = False
            one.needs_rollback = False
            one.savepoint_ids = []
            one.atomic_blocks = []
            one.close()


def cold(namespace):
    if "keep" not in namespace:
        finish(namespace)


def warm(namespace):
    connection.ensure_connection()


def version():
    return f"Django {django.get_version()}"


BASE = "django.db.backends.base.base.BaseDatabaseWrapper"
RECEIVERS = {
    "django.db.models.Manager": "Item.objects",
    "django.db.models.QuerySet": "Item.objects.all()",
    "django.db.models.RawQuerySet": "Item.objects.raw('select * from contenttypes_item')",
    "django.db.models.RelatedManager": "item.tags",
    "django.db.models.Model": "Item.objects.get()",
    "django.apps.apps": "apps",
    "django.contrib.auth.models.UserManager": "User.objects",
    "django.contrib.auth.models.AbstractUser": "User.objects.get()",
    "django.contrib.auth.models.User": "User",
    "django.contrib.contenttypes.models.ContentType": "ContentType",
    "django.contrib.sites.models.Site": "Site",
    "django.contrib.contenttypes.models.ContentTypeManager": "ContentType.objects",
    "django.contrib.sites.models.SiteManager": "Site.objects",
    "django.core.paginator.Paginator": "Paginator(Item.objects.order_by('pk'), 5)",
    BASE: "connection",
    f"{BASE}.introspection": "connection.introspection",
    f"{BASE}.features": "connection.features",
    "django.db.connections": "connections",
    "django.db.migrations.executor.MigrationExecutor": "MigrationExecutor(connection)",
    "django.db.migrations.loader.MigrationLoader": "MigrationLoader(connection)",
    "django.db.migrations.recorder.MigrationRecorder": "MigrationRecorder(connection)",
    "django.db.transaction": "transaction",
    "django.dispatch.Signal": "signal",
    "django.db": "django.db",
}
QS = "Item.objects.values_list('id', 'name')"
PROGRAMS = {
    "django.db.connections.__getitem__": "connections['default']",
    "django.core.cache.cache.<database-backend>": "cache.set('a', 1)",
    "django.core.cache.cache.get_or_set": "cache.get_or_set('missing', work)",
    "django.core.cache.cache.*": "cache.get('a')",
    "django.db.models.Model._default_manager": "Item._default_manager",
    "django.db.models.Model._base_manager": "Item._base_manager",
    "django.db.models.Model.objects": "Item.objects",
    "django.contrib.auth.models.AbstractUser.objects": "User.objects",
    "django.contrib.auth.authenticate": "authenticate(username='a', password='b')",
    "django.contrib.auth.get_user_model": "get_user_model()",
    "django.contrib.auth.management.create_permissions": "create_permissions(apps.get_app_config('auth'), verbosity=0)",
    "django.core.checks.register": "checks.register(work)",
    "django.core.management.execute_from_command_line": "execute_from_command_line(['manage.py', 'migrate', '--verbosity=0', '--skip-checks'])",
    "django.core.management.call_command": "call_command('migrate', verbosity=0)",
    "django.core.paginator.Paginator": "Paginator(Item.objects.all(), 5)",
    "django.core.serializers.serialize": "serializers.serialize('json', Item.objects.all())",
    "django.db.migrations.executor.MigrationExecutor": "MigrationExecutor(connection)",
    "django.db.migrations.loader.MigrationLoader": "MigrationLoader(connection)",
    "django.db.migrations.recorder.MigrationRecorder": "MigrationRecorder(connection)",
    "django.db.models.Field": f"models.CharField(choices={QS})",
    "django.db.models.Model": "Item(name='x')",
    "django.db.models.Model.<deferred-field>": "part.name",
    "django.db.models.Model.<foreign-key>": "whole.shop",
    "django.db.models.QuerySet.as_manager": "QuerySet.as_manager()",
    "django.db.models.Manager.from_queryset": "Manager.from_queryset(QuerySet)",
    "django.db.models.prefetch_related_objects": "prefetch_related_objects([item], 'tags')",
    "django.db.models.Case": "Case(When(pk=1, then=Value(1)))",
    "django.db.models.When": "When(pk=1, then=Value(1))",
    "django.db.models.Count": "Count('pk')",
    "django.db.models.Exists": "Exists(Item.objects.all())",
    "django.db.models.F": "F('pk')",
    "django.db.models.OuterRef": "OuterRef('pk')",
    "django.db.models.Prefetch": "Prefetch('tags', Tag.objects.all())",
    "django.db.models.Q": "Q(pk=1)",
    "django.db.models.Subquery": "Subquery(Item.objects.all())",
    "django.db.models.Value": "Value(1)",
    "django.db.models.signals.*.connect": "models.signals.post_save.connect(work)",
    "django.db.transaction.atomic|call": "transaction.atomic(work)",
    "django.db.transaction.atomic|entered": "transaction.atomic()",
    "django.dispatch.Signal.connect": "signal.connect(work)",
    "django.dispatch.Signal.asend": "(signal.connect(work), signal.asend(1))[1]", "django.dispatch.Signal.asend_robust": "(signal.connect(work), signal.asend_robust(1))[1]",
    "django.dispatch.Signal.send": "(signal.connect(work), signal.send(1))",
    "django.dispatch.Signal.send_robust": "(signal.connect(work), signal.send_robust(1))",
    "django.dispatch.receiver": "receiver(signal)(work)",
    "django.forms.ModelChoiceField": "forms.ModelChoiceField(queryset=Item.objects.all())",
    "django.forms.ModelMultipleChoiceField": "forms.ModelMultipleChoiceField(queryset=Item.objects.all())",
    "django.forms.modelform_factory": "forms.modelform_factory(Item, fields='__all__')",
    "django.forms.modelformset_factory": "forms.modelformset_factory(Item, fields='__all__')",
    "django.shortcuts.get_object_or_404": "get_object_or_404(Item)",
    "django.shortcuts.get_list_or_404": "get_list_or_404(Item)",
    "django.shortcuts.aget_object_or_404": "aget_object_or_404(Item)",
    "django.shortcuts.aget_list_or_404": "aget_list_or_404(Item)",
    "django.urls.path": "path('', work)",
    "django.urls.re_path": "re_path('', work)",
    "django.utils.functional.SimpleLazyObject": "SimpleLazyObject(work)",
    "django.utils.functional.lazy": "lazy(work, int)()",
    "django.db.connections.all().__iter__": "connections.all()",
}
for _name in ("CheckboxSelectMultiple", "ChoiceField", "MultipleChoiceField", "RadioSelect", "Select", "SelectMultiple", "TypedChoiceField", "TypedMultipleChoiceField"):
    PROGRAMS[f"django.forms.{_name}"] = f"forms.{_name}(choices={QS})"
_CURSOR = "django.db.backends.utils.CursorWrapper"
RECEIVERS[_CURSOR] = "connection.cursor()"
_EDITOR = "django.db.backends.base.schema.BaseDatabaseSchemaEditor"
PROGRAMS[f"{_EDITOR}.delete_model"] = "editor.delete_model(Gone)"
PROGRAMS[f"{_EDITOR}.alter_field"] = "editor.alter_field(Item, Item._meta.get_field('name'), longer)"
PROGRAMS[f"{_EDITOR}.remove_field"] = "editor.remove_field(Item, Item._meta.get_field('day'))"
PROGRAMS[f"{_EDITOR}.alter_db_table"] = "editor.alter_db_table(Tag, 'contenttypes_tag', 'other')"
PROGRAMS[f"{_EDITOR}.remove_index"] = "(editor.add_index(Item, index), editor.remove_index(Item, index))"
PROGRAMS[f"{_EDITOR}.add_constraint"] = "editor.add_constraint(Item, check)"
PROGRAMS[f"{_EDITOR}.remove_constraint"] = "(editor.add_constraint(Item, check), editor.remove_constraint(Item, check))"
PROGRAMS[f"{_EDITOR}.alter_unique_together"] = "editor.alter_unique_together(Item, set(), {('name', 'day')})"
for _name, _code in {
    "create_model": "create_model(New)",
    "execute": "execute('select 1')",
    "add_field": "add_field(Tag, field)",
    "add_index": "add_index(Item, models.Index(fields=['name'], name='i1'))",
}.items():
    PROGRAMS[f"{_EDITOR}.{_name}"] = f"editor.{_code}"
_MAKE_EDITOR = """
class New(models.Model):
    class Meta:
        app_label = 'contenttypes'
        managed = False
field = models.IntegerField(default=1)
field.set_attributes_from_name('extra')
longer = models.CharField(max_length=30)
longer.set_attributes_from_name('name')
index = models.Index(fields=['name'], name='i2')
check = models.UniqueConstraint(fields=['name', 'day'], name='u1')
class Gone(models.Model):
    class Meta:
        app_label = 'contenttypes'
        managed = False
connection.disable_constraint_checking()
editor = connection.schema_editor(atomic=False).__enter__()
editor.create_model(Gone)
"""
BEFORE = {symbol: _MAKE_EDITOR for symbol in PROGRAMS if symbol.startswith(_EDITOR)}
BEFORE["django.db.models.Model.<deferred-field>"] = "part = Item.objects.only('pk').get()"
BEFORE["django.db.models.Model.<foreign-key>"] = "whole = Item.objects.get()"
BEFORE[f"{_CURSOR}.fetchone"] = BEFORE[f"{_CURSOR}.fetchall"] = BEFORE[f"{_CURSOR}.fetchmany"] = "r.execute('select 1')"
BEFORE[f"{BASE}.commit"] = BEFORE[f"{BASE}.rollback"] = "connection.ensure_connection()"
BEFORE[f"{BASE}.features.supports_json_field"] = "r.__dict__.pop('supports_json_field', None)"
for _name in ("fetchone", "fetchall", "fetchmany"):
    # reading what was sent before: the connection has to stay open
    BEFORE[f"{_CURSOR}.{_name}"] = "r.execute('select 1'); globals()['keep'] = r"
PENDING = {}
ARGUMENTS = {
    "aggregate": "n=Count('pk')", "aaggregate": "n=Count('pk')",
    "bulk_create": "[Item(name='b1')]", "abulk_create": "[Item(name='b2')]",
    "bulk_update": "[item], ['name']", "abulk_update": "[item], ['name']",
    "contains": "item", "acontains": "item", "create": "name='n1'", "acreate": "name='n2'",
    "earliest": "'pk'", "aearliest": "'pk'", "latest": "'pk'", "alatest": "'pk'",
    "get": "name='a'", "aget": "name='a'",
    "get_or_create": "name='a'", "aget_or_create": "name='a'",
    "update_or_create": "name='a'", "aupdate_or_create": "name='a'",
    "update": "name='z'", "aupdate": "name='y'",
    "filter": "name='a'", "exclude": "name='a'", "complex_filter": "{'name': 'a'}", "alias": "n=Count('pk')", "annotate": "n=Count('pk')",
    "dates": "'day', 'year'", "datetimes": "'day', 'year'", "db_manager": "'default'", "defer": "'name'", "only": "'name'",
    "difference": "Item.objects.all()", "intersection": "Item.objects.all()", "union": "Item.objects.all()",
    "extra": "where=['1=1']", "order_by": "'pk'", "prefetch_related": "'tags'", "select_related": "'shop'", "raw": "'select 1 as id'",
    "using": "'default'", "values": "", "values_list": "", "from_db": "'default', ['id', 'name'], [1, 'a']",
    "has_perm": "'x.y'", "create_user": "username='w'", "create_superuser": "username='v'",
    "get_by_natural_key": "'auth', 'user'", "get_for_id": "1", "get_for_model": "User", "get_for_models": "User",
    "page": "1", "get_model": "'auth', 'User'", "get_app_config": "'auth'",
    "get_table_description": "connection.cursor(), 'contenttypes_item'", "get_table_list": "connection.cursor()", "django_table_names": "only_existing=True",
    "migrate": "[('contenttypes', '0001_initial')], plan=[]", "migration_plan": "[('contenttypes', '0001_initial')]", "check_consistent_history": "connection",
    "record_applied": "'a', 'b'", "record_unapplied": "'a', 'b'",
    "django.db.models.RelatedManager.add": "tag", "django.db.models.RelatedManager.aadd": "tag",
    "django.db.models.RelatedManager.remove": "item.tags.first()", "django.db.models.RelatedManager.aremove": "item.tags.first()",
    "django.db.models.RelatedManager.set": "[tag]", "django.db.models.RelatedManager.aset": "[tag]",
    "django.db.models.RelatedManager.create": "", "django.db.models.RelatedManager.acreate": "",
    "django.db.models.RelatedManager.get_or_create": "pk=9", "django.db.models.RelatedManager.update_or_create": "pk=8",
    f"{_CURSOR}.execute": "'select 1'", f"{_CURSOR}.executemany": "'insert into contenttypes_tag default values', [()]", 
    "set_autocommit": "True", "on_commit": "work",
}
for _name in """acount aexists aexplain afirst ain_bulk aiterator alast all count delete adelete exists explain first get_queryset in_bulk iterator last none reverse distinct
select_for_update clear aclear clean clean_fields full_clean refresh_from_db arefresh_from_db save asave validate_unique validate_constraints clear_cache get_current
get_models table_names close commit connect cursor ensure_connection get_autocommit rollback schema_editor get_connection applied_migrations ensure_schema flush has_table
fetchone fetchall fetchmany prepare_database""".split():
    ARGUMENTS.setdefault(_name, "")

# sessions in a table, permissions, and forms with choices of models
_FORMS = """
from django import forms
class ShopForm(forms.Form):
    shop = forms.ModelChoiceField(queryset=Shop.objects.all())
class NameForm(forms.ModelForm):
    class Meta:
        model = Item
        fields = ["name"]
"""
_STORE = "django.contrib.sessions.backends.db.SessionStore"
_STORED = "from django.contrib.sessions.backends.db import SessionStore\nkeep = SessionStore(); keep['a'] = 1; keep.save()"
_NEW = "from django.contrib.sessions.backends.db import SessionStore"
_USER = "django.contrib.auth.models.AbstractUser"
PROGRAMS.update({
    _STORE: "SessionStore()", f"{_STORE}.save": "keep.save()", f"{_STORE}.create": "SessionStore().create()", f"{_STORE}.delete": "keep.delete()",
    f"{_STORE}.flush": "keep.flush()", f"{_STORE}.exists": "keep.exists('k')", f"{_STORE}.load": "SessionStore(session_key=keep.session_key).load()",
    f"{_STORE}.clear_expired": "SessionStore.clear_expired()", f"{_STORE}.get": "SessionStore(session_key=keep.session_key).get('a')",
    f"{_STORE}.__getitem__": "SessionStore(session_key=keep.session_key)['a']",
    "django.forms.ModelForm.save": "form.save()", "django.forms.BaseForm.<validated-model-choice>": "ShopForm({'shop': '1'}).is_valid()",
    "django.forms.BaseForm.<shown-model-choice>": "ShopForm().as_p()", "django.contrib.auth.models.Group.permissions": "Group(pk=1).permissions",
    f"{_USER}.groups": "user.groups", f"{_USER}.user_permissions": "user.user_permissions", f"{_USER}.has_perms": "user.has_perms(['x.y'])",
    f"{_USER}.has_module_perms": "user.has_module_perms('x')", f"{_USER}.get_all_permissions": "user.get_all_permissions()",
    f"{_USER}.get_group_permissions": "user.get_group_permissions()",
})
for _name in "is_valid full_clean as_p as_table as_ul as_div render".split():
    PROGRAMS[f"django.forms.BaseForm.{_name}"] = f"PlainForm({{'name': 'a'}}).{_name}()"
    BEFORE[f"django.forms.BaseForm.{_name}"] = "from django import forms\nclass PlainForm(forms.Form):\n    name = forms.CharField()"
# form sets over a model, without data: their forms are those of the rows
_SETS = "django.forms.BaseModelFormSet"
RECEIVERS.update({_SETS: "forms.modelformset_factory(Item, fields=['name'])()", "django.forms.modelformset_factory": "forms.modelformset_factory(Item, fields=['name'])"})
ARGUMENTS.update({f"{_SETS}.{name}": "" for name in "as_p as_table as_ul total_form_count initial_form_count get_queryset".split()})
_DATA = "{'form-TOTAL_FORMS': '1', 'form-INITIAL_FORMS': '1', 'form-0-id': '1', 'form-0-name': 'zz'}"
PROGRAMS.update({f"{_SETS}.{name}": f"forms.modelformset_factory(Item, fields=['name'])({_DATA}).{name}()" for name in ("is_valid", "full_clean")})
PROGRAMS.update({
    _SETS: "forms.modelformset_factory(Item, fields=['name'])()", f"{_SETS}.errors": f"forms.modelformset_factory(Item, fields=['name'])({_DATA}).errors", f"{_SETS}.save": "filled.save()",
    "django.forms.inlineformset_factory": "forms.inlineformset_factory(Shop, Item, fields=['name'])", f"{_SETS}.__iter__": "forms.modelformset_factory(Item, fields=['name'])()",
})
BEFORE[f"{_SETS}.save"] = f"from django import forms\nfilled = forms.modelformset_factory(Item, fields=['name'])({_DATA}); filled.is_valid()"
DIRECT.add(f"{_STORE}.__getitem__")
BEFORE.update({f"{_STORE}{name}": _STORED for name in (".save", ".delete", ".flush", ".exists", ".load", ".get", ".__getitem__")})
BEFORE.update({_STORE: _NEW, f"{_STORE}.create": _NEW, f"{_STORE}.clear_expired": _NEW, "django.contrib.auth.models.Group.permissions": "from django.contrib.auth.models import Group"})
BEFORE.update({f"django.forms.BaseForm.<{name}-model-choice>": _FORMS for name in ("validated", "shown")})
BEFORE["django.forms.ModelForm.save"] = _FORMS + "form = NameForm({'name': 'zz'}); form.is_valid()"
NOT_SEEN = {
    "django.setup": "runs what the applications of a project do in ready(), and these have none",
    "django.db.backends.utils.CursorWrapper.callproc": "SQLite has no stored procedures",
}
