"""A course on transposed convolution in Keras, and the grader that marks it."""
