"""A page that shows what the backend says. Berth tells it where that is: BACKEND_URL."""

import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BACKEND = os.environ.get("BACKEND_URL", "http://127.0.0.1:8000")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with urllib.request.urlopen(BACKEND + "/hello", timeout=5) as answer:
                said = answer.read().decode()
            status = 200
        except OSError as down:
            said, status = f"the backend at {BACKEND} does not answer: {down}", 502
        body = f"<!doctype html><title>Two servers</title><p>{said}</p>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "12000"))
    print(f"frontend on {port}, backend at {BACKEND}", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
