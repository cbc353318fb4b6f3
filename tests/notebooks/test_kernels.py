"""Kernels that nbval starts: a port that somebody takes first costs no notebook its run."""

import contextlib
import socket

import nbval.kernel
import pytest

pytestmark = pytest.mark.notebooks


@pytest.fixture
def take(monkeypatch):
    """Call it with a number: of so many kernels, somebody takes a port once it is chosen."""
    with contextlib.ExitStack() as taken:

        def take(times):
            manager = nbval.kernel.KernelManager
            command = manager.format_kernel_cmd
            left = iter(range(times))

            def rival(self, *arguments, **settings):
                if next(left, None) is not None:
                    taken.enter_context(socket.create_server(("127.0.0.1", self.shell_port)))
                return command(self, *arguments, **settings)

            monkeypatch.setattr(manager, "format_kernel_cmd", rival)

        yield take


def start():
    return nbval.kernel.start_new_kernel(kernel_name=nbval.kernel.CURRENT_ENV_KERNEL_NAME)


def test_a_kernel_whose_port_was_taken_starts_again(take, capsys):
    take(1)
    manager, client = start()
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    said = capsys.readouterr().out
    assert "did not start (1 of 3)" in said and "Address already in use" in said


def test_a_kernel_that_never_starts_is_an_error(take, capsys):
    take(3)
    with pytest.raises(RuntimeError, match="Kernel died"):
        start()
    assert "(3 of 3)" in capsys.readouterr().out
