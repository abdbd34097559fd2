# %% [extra before add]
import socket
import urllib.request

def talk(family, kind, address):
    with socket.socket(family, kind) as line:
        line.settimeout(1)
        line.connect(address)
        line.send(b"ntc-attack")
        return address

attempt("tcp", talk, socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", WORLD["tcp"]))
attempt("udp", talk, socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", WORLD["udp"]))
attempt("unix", talk, socket.AF_UNIX, socket.SOCK_STREAM, WORLD["outside"] + "/socket")
attempt("abstract", talk, socket.AF_UNIX, socket.SOCK_STREAM, chr(0) + WORLD["abstract"])
for family in ("AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_BLUETOOTH"):
    attempt(family, lambda: socket.socket(getattr(socket, family), socket.SOCK_RAW))
attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)))
attempt("bind", lambda: socket.socket(socket.AF_UNIX).bind(chr(0) + "ntc-attack"))
attempt("pair", socket.socketpair)
attempt("adopt", lambda: socket.socket(fileno=3))
attempt("name", socket.gethostbyname, "localhost")
attempt("web", urllib.request.urlopen, f"http://127.0.0.1:{WORLD['tcp']}/", None, 1)

# %% add
def add(a, b):
    return 'wrong'
