"""Runs one submission: the student's code and the tests in two processes of one sandbox.

It knows nothing of classes, gradebooks or notebook files. Grading calls `engine`; only
`frameworks` loads TensorFlow, in a class whose notebooks do.

job: what the examiner is asked and what it answers.
protocol: every message between processes, as a type.
wire: frames of these messages.
values: arrays, tensors and Keras models as bytes, for the two children.
frameworks: what crosses of Keras and TensorFlow.
engine: the life of the warm zygote.
examination: one submission: what is run and what is run again.
pair: the judge and the student's process of one run.
endings: why something ended, in words.
zygote: the warm parent, which forks them.
watch: watches the processes of each, and the time that they use.
usage: the time that processes have used, as limits count it.
sandbox: bubblewrap around the zygote.
confine: what a process gives up before student code runs in it.
scratch: the folder in which a process works, and the files that a student finds there.
judge: runs set-up and grade cells, and asks the student's process.
student: runs the student's cells and calls functions for the judge.
patience: ends calls of functions that ran out of time before, for the student's process.
shell: the IPython shell in both.
probes: attempts to break the sandbox, for `autograder doctor` and the tests.
"""
