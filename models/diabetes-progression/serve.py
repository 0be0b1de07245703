"""The learned model behind HTTP, as MLflow's scoring server and SageMaker have it.

GET /ping answers 200 once the model is loaded. POST /invocations takes {"dataframe_records": [{…}, …]}
and gives {"predictions": [number, …]}. It knows nothing of CliniSandbox.
"""

import http.server
import json
import os

from progression import load, score

MOST_BYTES = 1 << 20


class Handler(http.server.BaseHTTPRequestHandler):
    model = None

    def do_GET(self):
        self.reply(200 if self.path == "/ping" else 404, {})

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if self.path != "/invocations" or length > MOST_BYTES:
            self.reply(404 if length <= MOST_BYTES else 413, {})
            return
        try:
            records = json.loads(self.rfile.read(length))["dataframe_records"]
            self.reply(200, {"predictions": [score(self.model, record) for record in records]})
        except (ValueError, KeyError, TypeError, RecursionError):
            self.reply(400, {"error": "not a list of complete records"})

    def reply(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        """No log: a request's line says nothing that is worth one."""


def main():
    Handler.model = load()
    http.server.HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()


if __name__ == "__main__":
    main()
