import pytest


@pytest.fixture(autouse=True)
def _files(own_files):
    pass
