"""Models that an answer rebuilt with other layers: what is compared with the old one, and told.

A rebuilt model is judged by its structure (which operations its output was computed by, from what,
with which settings and weights) and by its values. Nothing here rebuilds one: the checks of
assignment 04 say which layers stand in the place of which.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any, NoReturn

import keras
import numpy as np

from autograder.lab import graphs, models, small_models
from autograder.lab.failures import FunctionRaised
from autograder.lab.trial import Trial

Signature = tuple[str, tuple[tuple[str, str], ...]]  # class, and its settings as text
Replaced = Callable[[Any], list[Signature]]  # what stands in the place of a layer


def expect_cheaper(trial: Trial, model: keras.Model, generator: np.random.Generator) -> None:
    """Have one model rebuilt; look at its layers, then compare what both compute.

    Args:
        trial: Of an answer.
        model: With pairs of `UpSampling2D` and `Conv2D`; it gets random weights.
        generator: Draws weights and images.
    """
    small_models.as_trained(model, generator)
    pairs = resizes_of(model)
    texts = [f"{layer.kernel_size[0]}x{layer.kernel_size[0]} by {u.size[0]}" for u, layer in pairs]
    given = f"a {_kind(model)} model, to replace: {', '.join(texts) or 'nothing'}"
    new = _rebuilt(trial, model, given)
    if left := resizes_of(new):
        trial.report("pair-left", at=left[0][1], count=len(left))
    _expect_kept(trial, model, new, pairs)
    models.expect_output_shape(trial, new, tuple(model.outputs[0].shape[1:]))
    stamps = [_stamp_of(trial, new, *pair) for pair in pairs]
    x = generator.normal(size=(2, *model.inputs[0].shape[1:])).astype("float32")
    right = np.asarray(model(x, training=False))
    y = trial.result = models.run(trial, new, x)
    if y.shape == right.shape and not _is_close(y, right):
        for (_, layer), stamp in zip(pairs, stamps, strict=True):
            _explain_stamp(trial, new, layer, stamp)
        _expect_weights(trial, model, new, [layer for _, layer in pairs])
        _explain_biases(trial, model, pairs, x)
        _explain_place(trial, right)
    trial.expect(right, rtol=0, atol=1e-4)


def _is_close(y: Any, right: np.ndarray) -> bool:
    return y.size > 0 and bool(np.allclose(y, right, rtol=0, atol=1e-4))


def _expect_kept(
    trial: Trial, model: keras.Model, new: keras.Model, pairs: Sequence[tuple[Any, Any]]
) -> None:
    """End the trial if a layer is missing that belongs to none of the pairs."""
    kept = Counter(signatures_in(model))
    for part in (part for pair in pairs for part in pair):
        kept -= Counter(signatures_of(part)[:1])
    missing = kept - Counter(signatures_in(new))
    for upsampling, layer in _resizes(model):
        if all(missing[signatures_of(part)[0]] for part in (upsampling, layer)):
            size, way = layer.kernel_size[0], upsampling.interpolation
            trial.report("pair-replaced", size=size, factor=upsampling.size[0], way=way)
    if missing:
        trial.report("layer-missing", layer=min(missing)[0])


def _rebuilt(trial: Trial, model: keras.Model, given: str) -> keras.Model:
    """What the answer makes of a model; an exception says which model it was given."""
    try:
        return models.call_to_rebuild(trial, model, given)
    except FunctionRaised as failure:
        found = failure.finding
        remarks = [*found.remarks, f"It was given {given}."]
        chain = model.layers if isinstance(model, keras.Sequential) else []
        if any(layer.input is not before.output for before, layer in pairwise(chain)):
            remarks.append(
                "It was built by `add`, which calls all layers again each time: `layer.input` and "
                "`layer.output` are of the first call. Its layers form a chain."
            )
        raise FunctionRaised(replace(found, remarks=tuple(remarks))) from failure.__cause__


def _kind(model: keras.Model) -> str:
    return "Sequential" if isinstance(model, keras.Sequential) else "functional"


def _stamp_of(trial: Trial, new: keras.Model, upsampling: Any, layer: Any) -> Any:
    """The strided layer that stands in the place of a pair; end the trial if there is none."""
    factor, size = upsampling.size[0], layer.kernel_size[0]
    found = [t for t in graphs.strided_transposes(new) if t.filters == layer.filters]
    fits = [t for t in found if (t.strides, t.kernel_size) == ((factor,) * 2, (size,) * 2)]
    if not fits:
        folded = any(t.kernel_size == (size + factor - 1,) * 2 for t in found)
        trial.report("folded" if folded else "no-stamp", size=size, factor=factor)
    entries = np.sort(np.abs(layer.get_weights()[0]), axis=None)

    def distance(stamp: Any) -> float:
        own = np.sort(np.abs(stamp.get_weights()[0]), axis=None)
        same = own.shape == entries.shape
        return float(np.abs(own / own.max() - entries / entries.max()).max()) if same else 1.0

    return min(fits, key=distance)


def _explain_stamp(trial: Trial, new: keras.Model, layer: Any, stamp: Any) -> None:
    """End the trial if a stamp's kernel, or what comes right behind it, explains the values."""
    kernel, drawn = layer.get_weights()[0], np.swapaxes(stamp.get_weights()[0], 2, 3)
    if drawn.shape == kernel.shape:
        factor = _times(drawn, kernel[::-1, ::-1])
        if factor is None:
            kinds = {
                "kernel-not-turned": [kernel],
                "half-turned": [kernel[::-1], kernel[:, ::-1]],
                "sides-swapped": [np.swapaxes(k, 0, 1) for k in (kernel, kernel[::-1, ::-1])],
            }
            if kernel.shape[2] == kernel.shape[3]:
                swapped = np.swapaxes(kernel, 2, 3)
                kinds["channels-swapped"] = [swapped, swapped[::-1, ::-1]]
            for kind, others in kinds.items():
                if any(_times(drawn, other) is not None for other in others):
                    trial.report(kind, at=stamp)
            trial.report("kernel-lost", at=stamp)
        if abs(factor - stamp.strides[0] ** 2) > 1e-3:
            trial.report("not-scaled", at=stamp, factor=f"{factor:.3g}")
    behind = operations_behind(new, stamp)
    names = [type(operation).__name__ for operation in behind]
    means = [place for place, name in enumerate(names) if "AveragePool" in name]
    before = behind[: means[0]] if means else []
    if layer.activation is not None and any(map(models.activation_of, [stamp, *before])):
        trial.report("activation-first", at=stamp)
    if stamp.use_bias and means and any("Pad" in name for name in names[: means[0]]):
        trial.report("bias-before-zeros", at=stamp)


def _explain_biases(
    trial: Trial, model: keras.Model, pairs: Sequence[tuple[Any, Any]], x: np.ndarray
) -> None:
    """End the trial if the model with other biases gives the trial's result."""
    weights = [layer.get_weights() for _, layer in pairs]
    changes: list[tuple[str, Callable[[int], float]]] = [
        ("bias-lost", lambda factor: 0.0),
        ("bias-changed", lambda factor: factor**2),
        ("bias-changed", lambda factor: 1 / factor**2),
    ]
    for kind, change in changes:
        for (upsampling, layer), (kernel, *bias) in zip(pairs, weights, strict=True):
            layer.set_weights([kernel, *(change(upsampling.size[0]) * b for b in bias)])
        if _is_close(trial.result, np.asarray(model(x, training=False))):
            trial.report(kind)
    for (_, layer), held in zip(pairs, weights, strict=True):
        layer.set_weights(held)


def _explain_place(trial: Trial, right: np.ndarray) -> None:
    """End the trial if the values are right in the middle, or elsewhere."""
    y, margin = trial.result, np.s_[:, 4:-4, 4:-4]
    if _is_close(y[margin], right[margin]):
        trial.report("border")
    for n in range(1, 5):
        for one, other in ((y, right), (right, y)):
            if _is_close(one[:, n:, n:][margin], other[:, :-n, :-n][margin]):
                trial.report("shifted", pixels=n)


def _times(array: np.ndarray, other: np.ndarray) -> float | None:
    """The factor that makes one array of another; None if there is none."""
    factor = float((array * other).sum() / (other**2).sum())
    return factor if np.allclose(array, factor * other, atol=1e-4) else None


def _expect_weights(
    trial: Trial, model: keras.Model, new: keras.Model, free: Sequence[keras.Layer]
) -> None:
    """End the trial if a layer's weights are not among those of the new model.

    Args:
        trial: It rebuilt the model.
        model: The old one.
        new: The new one.
        free: Layers of the old model that are replaced.
    """
    held = Counter(s for step in graphs.steps_of(new) for s in _weighted(step.operation))
    for step in graphs.steps_of(model):
        layer: Any = step.operation
        if any(layer is other for other in free) or not _weighted(layer):
            continue
        (signature,) = _weighted(layer)
        if held[signature]:
            held[signature] -= 1
            continue
        about = {"layer": type(layer).__name__, "name": layer.name}
        if isinstance(layer, keras.layers.BatchNormalization) and holds(
            new, *layer.trainable_weights
        ):
            trial.report("statistics-lost", **about)
        trial.report("weights-lost", **about)


def _weighted(layer: Any) -> list[Signature]:
    """The signature of a layer with its weights; nothing of one that has none."""
    return signatures_of(layer, weights=True)[:1] if getattr(layer, "weights", None) else []


def expect_replaced_with_weights(
    trial: Trial, model: keras.Model, generator: np.random.Generator
) -> None:
    """Have one model rebuilt; look at its layers, what each reads, and the weights of those kept.

    Args:
        trial: Of an answer.
        model: With strided `Conv2DTranspose` layers; it gets random weights.
        generator: Draws the weights.
    """
    small_models.as_trained(model, generator)
    strided = graphs.strided_transposes(model)
    texts = [f"{t.kernel_size[0]}x{t.kernel_size[1]} stride {t.strides[0]}" for t in strided]
    given = f"a {_kind(model)} model, to replace: {', '.join(texts)}"
    new = _rebuilt(trial, model, given)
    if left := graphs.strided_transposes(new):
        trial.report("transposed-left", at=left[0], count=len(left))
    now = Counter(signatures_in(new))
    then = Counter(signatures_in(model, resized_instead))
    if now != then:
        _explain_layers(trial, then - now, now - then)
    models.expect_output_shape(trial, new, tuple(model.outputs[0].shape[1:]))
    if structure_of(new) != structure_of(model, resized_instead):
        _explain_structure(trial, model, new)
    _expect_weights(trial, model, new, strided)
    weighted = structure_of(model, resized_instead, weights=True)
    if structure_of(new, weights=True) != weighted:
        trial.report("weights-exchanged")
    shape = (1, *new.inputs[0].shape[1:])
    y = models.run(trial, new, np.ones(shape, "float32"))
    if y.shape[1:] != tuple(model.outputs[0].shape[1:]):
        trial.report("another-size", shape=shape, returned=y.shape)


def _explain_layers(trial: Trial, missing: Counter, extra: Counter) -> NoReturn:
    """End the trial with the first layer that differs, in one line."""
    for name, wanted in sorted(missing):
        others = [dict(settings) for other, settings in sorted(extra) if other == name]
        if others:
            given = min(others, key=lambda s: len(set(wanted) - s.items()))
            setting = next(key for key, value in wanted if given.get(key) != value)
            about = {"given": given.get(setting), "expected": dict(wanted)[setting]}
            trial.report("setting-changed", layer=name, setting=setting, **about)
    if missing:
        name, settings = min(missing)
        kind = "activation-lost" if name == "Activation" else "layer-missing"
        trial.report(kind, layer=name, activation=dict(settings).get("activation"))
    name, settings = min(extra)
    kind = "activation-added" if name == "Activation" else "layer-added"
    trial.report(kind, layer=name, activation=dict(settings).get("activation"))


def _explain_structure(trial: Trial, model: keras.Model, new: keras.Model) -> NoReturn:
    """End the trial with what order of layers or inputs explains the structure."""
    found = structure_of(new)
    for kind, order in [
        ("convolution-first", (1, 0, 2)),
        ("convolution-first", (1, 2, 0)),
        ("activation-first", (0, 2, 1)),
        ("activation-first", (2, 0, 1)),
    ]:
        if found == structure_of(model, partial(resized_instead, order=order)):
            trial.report(kind)
    unordered = [
        structure_of(m, replaced, ordered=False)
        for m, replaced in ((new, None), (model, resized_instead))
    ]
    trial.report("skip-order" if unordered[0] == unordered[1] else "another-input")


# ------------------------------------------------------------------------------ what is compared
def signatures_of(layer: keras.Operation | None, *, weights: bool = False) -> list[Signature]:
    """Class and settings of a layer; nothing of an input.

    An activation counts as a layer of its own, whether it is an argument, a layer or an operation.

    Args:
        layer: A layer or operation of a model.
        weights: Have the layer's weights tell it apart, too.
    """
    if layer is None:
        return []
    maker: Any = type(layer)
    kind, settings = maker.__name__, dict(models.settings_of(layer))
    activation = models.activation_of(layer)
    made = [(kind, settings)]
    if "filters" in settings:
        settings.pop("activation")
    elif kind == "Activation":
        made = []
    elif activation and not hasattr(layer, "activation"):  # such as ReLU, a layer or an operation
        made = [] if settings == models.settings_of(maker()) else made
    if weights and getattr(layer, "weights", None):
        settings["weights"] = _digest(layer)
    if activation:
        made.append(("Activation", {"activation": activation}))
    return [as_signature(name, settings) for name, settings in made]


def _digest(layer: Any) -> str:
    return hashlib.sha256(b"".join(w.tobytes() for w in layer.get_weights())).hexdigest()


def as_signature(name: str, settings: Mapping[str, Any]) -> Signature:
    """A class and its settings as what can be compared and counted."""
    return name, tuple(sorted((key, str(value)) for key, value in settings.items()))


def as_text(signature: Signature) -> str:
    """A signature as messages show it."""
    name, settings = signature
    return f"{name}({', '.join(f'{key}={value}' for key, value in settings)})"


def resized_instead(layer: Any, order: Sequence[int] = (0, 1, 2)) -> list[Signature]:
    """What stands in the place of a strided transposed convolution, in the order of computation.

    Args:
        layer: The transposed convolution.
        order: Another order of the resize (0), the convolution (1) and the activation (2).
    """
    upsampling = models.settings_of(keras.layers.UpSampling2D(layer.strides))
    (_, settings), *activation = signatures_of(layer)
    convolution = {**dict(settings), "strides": (1, 1)}
    parts = [as_signature("UpSampling2D", upsampling), as_signature("Conv2D", convolution)]
    parts += activation
    return [parts[index] for index in order if index < len(parts)]


def signatures_in(model: keras.Model, replaced: Replaced | None = None) -> list[Signature]:
    """The signatures of all operations; `replaced` gives those of a strided transpose."""
    return [s for step in graphs.steps_of(model) for s in _signatures(step.operation, replaced)]


def structure_of(
    model: keras.Model,
    replaced: Replaced | None = None,
    *,
    ordered: bool = True,
    weights: bool = False,
) -> tuple:
    """What the output was computed by, as nested tuples of signatures.

    Args:
        model: Built.
        replaced: Gives the signatures for a strided transpose.
        ordered: Let the order matter in which a layer reads several feature maps.
        weights: Let weights matter, except those of a `Conv2D` behind an `UpSampling2D`.
    """
    made: list[tuple] = []
    for step in graphs.steps_of(model):
        inputs = tuple(made[index] for index in step.inputs)
        if not ordered:
            inputs = tuple(sorted(inputs, key=repr))
        behind = bool(inputs) and inputs[0][0][0] == "UpSampling2D"
        is_free = behind and isinstance(step.operation, keras.layers.Conv2D)
        for signature in _signatures(step.operation, replaced, weights and not is_free):
            inputs = ((signature, inputs),)
        made.append(inputs[0] if inputs else (("input", ()), ()))
    return made[-1]


def _signatures(
    layer: keras.Operation | None, replaced: Replaced | None, weights: bool = False
) -> list[Signature]:
    if replaced is not None and graphs.is_strided_transpose(layer):
        return replaced(layer)
    return signatures_of(layer, weights=weights)


def resizes_of(model: keras.Model) -> list[tuple[Any, Any]]:
    """Each `UpSampling2D` with the `Conv2D` that reads it, where a mean can take its place.

    Nearest, by the same factor along both axes; a convolution with padding `same`, and with an odd
    square kernel that is not smaller than the factor, without stride, dilation or groups.
    """
    return [
        (upsampling, layer)
        for upsampling, layer in _resizes(model)
        if upsampling.interpolation == "nearest"
        and len({*upsampling.size}) == len({*layer.kernel_size}) == 1
        and layer.kernel_size[0] % 2 == 1
        and layer.kernel_size[0] >= upsampling.size[0]
        and layer.padding == "same"
        and layer.strides == layer.dilation_rate == (1, 1)
        and layer.groups == 1
    ]


def _resizes(model: keras.Model) -> list[tuple[Any, Any]]:
    """Each `UpSampling2D` with the `Conv2D` that reads it."""
    steps = graphs.steps_of(model)
    readers = [step for step in steps if isinstance(step.operation, keras.layers.Conv2D)]
    read = [(steps[step.inputs[0]].operation, step.operation) for step in readers]
    return [pair for pair in read if isinstance(pair[0], keras.layers.UpSampling2D)]


def operations_behind(model: keras.Model, layer: keras.Layer) -> list[Any]:
    """The operations that compute one after the other on what a layer gives, up to a branch."""
    steps = graphs.steps_of(model)
    (here,) = (step for step in steps if step.operation is layer)
    found = []
    while len(readers := [step for step in steps if here.index in step.inputs]) == 1:
        (here,) = readers
        found.append(here.operation)
    return found


def holds(model: keras.Model, *arrays: Any) -> bool:
    """Return True if each of these arrays is a weight of a model."""
    weights = model.get_weights()
    return all(
        any(w.shape == np.shape(a) and np.allclose(w, a, atol=1e-5) for w in weights)
        for a in arrays
    )
