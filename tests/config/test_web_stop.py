"""A web server that is asked to stop: quick, quiet, and what it had begun to answer is answered."""

import concurrent.futures
import multiprocessing
import os
import signal
import socket
import time
import urllib.request

import pytest

from helpdesk.config.server import web
from tests.config.slow_application import HEAP
from tests.config.web_server import begun, get, serving
from tests.factories.meanwhile import meanwhile

pytestmark = pytest.mark.e2e


def stop(server):
    """Seconds it took, and what it said."""
    asked = time.monotonic()
    server.send_signal(signal.SIGTERM)
    assert server.wait(20) == 0
    return time.monotonic() - asked, server.stderr.read()


@meanwhile
def test_requests_in_flight_are_answered():
    with serving() as server:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            slow, drip = pool.submit(get, server, "/slow?3"), pool.submit(get, server, "/drip?3")
            time.sleep(0.5)
            seconds, said = stop(server)
            assert slow.result() == b"whole answer"
            assert drip.result() == b"drop " * 10
        assert 2 < seconds < 5
        assert said == ""


@meanwhile
def test_what_is_answered_is_sent_before_the_process_ends():
    with serving() as server, concurrent.futures.ThreadPoolExecutor() as pool:
        # answered later than a stop lingers with nothing in flight
        heap = pool.submit(read_slowly, server, "/heap?2")
        time.sleep(0.5)
        stop(server)
        assert heap.result() == 4 * HEAP


def read_slowly(server, path):
    read = 0
    with urllib.request.urlopen(server.url + path, timeout=20) as answer:
        while part := answer.read(1_000_000):
            read += len(part)
            time.sleep(0.03)
    return read


@meanwhile
def test_open_connections_and_half_requests_hold_nothing_up():
    with serving() as server:
        beginnings = [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nabc",
                      b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"]  # fmt: skip
        held = []
        for beginning in beginnings * 2:
            held.append(socket.create_connection(("127.0.0.1", server.port)))
            held[-1].sendall(beginning)
        time.sleep(0.3)
        seconds, said = stop(server)
        for connection in held:
            connection.close()
        assert seconds < 4
        assert said == ""


@meanwhile
def test_a_request_without_end_is_cut_and_told_in_one_line():
    with serving() as server:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            endless = pool.submit(get, server, "/slow?12")
            time.sleep(0.5)
            seconds, said = stop(server)
            with pytest.raises(OSError):
                endless.result()
        assert 5.5 < seconds < 7.5
        assert said == "A web process ended, requests unanswered after 6 s: 1\n"


def test_a_process_whose_exit_code_another_thread_took_is_not_taken_for_a_living_one():
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(60,))
    process.start()
    assert web.lives(process)
    process.kill()
    os.waitpid(process.pid, 0)
    assert process.is_alive()  # what the server believed, and complained of
    assert not web.lives(process)


@meanwhile
def test_a_reader_who_leaves_counts_no_more():
    with serving() as server:
        with socket.create_connection(("127.0.0.1", server.port)) as reader:
            reader.sendall(b"GET /drip?1 HTTP/1.1\r\nHost: x\r\n\r\n")
            reader.recv(100)
        time.sleep(2)
        assert stop(server)[0] < 4


@meanwhile
def test_processes_that_are_still_loading_stop_at_once():
    """They begin as copies of the master, with its way of hearing the signal."""
    with begun("tests.config.slow_start:application") as server:
        assert [server.stderr.readline() for _ in range(2)] == ["loading\n"] * 2
        seconds, said = stop(server)
        assert seconds < 4
        assert said == ""
