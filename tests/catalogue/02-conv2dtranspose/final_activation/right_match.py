"""A match statement.

Written from: the task text.
"""


def final_activation(task):
    match task:
        case "binary-mask" | "image-in-0-1":
            return "sigmoid"
        case "multi-class-mask":
            return "softmax"
        case "image-in-minus1-1":
            return "tanh"
        case "regression":
            return "linear"
    raise ValueError(f"unknown task {task!r}")
