# Receives forwarded events, and handles each once. FORWARD_SECRET=whsec_… python3 receiver.py
import base64, hashlib, hmac, json, os, sqlite3, time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = base64.b64decode(os.environ["FORWARD_SECRET"].removeprefix("whsec_"))
db = sqlite3.connect(os.environ.get("RECEIVED_FILE", "received.db"))
db.execute("CREATE TABLE IF NOT EXISTS received (id TEXT PRIMARY KEY, type TEXT, resource_id TEXT)")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        id, at, sent = (self.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
        mac = b"v1," + base64.b64encode(hmac.digest(KEY, f"{id}.{at}.".encode() + body, hashlib.sha256))
        genuine = any(hmac.compare_digest(mac, one.encode()) for one in sent.split())
        genuine = genuine and abs(time.time() - int(at)) < 300  # nobody may repeat an old message
        if genuine:
            event = json.loads(body)["data"]["event"]
            row = (id, event["name"], event["resourceId"])
            with db:  # one transaction: what the event changes in your database belongs in it as well
                is_new = db.execute("INSERT OR IGNORE INTO received VALUES (?, ?, ?)", row).rowcount == 1
            if is_new:
                print("handled", *row, flush=True)
        self.send_response(204 if genuine else 401)
        self.end_headers()


server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", 5000))), Receiver)
print("listening on port", server.server_port, flush=True)
server.serve_forever()
