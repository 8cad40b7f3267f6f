// Catalogue rows: constance, rest_framework, solo, waffle. Data only; the fields are explained in docs/catalogue.md.
// One row per access path and moment. A row without evidence "measured" or "documented" is to be verified before it is relied on.
import type { CatalogueRow } from '../model.ts'

export const DJANGO_FAMILY: readonly CatalogueRow[] = [
  {"package": "constance", "symbol": "constance.config.*", "kind": "query", "when": "evaluated", "role": "operation", "sends": "statement", "default": "off", "evidence": "documented", "note": "only with the database backend"},
  {"package": "rest_framework", "symbol": "rest_framework.generics.GenericAPIView.queryset", "kind": "none", "when": "evaluated", "role": "builder", "evidence": "documented", "note": "a query set in a class body is lazy; it is evaluated per request"},
  {"package": "solo", "symbol": "solo.models.SingletonModel.get_solo", "kind": "model", "when": "call", "role": "operation", "sends": "statement", "evidence": "to be verified"},
  {"package": "waffle", "symbol": "waffle.flag_is_active", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "certainty": "may", "evidence": "to be verified", "note": "cache first, then the database"},
  {"package": "waffle", "symbol": "waffle.sample_is_active", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "certainty": "may", "evidence": "to be verified", "note": "cache first, then the database"},
  {"package": "waffle", "symbol": "waffle.switch_is_active", "kind": "query", "when": "call", "role": "operation", "sends": "statement", "certainty": "may", "evidence": "to be verified", "note": "cache first, then the database"},
]
