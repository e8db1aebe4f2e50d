"""Tokens for XOAUTH2 as Exchange Online wants them: a token endpoint (client_credentials, RFC 6749 section 4.4) on loopback,
over HTTP and HTTPS, whose tokens Dovecot checks by itself (signed JWT, HS256).

Promises: runs as a process of its own, so it can outlive the program that started it; every request is one line in
`requests.jsonl` without secrets; `control(...)` changes what the next requests get:
    status=503            this HTTP status instead of a token
    lifetime=2            seconds a token lasts (default 3600); negative: expired already
    delay=1.5             seconds before the answer
    email="x@y"           the mailbox the token is for
    body="nonsense"       this text, with status 200 unless given
"""
import base64
import hashlib
import hmac
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from processes import accepts, end_group, wait_for

CLIENT_ID, CLIENT_SECRET = "stadtlabor-client", "stadtlabor-secret"
KEY = b"the key of the test servers, 32+"
LIFETIME = 3600


def make_token(email, lifetime=LIFETIME, key=KEY):
    now = int(time.time())
    claims = {"iss": "stadtlabor-test", "email": email, "sub": email, "iat": now - 5, "nbf": now - 5 + min(lifetime, 0),
              "exp": now + lifetime, "jti": os.urandom(6).hex()}
    parts = [{"alg": "HS256", "typ": "JWT", "kid": "default"}, claims]
    signed = b".".join(_base64url(json.dumps(part).encode()) for part in parts)
    return (signed + b"." + _base64url(hmac.new(key, signed, hashlib.sha256).digest())).decode()


def xoauth2(user, token):
    """What imaplib's and smtplib's authenticate want back for XOAUTH2."""
    return "user=%s\x01auth=Bearer %s\x01\x01" % (user, token)


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


class Oauth:
    def __init__(self, folder, certs, ports, email):
        self.folder, self.certs, self.email = str(folder), certs, email
        self.http_port, self.https_port = ports
        self.token_url = "http://localhost:%d/token" % self.http_port
        self.token_url_tls = "https://localhost:%d/token" % self.https_port
        self.client_id, self.client_secret = CLIENT_ID, CLIENT_SECRET
        self.keys = os.path.join(self.folder, "keys")
        self.process = None

    def prepare(self):
        """The key where Dovecot looks for it."""
        where = os.path.join(self.keys, "default", "HS256")
        os.makedirs(where, exist_ok=True)
        with open(os.path.join(where, "default"), "wb") as out:
            out.write(base64.b64encode(KEY))

    def launch(self):
        self.prepare()
        self.control()
        cert, key = self.certs.pair("good")
        self.process = subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), self.folder, self.email, str(self.http_port), str(self.https_port),
             cert, key], stdin=subprocess.DEVNULL, stdout=open(os.path.join(self.folder, "output"), "ab"),
            stderr=subprocess.STDOUT, start_new_session=True)

    def wait_ready(self, seconds=10):
        wait_for(lambda: accepts(self.http_port) and accepts(self.https_port), seconds, "the token endpoint")

    def stop(self, how=signal.SIGTERM):
        process, self.process = self.process, None
        if process is not None:
            end_group(process.pid, how)
            process.wait()

    def token(self, email=None, lifetime=LIFETIME):
        """A token without asking the endpoint."""
        return make_token(email or self.email, lifetime)

    def control(self, **wishes):
        """Replaces all earlier wishes; none: tokens as usual."""
        path = os.path.join(self.folder, "control.json")
        with open(path + ".new", "w") as out:
            json.dump(wishes, out)
        os.replace(path + ".new", path)

    def requests(self):
        path = os.path.join(self.folder, "requests.jsonl")
        if not os.path.exists(path):
            return []
        with open(path) as file:
            return [json.loads(line) for line in file if line.endswith("\n")]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        form = {name: values[0] for name, values in urllib.parse.parse_qs(body).items()}
        with open(os.path.join(self.server.folder, "control.json")) as file:
            wish = json.load(file)
        time.sleep(wish.get("delay", 0))
        status, answer = self.answer(form, wish)
        with self.server.lock, open(os.path.join(self.server.folder, "requests.jsonl"), "a") as log:
            log.write(json.dumps({"path": self.path, "status": status, "tls": self.server.tls, "scope": form.get("scope"),
                                  "grant_type": form.get("grant_type"), "client_id": form.get("client_id")}) + "\n")
        data = answer.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def answer(self, form, wish):
        if "body" in wish:
            return wish.get("status", 200), wish["body"]
        if "status" in wish:
            return wish["status"], json.dumps({"error": "temporarily_unavailable"})
        if self.path != "/token":
            return 404, json.dumps({"error": "not_found"})
        if form.get("grant_type") != "client_credentials":
            return 400, json.dumps({"error": "unsupported_grant_type"})
        given = form.get("client_id"), form.get("client_secret")
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            name, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
            given = urllib.parse.unquote_plus(name), urllib.parse.unquote_plus(secret)
        if given != (CLIENT_ID, CLIENT_SECRET):
            return 401, json.dumps({"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret"})
        lifetime = wish.get("lifetime", LIFETIME)
        return 200, json.dumps({"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime,
                                "access_token": make_token(wish.get("email", self.server.email), lifetime)})

    def log_message(self, *_):
        pass


def main(folder, email, http_port, https_port, cert, key):
    lock = threading.Lock()
    servers = []
    for port, tls in ((http_port, False), (https_port, True)):
        server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
        server.folder, server.email, server.tls, server.lock, server.daemon_threads = folder, email, tls, lock, True
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, key)
            # the handshake belongs in the connection's thread: one that hangs must not stop the others
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        servers.append(server)
    threading.Thread(target=servers[1].serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
