import pytest


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES_URL = f"file://{tmp_path}/files"
