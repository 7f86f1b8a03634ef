"""A sender's mistake is one warning in the log; an error of ours keeps its traceback."""

import io
import logging
import logging.config

import psycopg
import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import UnreadablePostError


@pytest.fixture
def log(settings):
    """What the configured handler writes."""
    handler = logging.config.DictConfigurator(settings.LOGGING)
    handler.configure()
    [stream] = [h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler]
    written = stream.stream = io.StringIO()
    yield written
    logging.getLogger().removeHandler(stream)


def lines(log):
    return [line.split(" ", 2)[2] for line in log.getvalue().splitlines() if line.startswith("20")]


@pytest.mark.django_db
def test_too_much_text_too_many_fields_and_files_are_one_warning_each(client, settings, log):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    for data in (
        {"login": "x" * 2000, "password": "y"},
        {f"f{i}": "1" for i in range(12)},
        {"files": [SimpleUploadedFile(f"{i}.txt", b"1") for i in range(3)]},
    ):
        assert client.post("/login/", data).status_code == 413
    told = lines(log)
    assert [line.split(":")[0] for line in told] == [
        "WARNING django.security.RequestDataTooBig",
        "WARNING django.security.TooManyFieldsSent",
        "WARNING django.security.TooManyFilesSent",
    ]
    assert all(line.endswith("(POST /login/)") for line in told)


@pytest.mark.django_db
def test_a_form_that_is_no_form_and_an_absent_page_are_one_warning_each(client, log):
    broken = "multipart/form-data; boundary=x" + "y" * 300
    assert client.generic("POST", "/login/", b"no form", content_type=broken).status_code == 400
    assert client.get("/no/such/page").status_code == 404
    assert [line.split(" ")[0] for line in lines(log)] == ["WARNING", "WARNING"]
    assert "Traceback" not in log.getvalue()


def test_a_sender_who_leaves_is_a_warning_and_our_own_error_keeps_its_traceback(log, rf):
    for error in (UnreadablePostError("gone"), RequestDataTooBig("ours to handle"), RuntimeError("ours")):
        logging.getLogger("django.request").error(
            "Internal Server Error: %s", "/x", exc_info=error, extra={"request": rf.post("/x")}
        )
    told = lines(log)
    assert told[0] == "WARNING django.request: Internal Server Error: /x (POST /x)"
    assert told[1] == "ERROR django.request: Internal Server Error: /x"
    assert "RuntimeError: ours" in log.getvalue()
    assert "gone" not in log.getvalue()


def test_a_database_that_is_away_is_told_by_us_and_not_again_by_libraries(log, rf):
    lost = psycopg.OperationalError("the connection is lost")
    request = {"request": rf.get("/x")}
    logging.getLogger("django.request").error("Service Unavailable: /x", exc_info=lost, extra=request)
    logging.getLogger("procrastinate.utils").error("listener error: lost", exc_info=lost)
    assert log.getvalue() == ""
    logging.getLogger("procrastinate.worker.worker").error(
        "Job x[1]() ended with status: Error:\nlost", exc_info=lost, extra={"action": "job_error"}
    )
    assert lines(log) == ["ERROR procrastinate.worker.worker: Job x[1]() ended with status: Error: lost"]
    logging.getLogger("procrastinate.worker.worker").error("Job", exc_info=RuntimeError("ours"))
    logging.getLogger("django.request").error("Internal", exc_info=psycopg.DataError("ours"), extra=request)
    assert log.getvalue().count("Error: ours") == 2
