"""The graph of a Keras model: its operations, what each reads, and the shapes between them.

`steps_of` is the entry point; visible checks call it to judge a model by its structure. Besides
`transport`, no other module of `lab` reads private names of Keras. Nothing public leads from a
symbolic tensor to the call that made it (`_keras_history`, `_inbound_nodes`), nor to the layers
inside wrappers (`_flatten_layers`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

import keras


@dataclass(frozen=True)
class Step:
    """One operation of a model, nested models unfolded.

    Attributes:
        index: Its place in the order of computation; inputs come first.
        operation: The layer or operation; `None` for an input of the model.
        inputs: Indices of the steps whose outputs it reads.
        shape: Of its output, batch axis first; None along an axis of any length.
    """

    index: int
    operation: keras.Operation | None
    inputs: tuple[int, ...]
    shape: tuple[Any, ...]


def steps_of(model: keras.Model) -> list[Step]:
    """All operations of a built model in the order of computation, without running it.

    The shapes are computed anew from those of the model's inputs: a nested model may have been
    built for inputs of any size.
    """
    steps: list[Step] = []
    places: dict[int, int] = {}  # id of a tensor of the walk -> index of the step that made it
    alive = []  # an id is only good as long as its tensor lives

    def note(operation: keras.Operation | None, read: Iterable, made: Iterable) -> None:
        inputs = tuple(places[id(tensor)] for tensor in read)
        for tensor in made:
            places[id(tensor)] = len(steps)
            steps.append(Step(len(steps), operation, inputs, tuple(tensor.shape)))
            alive.append(tensor)

    def follow(network: keras.Model, given: list[keras.KerasTensor]) -> list[keras.KerasTensor]:
        """Compute the tensors of one model from those that it is given."""
        now: dict[int, Any] = {
            id(old): new for old, new in zip(network.inputs, given, strict=False)
        }
        for node in _nodes(network):
            args, kwargs = node.arguments.fill_in(now)
            read = [t for t in keras.tree.flatten((args, kwargs)) if id(t) in places]
            operation = node.operation
            if isinstance(operation, keras.Model) and getattr(operation, "inputs", None):
                made = follow(operation, read)
            else:
                made = keras.tree.flatten(operation.compute_output_spec(*args, **kwargs))
                note(operation, read, made)
            now |= {id(old): new for old, new in zip(node.output_tensors, made, strict=True)}
        return [now[id(tensor)] for tensor in network.outputs]

    inputs = [keras.KerasTensor(t.shape, t.dtype) for t in model.inputs]
    for tensor in inputs:
        note(None, (), (tensor,))
    follow(model, inputs)
    return steps


def _nodes(model: keras.Model) -> list[Any]:
    """The calls between a model's inputs and outputs, those farthest from the outputs first."""
    entries = {id(tensor) for tensor in model.inputs}
    parents: dict[Any, list[Any]] = {}  # in an order in which each comes after its parents

    def visit(tensor: Any) -> list[Any]:
        if id(tensor) in entries:
            return []
        history = tensor._keras_history
        node = history.operation._inbound_nodes[history.node_index]
        if node not in parents:
            parents[node] = [parent for read in node.input_tensors for parent in visit(read)]
        return [node]

    for tensor in model.outputs:
        visit(tensor)
    distance = dict.fromkeys(parents, 0)  # from the outputs, along the longest way
    for node in reversed(parents):
        for parent in parents[node]:
            distance[parent] = max(distance[parent], distance[node] + 1)
    return sorted(parents, key=lambda node: -distance[node])


def leads_to(steps: list[Step], start: Step, end: Step) -> bool:
    """Return True if what `start` gives reaches `end`."""
    waiting, seen = [end.index], set()
    while waiting:
        index = waiting.pop()
        if index == start.index:
            return True
        if index not in seen:
            seen.add(index)
            waiting.extend(steps[index].inputs)
    return False


def ancestors_of(steps: list[Step]) -> list[set[int]]:
    """For each step the indices of all steps that lead to it, its own among them."""
    found: list[set[int]] = []
    for step in steps:
        found.append({step.index}.union(*(found[index] for index in step.inputs)))
    return found


def joins_of(steps: list[Step]) -> list[Step]:
    """The steps that read more than one feature map."""
    return [step for step in steps if len(set(step.inputs)) > 1]


def is_strided_transpose(operation: Any) -> TypeGuard[keras.layers.Conv2DTranspose]:
    """Return True for a `Conv2DTranspose` layer with a stride above 1."""
    return isinstance(operation, keras.layers.Conv2DTranspose) and max(operation.strides) > 1


def strided_transposes(model: keras.Model) -> list[keras.layers.Conv2DTranspose]:
    """The `Conv2DTranspose` layers with a stride above 1, wherever in the model."""
    return [part for part in parts_of(model) if is_strided_transpose(part)]


def parts_of(layer: keras.Operation) -> Iterator[keras.Operation]:
    """The layer, then once each the layers, also inside wrappers, and operations that it holds."""
    waiting, seen = [layer], set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        if isinstance(part, keras.Layer):
            inner = part._flatten_layers(include_self=False, recursive=False)
            waiting.extend(reversed([*inner, *getattr(part, "operations", ())]))


def feature_map_sizes(model: keras.Model) -> list[tuple[int | None, int | None]]:
    """(height, width) of what each operation gives, where it gives a feature map."""
    steps = [step for step in steps_of(model) if step.operation is not None]
    return [(step.shape[1], step.shape[2]) for step in steps if len(step.shape) == 4]
