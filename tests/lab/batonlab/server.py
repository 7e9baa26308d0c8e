"""A real server: one small process that answers every HTTP request with its name.  Run: python3 server.py NAME PORT"""
import socket
import sys
import threading

#: A client that says nothing for so long is let go.
PATIENCE = 2.0


def answer(connection, page):
    with connection:
        connection.settimeout(PATIENCE)
        try:
            request = b""
            while b"\r\n\r\n" not in request and len(request) < 8192:
                part = connection.recv(2048)
                if not part:
                    return  # a health check that only connects
                request += part
            connection.sendall(page)
        except OSError:
            pass


def main():
    name, port = sys.argv[1], int(sys.argv[2])
    body = f"{name}\n".encode()
    page = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    with socket.create_server(("0.0.0.0", port), backlog=128) as listener:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=answer, args=(connection, page), daemon=True).start()


if __name__ == "__main__":
    main()
