"""Takes away from a process what student code must not have; called after the fork, in order.

Namespaces of its own, private folders, no capabilities, no new privileges, and a filter of system
calls. Linux on x86-64 and 64-bit ARM.
"""

import ctypes
import os
import platform
import resource
import struct

_USER, _PID, _MOUNTS, _NET, _IPC, _HOST = (
    0x10000000, 0x20000000, 0x00020000, 0x40000000, 0x08000000, 0x04000000,
)  # fmt: skip
_MS_RDONLY, _MS_NOSUID, _MS_NODEV, _MS_BIND, _MS_REC, _MS_PRIVATE = 1, 2, 4, 4096, 16384, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 1, 4, 22, 24
_PR_SET_NO_NEW_PRIVS = 38
_SIGKILL, _SIGCHLD = 9, 17

# What the filter refuses: (x86-64 number, ARM number).
_REFUSED = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "setns": (308, 268), "unshare": (272, 97), "bpf": (321, 280), "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "pidfd_getfd": (438, 438), "userfaultfd": (323, 282),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106),
    # Memory that no process need show, and sessions, each of which gets its own share of the CPU.
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194),
    "semget": (64, 190), "msgget": (68, 186), "setsid": (112, 157),
    # Whoever gives way to all others waits for a core as long as it likes, and that costs nothing.
    "setpriority": (141, 140), "sched_setscheduler": (144, 119), "sched_setattr": (314, 274),
    "sched_setparam": (142, 118),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
}  # fmt: skip
_CLONE, _CLONE3, _SIGACTION = (56, 220), (435, 435), (13, 134)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column, AUDIT_ARCH_...

_libc = ctypes.CDLL(None, use_errno=True)


def new_namespaces() -> None:
    """Enter a user namespace, and with it PID (for children), network, IPC and host namespaces."""
    user, group = os.getuid(), os.getgid()
    _call("unshare", _USER | _PID | _NET | _IPC | _HOST)
    for name, text in [
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ]:
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


def private_folders(scratch_megabytes: int, hidden: list[str]) -> None:
    """Mount an empty /tmp and /dev/shm, a /proc that tells nothing, and cover `hidden` files."""
    executable = os.readlink("/proc/self/exe")
    facts = {}
    for name in ("cpuinfo", "meminfo"):
        with open(f"/proc/{name}") as file:
            facts[name] = file.read()
    _call("unshare", _MOUNTS)
    _mount(None, "/", None, _MS_REC | _MS_PRIVATE)
    for path in hidden:
        _mount("/dev/null", path, None, _MS_BIND)
    safe = _MS_NOSUID | _MS_NODEV
    _mount("tmpfs", "/tmp", "tmpfs", safe, f"size={scratch_megabytes}m,nr_inodes=20000")
    _mount("tmpfs", "/dev/shm", "tmpfs", safe, f"size={scratch_megabytes}m,nr_inodes=1000")
    _mount("tmpfs", "/proc", "tmpfs", safe, "size=1m,nr_inodes=32")
    os.mkdir("/proc/self")
    os.symlink(executable, "/proc/self/exe")  # TensorFlow asks where it runs, and how
    facts["self/cmdline"] = f"{executable}\0"
    for name, text in facts.items():
        with open(f"/proc/{name}", "w") as file:
            file.write(text)
    _mount("tmpfs", "/proc", None, 32 | _MS_RDONLY | safe)  # 32: change an existing mount
    os.mkdir("/tmp/home")
    os.chdir("/tmp/home")


def keep_only(descriptors: set[int]) -> None:
    """Close every other descriptor."""
    last = 2
    for descriptor in sorted(descriptors):
        os.closerange(last + 1, descriptor)
        last = descriptor
    os.closerange(last + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def set_limits(file_megabytes: int) -> None:
    """Bound file size and open files; no core dumps."""
    for kind, value in [
        (resource.RLIMIT_FSIZE, file_megabytes * 2**20),
        (resource.RLIMIT_NOFILE, 512),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 2**20),
    ]:
        resource.setrlimit(kind, (value, value))


def give_up_privileges() -> None:
    """Drop all capabilities for good and install the system-call filter."""
    for capability in range(64):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("=Ii", 0x20080522, 0)
    _call("capset", header, b"\0" * 24)
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)
    _install_filter()


def die_with_parent() -> None:
    """Be killed when the parent process ends."""
    _call("prctl", _PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def _install_filter() -> None:
    column, architecture = _MACHINES[platform.machine()]
    refuse, pretend_missing, kill, allow = 0x00050001, 0x00050026, 0x80000000, 0x7FFF0000
    load, equal, at_least, test, give = 0x20, 0x15, 0x35, 0x45, 0x06
    program = [
        (load, 0, 0, 4),  # the architecture
        (equal, 1, 0, architecture),
        (give, 0, 0, kill),
        (load, 0, 0, 0),  # the number of the call
        (at_least, 0, 1, 0x40000000),  # the x32 variants of x86-64 have numbers from here on
        (give, 0, 0, refuse),
    ]
    for numbers in _REFUSED.values():
        program += [(equal, 0, 1, numbers[column]), (give, 0, 0, refuse)]
    program += [(equal, 0, 1, _CLONE3[column]), (give, 0, 0, pretend_missing)]
    # Who ignores the end of children hides the CPU time that they used; to ask is allowed.
    program += [
        (equal, 0, 8, _SIGACTION[column]),
        (load, 0, 0, 16),  # the signal
        (equal, 0, 4, _SIGCHLD),
        (load, 0, 0, 24),  # both halves of the address of what is to be done
        (equal, 0, 3, 0),
        (load, 0, 0, 28),
        (equal, 0, 1, 0),
        (give, 0, 0, allow),
        (give, 0, 0, refuse),
    ]
    spaces = _USER | _PID | _MOUNTS | _NET | _IPC | _HOST | 0x02000000
    program += [
        (equal, 0, 3, _CLONE[column]),
        (load, 0, 0, 16),  # its flags
        (test, 0, 1, spaces),
        (give, 0, 0, refuse),
        (give, 0, 0, allow),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HP", len(program), ctypes.addressof(buffer))
    _call("prctl", _PR_SET_SECCOMP, 2, ctypes.c_char_p(header), 0, 0)


def _mount(source: str | None, target: str, kind: str | None, flags: int, data: str = "") -> None:
    texts = [None if text is None else text.encode() for text in (source, target, kind)]
    _call("mount", *texts, ctypes.c_ulong(flags), data.encode() or None, what=target)


def _call(name: str, *arguments: object, what: str = "") -> None:
    converted = [ctypes.c_ulong(a) if type(a) is int else a for a in arguments]
    if getattr(_libc, name)(*converted) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name} {what}: {os.strerror(code)}")
