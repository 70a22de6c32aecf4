"""A server that speaks clamd's INSTREAM and PING on the loopback, for tests."""

import contextlib
import socketserver
import struct
import threading

#: The harmless test file of anti-malware programs, put together at run time so that scanners leave this file alone.
EICAR = "".join(
    ("X5O!P%@AP[4", chr(92), "PZX54(P^)7CC)7}", "$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!", "$H+H*")
).encode()


def _talk(seen, says):
    class Talk(socketserver.StreamRequestHandler):
        def handle(self):
            command = b""
            while not command.endswith(b"\0"):
                command += self.rfile.read(1)
            if command == b"zPING\0":
                self.wfile.write(b"PONG\0")
                return
            data = b""
            while size := struct.unpack(">I", self.rfile.read(4))[0]:
                data += self.rfile.read(size)
            seen.append(data)
            word = says or (b"stream: Eicar-Test-Signature FOUND" if EICAR in data else b"stream: OK")
            self.wfile.write(word + b"\0")

    return Talk


@contextlib.contextmanager
def listening(path=None, *, says=b""):
    """Run a daemon; give its address and what it was sent."""
    seen: list[bytes] = []
    talk = _talk(seen, says)
    server: socketserver.TCPServer = (
        socketserver.ThreadingUnixStreamServer(str(path), talk)
        if path
        else socketserver.ThreadingTCPServer(("127.0.0.1", 0), talk)
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield (str(path) if path else f"127.0.0.1:{server.socket.getsockname()[1]}"), seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
