"""A real server: one small process that answers every HTTP request with its name, over TLS if it gets a certificate.

One request after the other, without threads: in user-mode Linux a thread costs more than the answer.
Run: python3 server.py NAME PORT [FILE with certificate and key]
"""
import socket
import sys

#: A client that says nothing for so long is let go.
PATIENCE = 3.0


def answer(connection, page, tls):
    with connection:
        connection.settimeout(PATIENCE)
        try:
            connection = tls.wrap_socket(connection, server_side=True) if tls else connection
            request = b""
            while b"\r\n\r\n" not in request and len(request) < 8192:
                part = connection.recv(2048)
                if not part:
                    return  # a health check that only connects
                request += part
            connection.sendall(page)
            if tls:
                connection.unwrap()
        except OSError:  # ssl.SSLError is one
            pass


def main():
    name, port, tls = sys.argv[1], int(sys.argv[2]), None
    if len(sys.argv) > 3:
        import ssl  # takes long to load in user-mode Linux, so only where it is used
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(sys.argv[3])
    body = f"{name}\n".encode()
    page = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with socket.create_server(("0.0.0.0", port), backlog=128) as listener:
        while True:
            connection, _ = listener.accept()
            answer(connection, page, tls)


if __name__ == "__main__":
    main()
