"""The port that is to be served: free, or refused with the cure."""

import errno
import socket


class PortTaken(Exception):
    """The address cannot be listened on. The text says why and what to do."""


def refuse_taken(host: str, port: int) -> None:
    """Raises PortTaken. The web server shares its port with any other that allows it, so ask first."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                cure = f"choose another, PORT={port + 1 if port < 65535 else port - 1}"
                raise PortTaken(f"port {port} of {host} is taken: {cure}") from error
            raise PortTaken(f"{host}:{port} cannot be served: {error.strerror}") from error
