"""The figures behind the pass marks of assignment 03, and behind what its notebook claims.

`segmentation_seeds.py graded [SEEDS]` trains the reference and every answer of the catalogue as the
hidden tests do, and prints mean, standard deviation, smallest and largest IoU on the test split.
`segmentation_seeds.py scenes [SEEDS]` and `... nuclei [SEEDS]` repeat the notebook's own trainings.
Run it from the root of the repository.
"""

import sys
from pathlib import Path

import jupytext
import numpy as np

from autograder import cells

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "03-segmentation-decoder"
WRONG_SEEDS = 2  # seeds for a wrong answer


def notebook_names() -> dict:
    """What the set-up and solution cells define."""
    names: dict = {}
    for cell in jupytext.read(ROOT / f"solutions/{ASSIGNMENT}.py").cells:
        if cells.role(cell) in ("set-up", "solution"):
            exec(compile(cell.source, cells.grade_id(cell), "exec"), names)
    return names


def graded(names: dict, seeds: int) -> None:
    """Train every answer that builds a network as the hidden tests do."""
    check, quarters = names["check"], names["quarters"]
    unseen = [quarters(crops) for crops in names["datasets"].nuclei("test")]
    seen = [quarters(names["images"]), quarters(names["masks"])]
    for function in ("build_fcn", "build_unet"):
        answers = {"reference": names[function]}
        for path in sorted((ROOT / "tests/catalogue" / ASSIGNMENT / function).glob("*.py")):
            own = dict(names)
            exec(compile(path.read_text(), path.name, "exec"), own)
            answers[path.stem] = own[function]
        for name, build in answers.items():
            wrong = name.startswith("wrong")
            reached = []
            try:
                for seed in range(min(seeds, WRONG_SEEDS) if wrong else seeds):
                    model = check.quick_to_train(build((32, 32, 1), 1, 8))
                    trained, _ = names["train"](model, *seen, 100, seed, check.training_loss)
                    reached.append(check.nucleus_iou(trained, *unseen))
            except Exception as error:
                print(f"{function:11} {name:28} cannot be trained: {type(error).__name__}")
                continue
            print(f"{function:11} {name:28} {summary(reached)}", flush=True)


def scenes(names: dict, seeds: int) -> None:
    """The notebook's six-class comparison, for several seeds."""
    keras, iou = names["keras"], names["iou"]
    images, masks = names["datasets"].fashion_scenes("train", 500)
    held_back, truth = names["datasets"].fashion_scenes("validation", 60)

    def loss(y_true, y_pred):
        wanted = keras.ops.one_hot(keras.ops.cast(y_true[..., 0], "int32"), 6)
        cross_entropy = keras.ops.mean(keras.losses.categorical_crossentropy(wanted, y_pred))
        return cross_entropy + names["dice_loss"](wanted[..., 1:], y_pred[..., 1:])

    for function, steps in [("build_fcn", 700), ("build_unet", 640)]:
        means, any_garment, times = [], [], []
        for seed in range(seeds):
            model, history = names["train"](
                names[function]((48, 48, 1), 6), images, masks, steps, seed, loss, lambda _: 0
            )
            answer = np.argmax(model(held_back, training=False), axis=-1)[..., None]
            means.append(names["mean_iou"](truth, answer, 6))
            any_garment.append(iou((truth > 0) * 1, (answer > 0) * 1, 2)[1])
            times.append(history[-1][0])
        print(f"{function:11} mean IoU    {summary(means)}, {np.mean(times):.1f} s")
        print(f"{function:11} any garment {summary(any_garment)}", flush=True)


def nuclei(names: dict, seeds: int) -> None:
    """The notebook's comparison on nuclei, judged on the test split."""
    check, keras = names["check"], names["keras"]
    unseen = names["datasets"].nuclei("test")
    for function, steps in [("build_fcn", 200), ("build_unet", 180)]:
        reached, times = [], []
        for seed in range(seeds):
            model, history = names["train"](
                names[function]((64, 64, 1), 1), names["images"], names["masks"], steps, seed,
                keras.losses.BinaryCrossentropy(), lambda _: 0,
            )  # fmt: skip
            reached.append(check.nucleus_iou(model, *unseen))
            times.append(history[-1][0])
        print(f"{function:11} {summary(reached)}, {np.mean(times):.1f} s", flush=True)


def summary(values: list[float]) -> str:
    """Mean, standard deviation, and range."""
    return (
        f"{np.mean(values):.3f} ({np.std(values):.3f}), "
        f"{min(values):.3f} to {max(values):.3f}, {len(values)} seeds"
    )


if __name__ == "__main__":
    what, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8
    {"graded": graded, "scenes": scenes, "nuclei": nuclei}[what](notebook_names(), count)
