"""Prints the statistics behind the pass marks and claims of assignment 05, over several seeds.

python tests/benchmarks/super_resolution.py hidden 10     # the hidden training of build_sr
python tests/benchmarks/super_resolution.py notebook 5    # the notebook's own training runs
"""

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/catalogue"))

from autograder import lab  # noqa: E402, F401, I001  (first: it quiets TensorFlow)
import keras  # noqa: E402
import numpy as np  # noqa: E402
import packed  # noqa: E402
import tensorflow as tf  # noqa: E402

from autograder.authoring.sources import read  # noqa: E402
from autograder.lab import datasets  # noqa: E402
from autograder.lab.checks import super_resolution as check  # noqa: E402

ASSIGNMENT = "05-super-resolution"
KINDS = ("transpose", "resize", "subpixel")
WRONG = ("wrong_linear", "wrong_positive_residual")


def cells() -> dict:
    """What set-up, solution and demonstration cells of the source define."""
    names: dict = {}
    for cell in read(ROOT, ASSIGNMENT).cells:
        defines = cell.kind in ("set-up", "solution") or "def " in cell.text
        if cell.kind not in ("prose", "grade") and defines:
            text = cell.text.split("\nwith lab.needs")[0]
            exec(compile(text, cell.label, "exec"), names)
    return names


def decibels(guess, images) -> np.ndarray:
    return tf.image.psnr(np.asarray(guess), images, 1.0).numpy()


def line(name: str, values: list[float]) -> None:
    values = np.array(values)
    print(
        f"{name:44} mean {values.mean():6.2f}  std {values.std():5.2f}  "
        f"min {values.min():6.2f}  max {values.max():6.2f}",
        flush=True,
    )


def hidden(given: dict, seeds: int) -> None:
    """The gain of each builder, trained as the hidden test does."""
    unseen = datasets.fashion_mnist("test")[0][:500]
    shrink, train_sr, seeded = (given[name] for name in ("shrink", "train_sr", "seeded"))
    fixed = decibels(given["enlarge"](shrink(unseen)), unseen)
    builders: dict[str, Callable] = {"reference": given["build_sr"]}
    for answer in packed.catalogue(ASSIGNMENT):
        if answer.function == "build_sr" and (answer.right or answer.name in WRONG):
            scope: dict = {}
            exec(answer.source, scope)
            builders[answer.name] = scope["build_sr"]
            if answer.name == "right_skip_and_prelu":
                plain, scope = 'Activation("relu")(first)', {}
                normalized = 'Activation("relu")(layers.BatchNormalization()(first))'
                assert plain in answer.source
                exec(answer.source.replace(plain, normalized), scope)
                builders["the same with batch normalization"] = scope["build_sr"]
    for name, builder in builders.items():
        for kind in KINDS:
            gains = []
            for seed in range(3 if name in WRONG else seeds):
                model = check.quick_to_train(seeded(builder, kind, seed))
                train_sr(model, given["images"][:600], 2, seed, batch_size=8)
                gains.append(float((decibels(model(shrink(unseen)), unseen) - fixed).mean()))
            line(f"{name}, {kind}", gains)


def silent(given: dict, seeds: int) -> None:
    """The networks of section 7, at the notebook's rate and at that of the other sections."""
    shrink, enlarge, images = given["shrink"], given["enlarge"], given["images"]
    validation = given["validation"]
    low, fixed = shrink(validation), decibels(enlarge(shrink(validation)), validation)
    for rate in (1e-2, 2e-3):
        for activation in ("relu", "leaky_relu"):
            for error in ("mae", "mse"):
                gains = []
                for seed in range(seeds):
                    network = given["seeded"](given["short_network"], activation, seed)
                    options = {"batch_size": 16, "loss": error, "rate": rate}
                    given["train_sr"](network, images[:1000], 2, seed, **options)
                    gains.append(float((decibels(network(low), validation) - fixed).mean()))
                line(f"section 7, rate {rate}, {activation}, {error}", gains)


def notebook(given: dict, seeds: int) -> None:
    """The gains and artifacts that sections 6, 8 and 9 speak of."""
    shrink, enlarge, train_sr, seeded = (
        given[name] for name in ("shrink", "enlarge", "train_sr", "seeded")
    )
    images, validation = given["images"], given["validation"]
    low, fixed = shrink(validation), decibels(enlarge(shrink(validation)), validation)
    photographs = {
        name: tf.image.rgb_to_yuv(photo).numpy()[None, ..., :1]
        for name, photo in datasets.photographs("validation").items()
    }
    crops = datasets.photographs("train")
    crops = np.concatenate([crops, crops[:, :, ::-1], crops[:, ::-1], crops.transpose(0, 2, 1, 3)])

    def on_photographs(model: keras.Model) -> list[float]:
        return [
            float((decibels(model(shrink(p)), p) - decibels(enlarge(shrink(p)), p))[0])
            for p in photographs.values()
        ]

    for kind in KINDS:
        gains, grids, moved = [], [], []
        for seed in range(seeds):
            model = train_sr(seeded(given["build_sr"], kind, seed), images, 2, seed)
            guess = model.predict(low, verbose=0)
            gains.append(float((decibels(guess, validation) - fixed).mean()))
            errors = (guess - validation)[..., 0]
            grids.append(100 * float(np.mean([given["grid_share"](error) for error in errors])))
            moved.append(on_photographs(model))
        line(f"section 6, {kind}, gain", gains)
        line(f"section 8, {kind}, grid in the error, %", grids)
        for name, values in zip(photographs, zip(*moved, strict=True), strict=True):
            line(f"section 9, {kind} of clothes on the {name}", list(values))
    learned = [
        on_photographs(
            train_sr(seeded(given["build_sr"], "subpixel", seed), crops, 10, seed, batch_size=8)
        )
        for seed in range(seeds)
    ]
    for name, values in zip(photographs, zip(*learned, strict=True), strict=True):
        line(f"section 9, subpixel of photographs on the {name}", list(values))


if __name__ == "__main__":
    {"hidden": hidden, "silent": silent, "notebook": notebook}[sys.argv[1]](
        cells(), int(sys.argv[2])
    )
