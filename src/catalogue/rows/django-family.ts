// Catalogue rows: constance, rest_framework, solo, waffle. Data only; the fields are explained in docs/catalogue.md.
// One row per access path and moment. A row without evidence "measured" or "documented" is to be verified before it is relied on.
import type { CatalogueRow } from '../model.ts'

export const DJANGO_FAMILY: readonly CatalogueRow[] = [
  {"package": "constance", "symbol": "constance.config.*", "kind": "query", "when": "evaluated", "role": "operation", "sends": "statement", "default": "off", "evidence": "measured", "note": "only with the database backend"},
  {"package": "rest_framework", "symbol": "rest_framework.generics.GenericAPIView.queryset", "kind": "none", "when": "evaluated", "role": "builder", "evidence": "measured", "note": "a query set in a class body is lazy; it is evaluated per request"},
  {"package": "solo", "symbol": "solo.models.SingletonModel.get_solo", "kind": "model", "when": "call", "role": "operation", "sends": "statement", "evidence": "measured"},
  {"package": "waffle", "symbol": "waffle.flag_is_active", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "certainty": "may", "evidence": "measured", "note": "cache first, then the database"},
  {"package": "waffle", "symbol": "waffle.sample_is_active", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "certainty": "may", "evidence": "measured", "note": "cache first, then the database"},
  {"package": "waffle", "symbol": "waffle.switch_is_active", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "certainty": "may", "evidence": "measured", "note": "cache first, then the database"},
  {"package": "rest_framework", "symbol": "rest_framework.serializers.ChoiceField", "kind": "none", "when": "call", "role": "forcer", "arguments": [0, "choices"], "timing": "now", "evidence": "measured", "note": "the constructor turns choices into a dictionary"},
  {"package": "rest_framework", "symbol": "rest_framework.serializers.MultipleChoiceField", "kind": "none", "when": "call", "role": "forcer", "arguments": [0, "choices"], "timing": "now", "evidence": "measured", "note": "the constructor turns choices into a dictionary"},
  {"package": "rest_framework", "symbol": "rest_framework.serializers.PrimaryKeyRelatedField", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "queryset= is kept"},
  {"package": "rest_framework", "symbol": "rest_framework.serializers.SlugRelatedField", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "queryset= is kept"},
  {"package": "rest_framework", "symbol": "rest_framework.serializers.HyperlinkedRelatedField", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "queryset= is kept"},
  {"package": "rest_framework", "symbol": "rest_framework.validators.UniqueValidator", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "queryset= is kept"},
  {"package": "rest_framework", "symbol": "rest_framework.validators.UniqueTogetherValidator", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "queryset= is kept"},
  {"package": "django_filters", "symbol": "django_filters.ModelChoiceFilter", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "queryset= is kept until the filter's form is built"},
  {"package": "django_filters", "symbol": "django_filters.ModelMultipleChoiceFilter", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "queryset= is kept until the filter's form is built"},
  {"package": "django_filters", "symbol": "django_filters.ChoiceFilter", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "choices= is kept until the filter's form is built"},
  {"package": "django_filters", "symbol": "django_filters.MultipleChoiceFilter", "kind": "none", "when": "call", "role": "builder", "evidence": "measured", "note": "choices= is kept until the filter's form is built"},
]
