"""Static files under hashed names, the imports between our script modules included."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class Hashed(ManifestStaticFilesStorage):
    """For the setting STORAGES["staticfiles"]: without it a module would import its neighbours under unhashed names."""

    support_js_module_import_aggregation = True
