# Programs for the rows of packages around Django: REST framework, filters, waffle, constance with its table, solo.
# They use the models and the database of django_rows.
import importlib.metadata

import django_rows
from django_rows import STATEMENTS_TO_OPEN, cold, finish, install, warm  # noqa: F401

_NAMES = {"rest_framework": "djangorestframework", "django_filters": "django-filter", "waffle": "django-waffle", "constance": "django-constance", "solo": "django-solo"}
_THERE = [name for name in _NAMES if django_rows.there(name) and (name != "constance" or django_rows.constance())]
PACKAGE = tuple(_THERE)
assert PACKAGE
SOURCE = """
from django.test import RequestFactory
request = RequestFactory().get("/")
from django.core.cache import cache as the_cache
"""
_SOURCES = {
    "rest_framework": "from rest_framework import serializers, validators, generics\nclass View(generics.ListAPIView):\n    queryset = Item.objects.all()\n",
    "django_filters": "import django_filters\n", "waffle": "import waffle\n", "constance": "from constance import config\n", "solo": "from solo.models import SingletonModel\n",
}


def prepare():
    namespace = django_rows.prepare()
    exec(SOURCE, namespace)
    for name in _THERE:
        exec(_SOURCES[name], namespace)
    return namespace


def version_of(package):
    return f"{package} {importlib.metadata.version(_NAMES[package])} with Django {django_rows.django.get_version()}"


_QS = "Item.objects.values_list('id', 'name')"
PROGRAMS = {
    "rest_framework.generics.GenericAPIView.queryset": "View.queryset", "rest_framework.serializers.ChoiceField": f"serializers.ChoiceField(choices={_QS})",
    "rest_framework.serializers.MultipleChoiceField": f"serializers.MultipleChoiceField(choices={_QS})",
    "rest_framework.serializers.PrimaryKeyRelatedField": "serializers.PrimaryKeyRelatedField(queryset=Item.objects.all())",
    "rest_framework.serializers.SlugRelatedField": "serializers.SlugRelatedField(slug_field='name', queryset=Item.objects.all())",
    "rest_framework.serializers.HyperlinkedRelatedField": "serializers.HyperlinkedRelatedField(view_name='a', queryset=Item.objects.all())",
    "rest_framework.validators.UniqueValidator": "validators.UniqueValidator(queryset=Item.objects.all())",
    "rest_framework.validators.UniqueTogetherValidator": "validators.UniqueTogetherValidator(queryset=Item.objects.all(), fields=['name', 'shop'])",
    **{f"django_filters.{name}": f"django_filters.{name}(queryset=Item.objects.all())" for name in ("ModelChoiceFilter", "ModelMultipleChoiceFilter")},
    **{f"django_filters.{name}": f"django_filters.{name}(choices={_QS})" for name in ("ChoiceFilter", "MultipleChoiceFilter")},
    "waffle.flag_is_active": "waffle.flag_is_active(request, 'a')", "waffle.sample_is_active": "waffle.sample_is_active('a')", "waffle.switch_is_active": "waffle.switch_is_active('a')",
    "constance.config.*": "config.LIMIT", "solo.models.SingletonModel.get_solo": "Single.get_solo()",
}
