"""Loaded by every Python of an emulator run, through PYTHONPATH: whatever is misconfigured there, nothing leaves this machine.

An audit hook sees what sockets do below every library, and cannot be removed
(https://docs.python.org/3/library/audit_events.html).
"""

import ipaddress
import os
import sys


def is_loopback(host):
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    # None and the empty name are this machine; a path is a socket of the file system.
    if host in (None, "", "localhost") or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # 0.0.0.0 and :: are where servers listen; to connect there is to connect to oneself.
    return address.is_loopback or address.is_unspecified


def host_of(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        return address[0] if isinstance(address, tuple) else None
    return args[0]


WATCHED = {
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
}


def refuse_foreign(event, args):
    if event not in WATCHED:
        return
    host = host_of(event, args)
    if is_loopback(host):
        return
    sys.stderr.write(f"loopback only: refused '{host}'\n")
    raise ConnectionRefusedError(f"'{host}' is not on this machine")


sys.addaudithook(refuse_foreign)

# Who came this far: what is not on the roll was not held back.
roll = os.environ.get("LOOPBACK_ROLL")
if roll:
    with open(roll, "a", encoding="utf8") as file:
        file.write(f"python {' '.join(os.path.basename(word) for word in sys.orig_argv[1:2])}\n")
