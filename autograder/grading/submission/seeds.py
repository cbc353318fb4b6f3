"""The seed from which a student's hidden tests draw their random inputs."""

import hashlib
import hmac
import os
import secrets

from autograder.grading.classroom import Classroom


def seed_of(classroom: Classroom, assignment: str, student: str) -> int:
    """A number below 2**32 that only the class's secret, the assignment and the student decide."""
    message = os.fsencode(f"{assignment}/{student}")
    digest = hmac.new(_secret(classroom), message, hashlib.sha256).digest()
    return int.from_bytes(digest[:4], "big")


def _secret(classroom: Classroom) -> bytes:
    """The class's secret, made on first use and readable by its owner only."""
    path = classroom.folder / "secret"
    if not path.exists():
        classroom.folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().encode()
