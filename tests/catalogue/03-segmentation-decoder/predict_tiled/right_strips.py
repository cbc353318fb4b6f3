"""Puts rows of tiles together first, then the rows, as tensors.

Written from: the task text.
"""

import tensorflow as tf


def predict_tiled(predict, image, tile, overlap):
    step, keep = tile - overlap, overlap // 2

    def joined(n, at, axis):
        parts, done = [], 0
        starts = sorted({min(start, n - tile) for start in range(0, n, step)})
        for start in starts:
            stop = n if start == n - tile else start + tile - keep
            parts.append(tf.gather(at(start), tf.range(done - start, stop - start), axis=axis))
            done = stop
        return tf.concat(parts, axis)

    def row(top):
        return joined(
            image.shape[1],
            lambda left: predict(image[None, top : top + tile, left : left + tile])[0],
            1,
        )

    return joined(image.shape[0], row, 0)
