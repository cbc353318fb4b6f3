"""Measures flat orders by three methods, and the grid that each order leaves on a wave.

`python tests/evidence/orders.py` takes about half a minute of one core and writes
`data/measurements-orders.json`. A kernel has flat order m at a stride if stamping every polynomial
of total degree below m leaves no part that repeats with the stride. The methods: moments of the
phases; derivatives of the frequency response where a grid has its frequencies, which must vanish;
and stamping monomials by Keras.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import math

import keras
import numpy as np
from stamps import (
    box,
    cubic,
    degrees,
    evened,
    full,
    icnr,
    lanczos,
    mirrored,
    order_by_moments,
    order_by_response,
    outer,
    sampled,
    spread,
    tent,
)
from stored import store

LENGTHS = (8, 16, 32, 64, 128)
ABOUT = """\
orders: kernel, stride, flat order by moments of the phases, by derivatives of the frequency
response at the frequencies of a grid, and by stamping monomials. waves: for kernels of order 0 to 3
at stride 2, a wave of so many output pixels (`lengths`) went in, along an axis or diagonally:
amplitude of everything else in the output, over that of the wave, median over 20 random kernels;
slope: of its logarithm against that of the length, from 16 pixels on, mean, lowest and highest.
box: orders of random kernels before and after a box filter of stride 1, counted."""


# --------------------------------------------------------------------------------------- methods
def order_by_stamping(kernel: np.ndarray, stride: int, most: int = 4) -> int:
    """Stamp monomials by Keras in float64; a part that repeats fails to follow a polynomial."""
    side = 2 * max(kernel.shape) // stride + 14
    at = np.linspace(-1, 1, side)
    for degree in range(most):
        for a, b in degrees(degree):
            x = np.outer(at**a, at**b)
            y = keras.ops.conv_transpose(
                x[None, ..., None], kernel[..., None, None], strides=stride, padding="valid"
            )
            y = np.asarray(y)[0, ..., 0]
            edge = max(kernel.shape)
            inside = y[edge:-edge, edge:-edge]
            if np.abs(inside - _fitted(inside, degree)).max() > 1e-8 * np.abs(kernel).sum():
                return degree
    return most


def _fitted(image: np.ndarray, degree: int) -> np.ndarray:
    """The polynomial of this total degree that is closest to an image."""
    rows, columns = np.meshgrid(*(np.linspace(-1, 1, n) for n in image.shape), indexing="ij")
    terms = [rows**a * columns**b for n in range(degree + 1) for a, b in degrees(n)]
    basis = np.stack([term.ravel() for term in terms], axis=1)
    return (basis @ np.linalg.lstsq(basis, image.ravel(), rcond=None)[0]).reshape(image.shape)


# ----------------------------------------------------------------------------------------- waves
def on_a_wave(kernel: np.ndarray, stride: int, length: int, diagonal: bool) -> float:
    """Amplitude of all else over that of the wave, where one of `length` output pixels went in."""
    period = math.lcm(length, stride)
    periods = -(-len(kernel) // period) + 1
    n = (periods + 1) * period // stride
    index = np.arange(n) * stride
    phase = np.add.outer(index, index if diagonal else 0 * index) * 2 * np.pi / length
    y = keras.ops.conv_transpose(
        np.cos(phase)[None, ..., None], kernel[..., None, None], strides=stride, padding="valid"
    )
    start = periods * period
    block = np.asarray(y)[0, start : start + period, start : start + period, 0]
    power = np.abs(np.fft.fft2(block)) ** 2
    u, v = period // length, (period // length if diagonal else 0)
    wave = power[u, v] + power[-u, -v]
    return float(np.sqrt((power.sum() - wave) / wave))


def of_order(order: int, numbers: np.random.Generator) -> np.ndarray:
    """A random kernel of at least 3x3 whose sum is not small, times so many boxes."""
    kernel = numbers.normal(size=(3, 3)) + 0.5
    return full(kernel, box(2, order)) if order else kernel


def waves() -> dict:
    found = {}
    for order in range(4):
        for diagonal in (False, True):
            numbers = np.random.default_rng(order)
            kernels = [of_order(order, numbers) for _ in range(20)]
            assert all(order_by_moments(kernel, 2) == order for kernel in kernels)
            grids = np.array(
                [[on_a_wave(k, 2, length, diagonal) for length in LENGTHS] for k in kernels]
            )
            steps = np.log(np.array(LENGTHS[1:]))
            slopes = [np.polyfit(steps, np.log(row[1:]), 1)[0] for row in grids]
            found[f"order {order}, {'diagonal' if diagonal else 'axis'}"] = {
                "grid": [float(f"{v:.3g}") for v in np.median(grids, axis=0)],
                "slope": [round(float(f(slopes)), 2) for f in (np.mean, np.min, np.max)],
            }
    return found


# ---------------------------------------------------------------------------------------- orders
def kernels() -> list[tuple[str, np.ndarray, int]]:
    g = np.random.default_rng(0)
    r = g.normal(size=(3, 3))
    rows: list = [
        (f"random {k}x{k}", g.normal(size=(k, k)), s) for k in (2, 3, 4, 5) for s in (2, 3)
    ]
    rows += [("sub-pixel 3x3, random", g.normal(size=(3 * s, 3 * s)), s) for s in (2, 3)]
    for s in (2, 3, 4):
        rows += [
            ("ones k = s: nearest", box(s), s),
            ("nearest + random 3x3", full(box(s), r), s),
            ("nearest + [1,2,1]", full(box(s), outer(1, 2, 1)), s),
            ("ICNR: equal random 3x3", icnr(s, r), s),
            ("random 3x3 + box", full(r, box(s)), s),
            ("random 3x3 + box twice", full(r, box(s, 2)), s),
            ("corner-aligned tent", sampled(tent, s, 1, False), s),
            ("Keras' bilinear", sampled(tent, s, 1, True), s),
            ("random 3x3 + [1,3,3,1]", full(r, outer(1, 3, 3, 1)), s),
            ("Keys' cubic, a = -0.5", sampled(cubic(-0.5), s, 2, True), s),
            ("Keys' cubic, corner-aligned", sampled(cubic(-0.5), s, 2, False), s),
            ("cubic, a = -0.75", sampled(cubic(-0.75), s, 2, True), s),
            ("Lanczos 3, phases normalized", evened(sampled(lanczos, s, 3, True), s), s),
            ("B-spline 3", box(s, 3), s),
            ("mirrored random 4x4", mirrored(g.normal(size=(2, 2))), s),
        ]
    rows += [
        ("[1,2,1]", outer(1, 2, 1), 2),
        ("[1,3,3,1]", outer(1, 3, 3, 1), 2),
        ("[.2,.5,.6,.5,.2]", outer(0.2, 0.5, 0.6, 0.5, 0.2), 2),
        ("two random 3x3 in a row", full(spread(r, 2), g.normal(size=(3, 3))), 4),
        ("random 3x3, then bilinear + 3x3", full(spread(r, 2), full(outer(1, 3, 3, 1), r)), 4),
        ("bilinear twice", full(spread(outer(1, 3, 3, 1), 2), outer(1, 3, 3, 1)), 4),
        ("nearest + 3x3 twice", full(spread(full(box(2), r), 2), full(box(2), r.T)), 4),
        ("random 3x3, then ones 4x4 by 2", full(spread(r, 2), box(4)), 4),
        ("FCN-8s: 16x16", sampled(tent, 8, 1, True), 8),
        ("FCN-16s: 32x32", sampled(tent, 16, 1, True), 16),
        ("identity 2x2", np.eye(2), 2),
        ("identity 2x2 + box", full(np.eye(2), box(2)), 2),
        ("nearest + identity 2x2", full(box(2), np.eye(2)), 2),
        ("nearest + Sobel", full(box(2), np.outer([1, 2, 1], [-1, 0, 1])), 2),
        ("[1,1]", outer(1, 1), 4),
        ("[1,0,1]", outer(1, 0, 1), 4),
        ("[1,1] + [1,0,1]", full(outer(1, 1), outer(1, 0, 1)), 4),
    ]
    return rows


def boxed(count: int = 100) -> dict:
    """How often a box of the stride adds 1 to the order of a random kernel."""
    numbers, found = np.random.default_rng(1), {}
    for stride in (2, 3):
        for before in (0, 1, 2):
            added: dict = {}
            for _ in range(count):
                kernel = full(numbers.normal(size=(3, 4)), box(stride, before))
                more = order_by_moments(full(kernel, box(stride)), stride)
                step = str(more - order_by_moments(kernel, stride))
                added[step] = added.get(step, 0) + 1
            found[f"stride {stride}, order {before}"] = added
    return found


def main() -> None:
    rows = []
    for name, kernel, stride in kernels():
        most = sum(kernel.shape) - 2
        stamping = min(order_by_stamping(kernel, stride), most) if stride < 16 else None
        orders = [order_by_moments(kernel, stride), order_by_response(kernel, stride), stamping]
        rows.append([name, stride, *orders])
        note = "" if len({o for o in orders if o is not None}) == 1 else "   <-- differ"
        print(f"{name:34} s={stride}  {orders}{note}")
    found = {"orders": rows, "lengths": list(LENGTHS), "waves": waves(), "box": boxed()}
    for key in ("waves", "box"):
        for name, row in found[key].items():
            print(name, row)
    about = " ".join(ABOUT.split())
    print(store("orders", about, "tests/evidence/orders.py", [0, 1, 2, 3], **found))


if __name__ == "__main__":
    main()
