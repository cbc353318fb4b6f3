"""Values on the wire: what stands in a notebook's variables, as bytes that carry no code.

Loaded in the two children only. A value is msgpack. What msgpack lacks has an extension type:
tuples, sets, large integers, NumPy scalars, numeric arrays with their memory layout, TensorFlow
tensors, NumPy generators (their state), dtypes, Keras models and layers (see `lab.transport`), and
references to functions. Whatever bytes arrive, `decode` gives such values or raises `WireError`.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import msgspec
import numpy as np

from autograder.examiner.protocol import Reference
from autograder.examiner.wire import MAX_FRAME, WireError

MAX_DEPTH = 32
MAX_DIGITS = 4000
_NUMERIC = "biufc"
_BASES: tuple[type, ...] = (bool, int, float, str, bytes, tuple, list, dict, set)
_TUPLE, _INT, _SCALAR, _ARRAY, _TENSOR, _GENERATOR, _DTYPE, _KERAS, _FUNCTION, _COMPLEX = range(10)
_SET = 10


class ModelError(WireError):
    """A model that cannot cross; whoever sent it can go on."""


def encode(value: Any, to_reference: Callable[[Any], Reference] | None = None) -> bytes:
    """Write a value as bytes.

    Raises:
        WireError: It cannot cross.
    """
    try:
        frame = msgspec.msgpack.encode(_lower(value, to_reference, 0))
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
        ModelError: It holds a model that cannot be rebuilt.
        WireError: The bytes are not what `encode` writes.
    """
    try:
        return _unpack(frame, from_reference, 0)
    except WireError:
        raise
    except (Exception, RecursionError) as error:
        raise WireError(f"no value: {type(error).__name__}: {str(error)[:200]}") from error


def frameworks() -> ModuleType | None:
    """What knows Keras and TensorFlow; None where no value can be of them: they are not imported.

    Importing them takes seconds, which a course without them does not spend.
    """
    if not sys.modules.keys() & {"keras", "tensorflow"}:
        return None
    from autograder.examiner import frameworks

    return frameworks


def write_back(original: Any, changed: Any) -> None:
    """Make an argument what the call left of it."""
    if isinstance(original, np.ndarray) and isinstance(changed, np.ndarray):
        if original.shape == changed.shape:
            np.copyto(original, changed, casting="unsafe")
    elif isinstance(original, list) and isinstance(changed, list):
        original[:] = changed
    elif isinstance(original, dict) and isinstance(changed, dict):
        original.clear()
        original.update(changed)
    elif isinstance(original, np.random.Generator) and isinstance(changed, np.random.Generator):
        original.bit_generator.state = changed.bit_generator.state
    elif (own := frameworks()) and own.are_layers(original, changed):
        own.replace(original, changed)


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
            raise WireError("an int with too many digits cannot cross")
        return msgspec.msgpack.Ext(_INT, str(value).encode())
    if plain is list:
        return [_lower(item, to_reference, depth + 1) for item in value]
    if plain is tuple:
        items = [_lower(item, to_reference, depth + 1) for item in value]
        return _extension(_TUPLE, items)
    if plain in (set, frozenset):
        items = [_lower(item, to_reference, depth + 1) for item in sorted(value, key=repr)]
        return _extension(_SET, items)
    if plain is dict:
        return {_key(k): _lower(v, to_reference, depth + 1) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _extension(_ARRAY, _lower_array(value))
    if isinstance(value, np.generic):
        return _extension(_SCALAR, _lower_array(np.asarray(value)))
    if plain is complex:
        return _extension(_COMPLEX, [value.real, value.imag])
    if isinstance(value, np.dtype):
        return msgspec.msgpack.Ext(_DTYPE, _dtype_text(value).encode())
    if isinstance(value, np.random.Generator):
        state = value.bit_generator.state
        return _extension(_GENERATOR, _lower(state, None, depth + 1))
    for base in _BASES:
        if isinstance(value, base):
            return _lower(base(value), to_reference, depth)
    return _lower_framework(value, to_reference, depth)


def _lower_framework(value: Any, to_reference: Callable | None, depth: int) -> Any:
    """Tensors, models, layers and functions."""
    if own := frameworks():
        if (array := own.as_array(value)) is not None:
            return _extension(_TENSOR, _lower_array(array))
        if own.are_layers(value):
            try:
                data = own.transport.to_data(value)
            except own.transport.CannotCross as error:
                raise ModelError(str(error)) from error
            return _extension(_KERAS, _lower(data, None, depth + 1))
    if callable(value) and to_reference is not None:
        return _extension(_FUNCTION, to_reference(value))
    raise WireError(
        f"{_kind(value)} cannot cross between your code and the tests: numbers, strings, lists, "
        "tuples, sets, dicts, arrays, tensors, and Keras models and layers of built-in classes can"
    )


def _extension(kind: int, content: Any) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(kind, msgspec.msgpack.encode(content))


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


def _unpack(frame: bytes | memoryview, from_reference: Callable | None, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError("no value: nested too deeply")
    return msgspec.msgpack.decode(
        frame,
        ext_hook=lambda kind, content: _raise_value(kind, content, from_reference, depth + 1),
    )


def _raise_value(
    kind: int, content: memoryview, from_reference: Callable | None, depth: int
) -> Any:
    """The value that an extension stands for."""
    if kind == _INT:
        if len(content) > MAX_DIGITS:
            raise WireError("no value: an int of too many digits")
        return int(bytes(content))
    if kind == _DTYPE:
        return _dtype(bytes(content).decode("ascii"))
    inner = _unpack(content, from_reference, depth)
    if kind == _TUPLE and type(inner) is list:
        return tuple(inner)
    if kind == _SET and type(inner) is list:
        return set(inner)
    if kind == _COMPLEX:
        return complex(*inner)
    if kind == _ARRAY:
        return _array(*inner)
    if kind == _SCALAR:
        return _array(*inner)[()]
    if kind == _TENSOR:
        from autograder.examiner.frameworks import tensor

        return tensor(_array(*inner))
    if kind == _GENERATOR:
        return _generator(inner)
    if kind == _KERAS:
        from autograder.lab import transport

        try:
            return transport.from_data(inner)
        except transport.CannotCross as error:
            raise ModelError(str(error)) from error
    if kind == _FUNCTION and from_reference is not None:
        return from_reference(msgspec.convert(inner, Reference))
    raise WireError(f"no value: an extension of type {kind}")


def _dtype(text: Any) -> np.dtype:
    if type(text) is not str or len(text) > 8:
        raise WireError("no value: a dtype of the wrong form")
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
        raise WireError("no value: an array of the wrong form")
    if any(n < 0 for n in shape):
        raise WireError("no value: an array with a negative length")
    flat = np.frombuffer(content, dtype)
    values = flat.reshape(shape)
    if values.size != flat.size or values.shape != tuple(shape):
        raise WireError("no value: an array of the wrong size")
    if strides is None:
        return values.copy()
    extent = _extent(tuple(shape), tuple(strides), dtype.itemsize)
    if len(strides) != len(shape) or extent is None:
        raise WireError("no value: an array with impossible strides")
    before, after = extent
    buffer = np.zeros((before + after) // dtype.itemsize + 1, dtype)
    placed = np.lib.stride_tricks.as_strided(buffer[before // dtype.itemsize :], shape, strides)
    placed[...] = values
    return placed


def _generator(state: Any) -> np.random.Generator:
    kinds = {"PCG64": np.random.PCG64, "PCG64DXSM": np.random.PCG64DXSM, "SFC64": np.random.SFC64,
             "Philox": np.random.Philox, "MT19937": np.random.MT19937}  # fmt: skip
    if type(state) is not dict or state.get("bit_generator") not in kinds:
        raise WireError("no value: a random generator of an unknown kind")
    bits = kinds[state["bit_generator"]](0)
    bits.state = state
    return np.random.Generator(bits)
