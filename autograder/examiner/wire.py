"""The wire between processes: framed messages of plain data, for everyone.

A message is one of `protocol`, written as msgpack. Whatever bytes arrive, reading gives a message
of the expected type or raises `WireError`. NumPy arrays, tensors and models have no place here:
inside a message they are bytes, which only the two children read (see `values`).
"""

import functools
import socket
import struct
from typing import Any

import msgspec

MAX_FRAME = 512 * 2**20  # bytes
_HEADER = struct.Struct(">Q")
_SMALL = 2**16


class WireError(Exception):
    """Something cannot cross, or what came is not a message; the text says what and why."""


class Closed(WireError):
    """The other process is gone."""


class Connection:
    """Sends and receives messages over a socket.

    Args:
        sock: A connected stream socket; it is closed with the connection.
        incoming: The type of the messages that may arrive.
    """

    def __init__(self, sock: socket.socket, incoming: Any) -> None:
        self._socket = sock
        self._incoming = incoming

    def send(self, message: msgspec.Struct) -> None:
        """Send one message.

        Raises:
            WireError: It cannot cross; nothing was sent.
            Closed: The other side is gone.
        """
        frame = pack(message)
        try:
            header = _HEADER.pack(len(frame))
            if len(frame) <= _SMALL:  # at once, so that the other side wakes up once
                self._socket.sendall(header + frame)
            else:
                self._socket.sendall(header)
                self._socket.sendall(frame)
        except OSError as error:
            raise Closed("the other process is gone") from error

    def receive(self) -> Any:
        """Wait for one message.

        Raises:
            Closed: The other side is gone.
            WireError: What came is not a message of the expected type.
        """
        (length,) = _HEADER.unpack(self._read(_HEADER.size))
        if length > MAX_FRAME:
            raise WireError(f"a message of {length} bytes is larger than {MAX_FRAME}")
        return unpack(self._read(length), self._incoming)

    def _read(self, length: int) -> bytes:
        parts, missing = [], length
        while missing:  # memory grows with what arrives, not with what was announced
            try:
                part = self._socket.recv(min(missing, 2**20))
            except OSError as error:
                raise Closed("the other process is gone") from error
            if not part:
                raise Closed("the other process is gone")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def pack(message: msgspec.Struct) -> bytes:
    """Write a message as bytes.

    Raises:
        WireError: It cannot cross.
    """
    try:
        frame = msgspec.msgpack.encode(message)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise WireError(f"this message cannot cross: {error}") from error
    if len(frame) > MAX_FRAME:
        raise WireError(f"a message of {len(frame)} bytes is too large to cross")
    return frame


def unpack(frame: bytes, kind: Any) -> Any:
    """Read a message of a type, for example of the union `protocol.Answer`.

    Raises:
        WireError: The bytes are something else.
    """
    try:
        return _decoder(kind).decode(frame)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise WireError(f"no message: {str(error)[:200]}") from error


@functools.cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder:
    return msgspec.msgpack.Decoder(kind)


def whole(text: str) -> str:
    """A text without halves of characters, which no message and no file can hold."""
    return text.encode("utf-8", "replace").decode()
