"""What a worker process may not do: take all memory, reach the network."""

import contextlib
import ctypes
import platform
import resource

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

SOCKET_CALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Machine to the kernel's name of its architecture and its number of the system call `socket`."""


def limit_memory(megabytes: int, stack_megabytes: int) -> None:
    """Bound the address space: an allocation beyond it ends the process. No core file is written."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    size = (megabytes + stack_megabytes) * 1024 * 1024
    with contextlib.suppress(ValueError):  # an administrator has set a smaller one already
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def forbid_sockets() -> bool:
    """Have the kernel refuse every new socket, so that no query reaches the network; open ones go on working.

    Returns:
        Whether the kernel took the filter (Linux on x86-64 and ARM64).
    """
    if platform.machine() not in SOCKET_CALLS:
        return False
    architecture, socket_call = SOCKET_CALLS[platform.machine()]
    load, jump_if_equal, give_back = 0x20, 0x15, 0x06
    allow, refuse = 0x7FFF0000, 0x00050000 | 13  # refused calls fail with EACCES
    steps = [
        (load, 0, 0, 4),  # the architecture
        (jump_if_equal, 0, 3, architecture),
        (load, 0, 0, 0),  # the number of the system call
        (jump_if_equal, 0, 1, socket_call),
        (give_back, 0, 0, refuse),
        (give_back, 0, 0, allow),
    ]
    program = (_Step * len(steps))(*(_Step(*step) for step in steps))
    filters = _Program(len(steps), program)
    return _prctl(PR_SET_NO_NEW_PRIVS, 1) and _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filters))


class _Step(ctypes.Structure):
    """`struct sock_filter` of the kernel."""

    _fields_ = (
        ("code", ctypes.c_ushort),
        ("jump_true", ctypes.c_ubyte),
        ("jump_false", ctypes.c_ubyte),
        ("k", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    """`struct sock_fprog` of the kernel."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def _prctl(option: int, value: int, pointer: object = None) -> bool:
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    return prctl is not None and prctl(option, value, pointer, 0, 0) == 0
