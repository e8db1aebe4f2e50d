"""Certificates for the test servers, made on the spot with openssl.

Promises: `Certs(folder)` makes a certificate authority at once (`ca_file`); `pair(kind)` makes, on first use, and returns
(certificate file, key file) for one of KINDS. All are for `localhost` and 127.0.0.1 except where the kind says otherwise:

    good        signed by the CA, valid now
    selfsigned  right names, valid now, signed by itself
    otherca     right names, valid now, signed by a CA nobody trusts
    wronghost   signed by the CA, valid now, for mail.example.net only
    expired     signed by the CA, right names, ended in 2021
    notyet      signed by the CA, right names, begins in 2090

Elliptic keys, because making RSA keys would cost more than starting the servers.
"""
import os
import subprocess
import threading

KINDS = ("good", "selfsigned", "otherca", "wronghost", "expired", "notyet")

LOCAL_NAMES = "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"
CONFIG = """
[ca]
default_ca = the_ca
[the_ca]
dir = {folder}
new_certs_dir = {folder}
database = {folder}/{ca}.index
rand_serial = yes
certificate = {folder}/{ca}.pem
private_key = {folder}/{ca}.key
default_md = sha256
policy = any
unique_subject = no
x509_extensions = leaf
[any]
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = {name}
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


class Certs:
    def __init__(self, folder):
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        self._lock = threading.Lock()
        self.ca_file = self._authority("ca", "Test CA of the mail servers")

    def pair(self, kind):
        if kind not in KINDS:
            raise ValueError("unknown certificate kind %r, use one of %s" % (kind, ", ".join(KINDS)))
        with self._lock:
            cert, key = self._path(kind + ".pem"), self._path(kind + ".key")
            if not os.path.exists(cert):
                self._make(kind, cert, key)
            return cert, key

    def _make(self, kind, cert, key):
        name, names = "localhost", LOCAL_NAMES
        if kind == "wronghost":
            name, names = "mail.example.net", "DNS:mail.example.net"
        if kind == "selfsigned":
            config = self._config("ca", kind, name, names)
            self._openssl("req", "-x509", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                          "-days", "30", "-config", config, "-extensions", "leaf", "-keyout", key, "-out", cert)
            return
        ca = "otherca-root" if kind == "otherca" else "ca"
        if kind == "otherca":
            self._authority(ca, "Test CA that nobody trusts")
        config = self._config(ca, kind, name, names)
        request = self._path(kind + ".csr")
        self._openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                      "-config", config, "-keyout", key, "-out", request)
        # `openssl x509` of version 3.0 cannot set a start date, `openssl ca` can
        begin_end = {"expired": ("20200101000000Z", "20210101000000Z"),
                     "notyet": ("20900101000000Z", "20910101000000Z")}.get(kind)
        dates = ["-startdate", begin_end[0], "-enddate", begin_end[1]] if begin_end else ["-days", "30"]
        self._openssl("ca", "-batch", "-notext", "-config", config, *dates, "-in", request, "-out", cert)

    def _authority(self, ca, name):
        cert = self._path(ca + ".pem")
        if not os.path.exists(cert):
            config = self._config(ca, ca, name, LOCAL_NAMES)
            open(self._path(ca + ".index"), "w").close()
            self._openssl("req", "-x509", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                          "-days", "3650", "-config", config, "-extensions", "root",
                          "-keyout", self._path(ca + ".key"), "-out", cert)
        return cert

    def _config(self, ca, kind, name, names):
        path = self._path(kind + ".cnf")
        with open(path, "w") as out:
            out.write(CONFIG.format(folder=self.folder, ca=ca, name=name, names=names))
        return path

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError("openssl %s failed:\n%s" % (arguments[0], done.stderr))
