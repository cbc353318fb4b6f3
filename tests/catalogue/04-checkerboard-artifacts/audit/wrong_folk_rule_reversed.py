"""Names decoders whose kernel sizes are divisible by their strides.

Written from: the task text.
Told: left-out
"""


def audit(decoders, seeds):
    return [
        name
        for name, decoder in decoders.items()
        if decoder[0][2] > 1 and decoder[0][0] == "transpose" and decoder[0][1] % decoder[0][2] == 0
    ]
