"""From a submitted file to verdicts; knows one submission and no gradebook.

intake: reads the file, or says in a sentence why it cannot be read.
matching: finds a release's cells in a submission, also those that lost their metadata.
beside: reads the files beside a notebook, for the student's process.
sanitize: rebuilds the notebook against the instructor's copy.
releases: finds the release from which a submission was made.
private_tests: adds the instructor's own hidden tests.
seeds: gives each student the seed of the random inputs.
version: what decides a verdict besides the submission, as a hash.
preflight: examines the reference solution and the blank release first.
execution: has the examiner run the cells and writes what came of it into them.
"""
