"""The statistics behind the pass marks and the printed claims of notebook 06.

`python tests/benchmarks/image_generation.py marks 5` trains what the hidden tests train, with the
reference and every answer of the catalogue whose structure passes, from 5 seeds each, and prints
mean, standard deviation and worst. `... vae 10` and `... gan 3` repeat the notebook's trainings.
"""

import sys
from pathlib import Path

import nbformat
import numpy as np

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/catalogue")]

from packed import catalogue  # noqa: E402

from autograder import cells  # noqa: E402
from autograder.lab.checks import image_generation as check  # noqa: E402
from autograder.lab.figures import image_generation as figures  # noqa: E402

ASSIGNMENT = "06-image-generation"


def notebook() -> dict:
    """The names that the set-up and solution cells of the notebook define."""
    names: dict = {}
    path = ROOT / f"solutions/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
    for cell in nbformat.read(path, as_version=4).cells:
        if cells.role(cell) in ("set-up", "solution"):
            exec(cell.source, names)
    return names


def builders(names: dict, function: str) -> dict:
    """The reference and the catalogue's answers for a builder."""
    found = {"reference": names[function]}
    for answer in catalogue(ASSIGNMENT):
        if answer.function == function:
            own: dict = {}
            exec(answer.source, own)
            found[answer.name] = own[function]
    return found


def marks(names: dict, seeds: int) -> None:
    """Print what each builder reaches in the training of the hidden tests."""
    images = names["images"]
    unseen = 2 * names["datasets"].fashion_mnist("test")[0] - 1

    def error(model, seed):
        trained = names["train_autoencoder"](check.quick_to_train(model), images[:800], 2, seed)
        return np.mean((trained.predict(unseen, 250, verbose=0) - unseen) ** 2)

    def accuracy(model, seed):
        trained = names["train_on_puzzles"](check.quick_to_train(model), images[:600], 2, seed)
        puzzles = names["make_puzzles"](unseen[:500], 99)
        right = [trained.predict(unseen[:500], 250, verbose=0) > 0]
        return np.mean([*right, trained.predict(puzzles, 250, verbose=0) < 0])

    print("always the mean image:", f"{np.mean((unseen - images.mean(axis=0)) ** 2):.4f}")
    for name, build in builders(names, "build_generator").items():
        for kind in ("transpose", "resize"):
            report(f"{name}, {kind}", lambda b=build, k=kind: b(32, k), error, seeds)
    for name, build in builders(names, "build_discriminator").items():
        report(name, build, accuracy, seeds)


def report(name: str, build, measure, seeds: int) -> None:
    """Print mean, standard deviation, least and largest of a measure over seeds."""
    try:
        reached = [float(measure(build(), seed)) for seed in range(seeds)]
    except Exception as problem:
        print(f"{name}: {type(problem).__name__}", flush=True)
        return
    print(
        f"{name}: {np.mean(reached):.4f} (standard deviation {np.std(reached):.4f}), "
        f"{min(reached):.4f} to {max(reached):.4f}",
        flush=True,
    )


def vae(names: dict, seeds: int) -> None:
    """Repeat the notebook's VAE, from other seeds than its own."""
    keras, validation = names["keras"], names["validation"]
    for seed in range(1, seeds + 1):
        keras.utils.set_random_seed(seed)
        encoder, decoder = names["make_encoder"](128), names["build_generator"](64)
        answers = names["reparameterize"], names["kl_divergence"]
        curves = names["train_vae"](encoder, decoder, *answers, names["images"], epochs=8)
        rebuilt = decoder.predict(encoder.predict(validation, verbose=0)[:, :64], verbose=0)
        error, divergence = np.mean((rebuilt - validation) ** 2), curves[-1, 1]
        print(f"VAE, seed {seed}: error {error:.4f}, divergence {divergence:.1f}", flush=True)


def gan(names: dict, seeds: int) -> None:
    """Repeat the notebook's two GANs, from other seeds than its own."""
    keras = names["keras"]
    draw = np.random.default_rng(7).normal(size=(500, 64)).astype("float32")
    for seed in range(1, seeds + 1):
        for kind in ("transpose", "resize"):
            keras.utils.set_random_seed(seed)
            player, rival = names["build_generator"](64, kind), names["build_discriminator"]()
            before = figures.grid_peak(player.predict(draw, verbose=0))
            losses = names["discriminator_loss"], names["generator_loss"]
            names["train_gan"](player, rival, losses, names["images"], 800)
            after = figures.grid_peak(player.predict(draw, verbose=0))
            print(f"GAN, seed {seed}, {kind}: peak {before:.2f} -> {after:.2f}", flush=True)


if __name__ == "__main__":
    {"marks": marks, "vae": vae, "gan": gan}[sys.argv[1]](notebook(), int(sys.argv[2]))
