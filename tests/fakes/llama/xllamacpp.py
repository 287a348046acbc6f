"""In place of llama.cpp's library: a server that does what its model file says.

The file is ``GGUF`` and a JSON object: ``do`` (serve, memory, broken, die, slow, later), and the
``outline`` and the ``shots`` that it answers in turn; the last one stays.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace


class CommonParams:
    def __init__(self):
        self.model = SimpleNamespace(path="")
        self.cpuparams = SimpleNamespace(n_threads=0)
        self.cpuparams_batch = SimpleNamespace(n_threads=0)
        self.port = 0
        self.api_keys = []


class Server:
    def __init__(self, params):
        script = json.loads(Path(params.model.path).read_bytes()[4:])
        log = Path(params.model.path).with_suffix(".asked")
        do = script.get("do", "serve")
        if do == "memory":
            self._fail("0.00.1 E ggml_aligned_malloc: insufficient memory (attempted 720 MB)")
        if do == "broken":
            self._fail("0.00.1 E common_init_: failed to load model 'x'")
        if do == "die":
            os.kill(os.getpid(), 11)
        if do == "slow":
            time.sleep(60)
        answers = list(script.get("shots", [{}]))

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(body) + "\n")
                if self.headers["Authorization"] != f"Bearer {params.api_keys[0]}":
                    self.send_error(401)
                    return
                if do == "later":
                    os._exit(3)
                if do == "silent":
                    time.sleep(60)
                outline = body["response_format"]["json_schema"]["name"] == "outline"
                said = script["outline"] if outline else answers[0]
                if not outline and len(answers) > 1:
                    answers.pop(0)
                content = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
                message = {"role": "assistant", "content": content}
                answer = {
                    "id": "1",
                    "object": "chat.completion",
                    "created": 0,
                    "model": "small",
                    "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                    "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
                }
                data = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format, *args):
                pass

        try:
            server = ThreadingHTTPServer(("127.0.0.1", params.port), Handler)
        except OSError:
            self._fail("0.00.1 E srv start: couldn't bind HTTP server socket")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.listening_address = f"http://127.0.0.1:{server.server_port}"

    def _fail(self, line):
        sys.stderr.write(f"{line}\n")
        raise RuntimeError("Failed to init server, please check the input params.")
