"""The wire between processes: framed messages that carry data and never code.

A message is msgpack. What msgpack lacks has an extension type: tuples, large integers, NumPy
scalars, numeric arrays with their memory layout, TensorFlow tensors, NumPy generators (their
state), dtypes, Keras models and layers (see `models`), and references to functions. Whatever bytes
arrive, decoding gives such values or raises `WireError`.
"""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

MAX_FRAME = 512 * 2**20  # bytes
MAX_DEPTH = 32
MAX_DIGITS = 4000
_HEADER = struct.Struct(">Q")
_SMALL = 2**16
_NUMERIC = "biufc"
_TUPLE, _INT, _SCALAR, _ARRAY, _TENSOR, _GENERATOR, _DTYPE, _KERAS, _FUNCTION, _COMPLEX = range(10)


class WireError(Exception):
    """Something cannot cross, or what came is no message; the text says what and why."""


class Closed(WireError):
    """The other process is gone."""


@dataclass(frozen=True)
class Reference:
    """A function of the other process.

    Attributes:
        key: What the other process calls it.
        name: Its `__name__`.
        owner: "student" or "setup".
    """

    key: int | str
    name: str
    owner: str


class Connection:
    """Sends and receives messages over a socket.

    Args:
        sock: A connected stream socket; it is closed with the connection.
        to_reference: Gives the reference under which a callable crosses, or raises `WireError`.
        from_reference: Gives what a reference stands for on this side.
    """

    def __init__(
        self,
        sock: socket.socket,
        to_reference: Callable[[Any], Reference] | None = None,
        from_reference: Callable[[Reference], Any] | None = None,
    ) -> None:
        self._socket = sock
        self._to_reference = to_reference
        self._from_reference = from_reference

    def send(self, message: Any) -> None:
        """Send one message.

        Raises:
            WireError: A value in it cannot cross; nothing was sent.
            Closed: The other side is gone.
        """
        self.send_encoded(encode(message, self._to_reference))

    def send_encoded(self, frame: bytes) -> None:
        """Send what `encode` gave."""
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
        """Wait for one message and decode it.

        Raises:
            Closed: The other side is gone.
            WireError: What came is no message.
        """
        (length,) = _HEADER.unpack(self._read(_HEADER.size))
        if length > MAX_FRAME:
            raise WireError(f"a message of {length} bytes is larger than {MAX_FRAME}")
        return decode(self._read(length), self._from_reference)

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


def encode(value: Any, to_reference: Callable[[Any], Reference] | None = None) -> bytes:
    """Write a value as bytes.

    Raises:
        WireError: It cannot cross.
    """
    try:
        frame = msgpack.packb(_lower(value, to_reference, 0), strict_types=True)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"{_kind(value)} cannot cross: {error}") from error
    if len(frame) > MAX_FRAME:
        raise WireError(f"{_kind(value)} of {len(frame)} bytes is too large to cross")
    return frame


def decode(frame: bytes, from_reference: Callable[[Reference], Any] | None = None) -> Any:
    """Read a value from bytes.

    Raises:
        WireError: The bytes are not what `encode` writes.
    """
    try:
        return _unpack(frame, from_reference, 0)
    except WireError:
        raise
    except (Exception, RecursionError) as error:
        raise WireError(f"no message: {type(error).__name__}: {str(error)[:200]}") from error


def whole(text: str) -> str:
    """A text without halves of characters, which no message and no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _kind(value: Any) -> str:
    return f"a value of type {type(value).__name__}"


def _lower(value: Any, to_reference: Callable | None, depth: int) -> Any:
    """A value in terms of msgpack's own types."""
    if depth > MAX_DEPTH:
        raise WireError("values nested this deeply cannot cross")
    plain = type(value)
    if value is None or plain in (bool, str, float, bytes):
        return value
    if plain is int:
        if -(2**63) <= value < 2**64:
            return value
        if value.bit_length() > 3 * MAX_DIGITS:
            raise WireError("an int of so many digits cannot cross")
        return msgpack.ExtType(_INT, str(value).encode())
    if plain is list:
        return [_lower(item, to_reference, depth + 1) for item in value]
    if plain is tuple:
        items = [_lower(item, to_reference, depth + 1) for item in value]
        return _extension(_TUPLE, items)
    if plain is dict:
        return {_key(k): _lower(v, to_reference, depth + 1) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _extension(_ARRAY, _lower_array(value))
    if isinstance(value, np.generic):
        return _extension(_SCALAR, _lower_array(np.asarray(value)))
    if plain is complex:
        return _extension(_COMPLEX, [value.real, value.imag])
    if isinstance(value, np.dtype):
        return msgpack.ExtType(_DTYPE, _dtype_text(value).encode())
    if isinstance(value, np.random.Generator):
        state = value.bit_generator.state
        return _extension(_GENERATOR, _lower(state, None, depth + 1))
    for base, convert in ((bool, bool), (int, int), (float, float), (str, str), (bytes, bytes)):
        if isinstance(value, base):
            return _lower(convert(value), None, depth)
    for base in (tuple, list, dict):
        if isinstance(value, base):
            return _lower(base(value), to_reference, depth)
    return _lower_framework(value, to_reference, depth)


def _lower_framework(value: Any, to_reference: Callable | None, depth: int) -> Any:
    """Tensors, models, layers and functions."""
    import keras
    import tensorflow as tf

    from autograder.examiner import models

    if isinstance(value, keras.KerasTensor):
        raise WireError("a symbolic Keras tensor cannot cross: it belongs to a model being built")
    if isinstance(value, keras.Variable):
        return _extension(_TENSOR, _lower_array(np.asarray(value)))
    if isinstance(value, tf.Tensor | tf.Variable):
        return _extension(_TENSOR, _lower_array(value.numpy()))
    if isinstance(value, keras.Layer):
        return _extension(_KERAS, _lower(models.to_data(value), None, depth + 1))
    if callable(value) and to_reference is not None:
        reference = to_reference(value)
        return _extension(_FUNCTION, [reference.key, reference.name, reference.owner])
    raise WireError(
        f"{_kind(value)} cannot cross between your code and the tests: numbers, strings, lists, "
        "tuples, dicts, arrays, tensors, and Keras models and layers of built-in classes can"
    )


def _extension(kind: int, content: Any) -> msgpack.ExtType:
    return msgpack.ExtType(kind, msgpack.packb(content, strict_types=True))


def _key(key: Any) -> Any:
    if type(key) in (str, int, bool, float, bytes) or key is None:
        return key
    if isinstance(key, np.integer):
        return int(key)
    raise WireError(f"a dict with a key of type {type(key).__name__} cannot cross")


def _dtype_text(dtype: np.dtype) -> str:
    if dtype.kind not in _NUMERIC or dtype.itemsize > 32:
        raise WireError(f"an array of dtype {dtype} cannot cross: only numeric arrays can")
    return dtype.str


def _lower_array(array: np.ndarray) -> list:
    """dtype, shape, the strides if they are not those of C order, and the entries in C order."""
    array = np.asarray(array)
    text = _dtype_text(array.dtype)
    content = np.ascontiguousarray(array)
    strides = None
    if not array.flags.c_contiguous and _extent(array.shape, array.strides, array.itemsize):
        strides = list(array.strides)
    return [text, list(array.shape), strides, content.tobytes()]


def _extent(shape: tuple, strides: tuple, itemsize: int) -> tuple[int, int] | None:
    """Bytes before and after the first entry; None where the layout overlaps or is wasteful."""
    before = after = 0
    reach = itemsize
    for stride, length in sorted(zip(map(abs, strides), shape, strict=True)):
        if length > 1:
            if stride < reach or stride % itemsize:
                return None
            reach = stride * (length - 1) + reach
    for stride, length in zip(strides, shape, strict=True):
        if length > 1:
            before += max(0, -stride * (length - 1))
            after += max(0, stride * (length - 1))
    size = int(np.prod(shape)) * itemsize
    return (before, after) if size and reach <= 64 * size + 4096 else None


def _unpack(frame: bytes, from_reference: Callable | None, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError("no message: nested too deeply")
    return msgpack.unpackb(
        frame,
        ext_hook=lambda kind, content: _raise_value(kind, content, from_reference, depth + 1),
        strict_map_key=False,
        use_list=True,
        raw=False,
    )


def _raise_value(kind: int, content: bytes, from_reference: Callable | None, depth: int) -> Any:
    """The value that an extension stands for."""
    if kind == _INT:
        if len(content) > MAX_DIGITS:
            raise WireError("no message: an int of too many digits")
        return int(content.decode("ascii"))
    if kind == _DTYPE:
        return _dtype(content.decode("ascii"))
    inner = _unpack(content, from_reference, depth)
    if kind == _TUPLE and type(inner) is list:
        return tuple(inner)
    if kind == _COMPLEX:
        return complex(*inner)
    if kind == _ARRAY:
        return _array(*inner)
    if kind == _SCALAR:
        return _array(*inner)[()]
    if kind == _TENSOR:
        import tensorflow as tf

        return tf.constant(_array(*inner))
    if kind == _GENERATOR:
        return _generator(inner)
    if kind == _KERAS:
        from autograder.examiner import models

        return models.from_data(inner)
    if kind == _FUNCTION and from_reference is not None:
        key, name, owner = inner
        if type(key) not in (int, str) or type(name) is not str or type(owner) is not str:
            raise WireError("no message: a reference of the wrong form")
        return from_reference(Reference(key, name[:100], owner))
    raise WireError(f"no message: an extension of type {kind}")


def _dtype(text: Any) -> np.dtype:
    if type(text) is not str or len(text) > 8:
        raise WireError("no message: a dtype of the wrong form")
    dtype = np.dtype(text)
    _dtype_text(dtype)
    return dtype


def _array(text: Any, shape: Any, strides: Any, content: Any) -> np.ndarray:
    dtype = _dtype(text)
    lengths = [shape] if strides is None else [shape, strides]
    if type(content) is not bytes or not all(
        type(part) is list and len(part) <= 32 and all(type(n) is int for n in part)
        for part in lengths
    ):
        raise WireError("no message: an array of the wrong form")
    if any(n < 0 for n in shape):
        raise WireError("no message: an array with a negative length")
    flat = np.frombuffer(content, dtype)
    values = flat.reshape(shape)
    if values.size != flat.size or values.shape != tuple(shape):
        raise WireError("no message: an array of the wrong size")
    if strides is None:
        return values.copy()
    extent = _extent(tuple(shape), tuple(strides), dtype.itemsize)
    if len(strides) != len(shape) or extent is None:
        raise WireError("no message: an array with impossible strides")
    before, after = extent
    buffer = np.zeros((before + after) // dtype.itemsize + 1, dtype)
    placed = np.lib.stride_tricks.as_strided(buffer[before // dtype.itemsize :], shape, strides)
    placed[...] = values
    return placed


def _generator(state: Any) -> np.random.Generator:
    kinds = {"PCG64": np.random.PCG64, "PCG64DXSM": np.random.PCG64DXSM, "SFC64": np.random.SFC64,
             "Philox": np.random.Philox, "MT19937": np.random.MT19937}  # fmt: skip
    if type(state) is not dict or state.get("bit_generator") not in kinds:
        raise WireError("no message: a random generator of an unknown kind")
    bits = kinds[state["bit_generator"]](0)
    bits.state = state
    return np.random.Generator(bits)
