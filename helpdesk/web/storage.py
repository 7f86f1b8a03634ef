"""Static files under hashed names, the imports between our own script modules included."""

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage

_OWN = "web/js/*.js"  # foreign scripts name modules that are not files


class Hashed(ManifestStaticFilesStorage):
    """For the setting STORAGES["staticfiles"]: without it a module would import its neighbours under unhashed names."""

    patterns = (*HashedFilesMixin.patterns, (_OWN, HashedFilesMixin._js_module_import_aggregation_patterns[1]))  # type: ignore[attr-defined]  # noqa: SLF001
