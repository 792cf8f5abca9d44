"""probe: which interpreter this is, and what its lock is like."""
import platform
import sys

import threads
import usage


def version():
    """ "3.11.7", "3.14.0rc1". """
    return sys.version.split()[0].rstrip("+")


def _is_free_threaded_build():
    if not hasattr(sys, "_is_gil_enabled"):
        return False
    import sysconfig

    return bool(sysconfig.get_config_var("Py_GIL_DISABLED"))


def has_asyncio():
    """With `async` and `await`, which came with 3.5; 3.6 is the oldest that is tried."""
    return sys.version_info >= (3, 6)


def has_switch_interval():
    return hasattr(sys, "setswitchinterval")


def probe():
    """None where this interpreter has no such thing."""
    return {
        "version": version(),
        "implementation": platform.python_implementation(),
        "major": sys.version_info[0],
        "minor": sys.version_info[1],
        "has_gil": threads.has_lock(),
        "is_free_threaded_build": _is_free_threaded_build(),
        "switch_interval_s": sys.getswitchinterval() if has_switch_interval() else None,
        "check_interval": None if has_switch_interval() else sys.getcheckinterval(),
        "has_asyncio": has_asyncio(),
        "cpus": usage.cpu_count(),
        "executable": sys.executable,
    }
