#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: Python, the pinned packages, the grader.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
find_python() { for name in python3.12 python3.13 python3.11; do command -v $name && return; done; }
if ! python=$(find_python) || ! "$python" -m venv --help > /dev/null; then
  apt-get update
  apt-get install -y software-properties-common
  add-apt-repository -y ppa:deadsnakes/ppa
  apt-get install -y python3.12 python3.12-venv
  python=$(command -v python3.12)
fi
"$python" -m venv "$root/environment"
"$root/environment/bin/pip" install --no-cache-dir -r "$root/source/requirements/grading.txt"
"$root/environment/bin/pip" install --no-cache-dir --no-deps "$root/source/package"
chmod 700 "$root/source/course" # students' code runs as nobody and must not read the solutions
