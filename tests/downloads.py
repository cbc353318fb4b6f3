"""Small downloads, as Moodle and Canvas make them, and what `collect` says of them."""

import io
import zipfile


def download(path, files, hour=9, minutes=15):
    """Write a zip archive; each file is some minutes younger than the one before."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(files.items()):
            later, minute = divmod(number * minutes, 60)
            when = (2026, 9, 30, hour + later, minute, 0)
            entry = zipfile.ZipInfo(name, when)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


def zipped(files):
    """A zip archive as bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def placed(lines):
    """What became of whose notebook."""
    return {line.student: line.status for line in lines if line.status != "not placed"}


def reasons(lines):
    """Why files were not placed."""
    return {line.file: line.note for line in lines if line.status == "not placed"}
