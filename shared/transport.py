"""What sends: a session whose answers have a bound in time and in size, and one reading of an address.

Only this module and `http` import `requests`, whose time limits hold for each piece that comes: a source that sends a
byte now and then would be waited for without end, in its headers as in its body. Here the whole answer has a bound.
"""

import http.client
import io
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
import requests.adapters
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import LocationParseError, ReadTimeoutError

Session = requests.Session
CONNECTIONS = 16
WHOLE_ANSWER = 3.0
"""A whole answer may take so many times as long as its first piece."""
PIECE_BYTES = 1 << 16
DEFAULT_PORTS = {"http": 80, "https": 443}


class TooLong(Exception):
    """More bytes than the bound, `most_bytes`."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self.most_bytes = most_bytes


def new_session() -> Session:
    """A session that keeps its connections, one for each thread that may send."""
    session = Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter(pool_connections=CONNECTIONS, pool_maxsize=CONNECTIONS))
    return session


def body_of(response: requests.Response, most_bytes: int) -> bytes:
    """What comes, unpacked, and the connection given back. Raises `TooLong` beyond `most_bytes`, `TimeoutError`, and
    any `requests.RequestException`."""
    return b"".join(pieces_of(response, most_bytes))


def pieces_of(response: requests.Response, most_bytes: int) -> Iterator[bytes]:
    """The same, piece by piece."""
    if vars(response).get("_content", False) is not False:
        yield response.content  # Whoever sent it has read it.
        return
    size = 0
    with response:
        try:
            for piece in response.iter_content(PIECE_BYTES):
                size += len(piece)
                if size > most_bytes:
                    raise TooLong(most_bytes)
                yield piece
        except requests.ConnectionError as error:
            if error.args and isinstance(error.args[0], ReadTimeoutError):
                raise TimeoutError from None
            raise


def origin_of(url: str) -> str:
    """Scheme, host and port, as what sends the request reads them. Raises `ValueError` for an address that another
    reader takes for one of another host: nobody knows where it leads."""
    try:
        sent = urllib3.util.parse_url(url)
        other = urlsplit(url)
        origins = {
            (part.scheme, (host or "").lower().strip("[]"), part.port or DEFAULT_PORTS.get(part.scheme or ""))
            for part, host in ((sent, sent.host), (other, other.hostname))
        }
    except (LocationParseError, ValueError):
        raise ValueError("an address that cannot be read") from None
    if len(origins) != 1 or "\\" in url:
        raise ValueError("an address that can be read in two ways")
    [(scheme, host, port)] = origins
    shown = "" if port == DEFAULT_PORTS.get(scheme or "") else f":{port}"
    return f"{scheme}://{host}{shown}".lower()


class _Bounded(io.RawIOBase):
    """What a socket receives, until the whole answer has taken too long."""

    def __init__(self, received: Any, connection: socket.socket) -> None:
        self._received = received
        self._connection = connection
        self._patience = connection.gettimeout()
        self._until = time.monotonic() + WHOLE_ANSWER * (self._patience or 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._patience is not None:
            left = self._until - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer takes too long")
            self._connection.settimeout(min(self._patience, left))
        found: int = self._received.readinto(buffer)
        return found

    def close(self) -> None:
        self._received.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(_Bounded(self.fp.detach(), sock))


class _Connection(HTTPConnection):
    response_class = _Answer


class _SafeConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Connection


class _SafePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


class _Adapter(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = {"http": _Pool, "https": _SafePool}
        return manager
