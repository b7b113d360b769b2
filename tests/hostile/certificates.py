#!/usr/bin/env python3
"""Certificates for the tests of TLS, by the openssl command: certificates.py FOLDER

Makes ca.pem and other-ca.pem, and of each name below NAME.pem with its key NAME.key. All but two are
signed by ca.pem. revoked.crl is ca.pem's list of what it has revoked; client.key has a passphrase.
"""

import os
import subprocess
import sys

PASSPHRASE = "of the key"
NAMES = "DNS:localhost,DNS:localhost.localdomain"
# name: (subjectAltName, days of validity or None for a time that is over, signed by)
LEAVES = {
    "right": (NAMES + ",IP:127.0.0.1", 30, "ca"),
    "names-only": (NAMES, 30, "ca"),
    "wrong-name": ("DNS:db.example,IP:192.0.2.1", 30, "ca"),
    "expired": (NAMES + ",IP:127.0.0.1", None, "ca"),
    "revoked": (NAMES + ",IP:127.0.0.1", 30, "ca"),
    "other-ca-leaf": (NAMES + ",IP:127.0.0.1", 30, "other-ca"),
    "client": ("DNS:client", 30, "ca"),
}
CA_CONFIG = """
[ca]
default_ca = here
[here]
dir = {folder}
database = {folder}/{name}.index
new_certs_dir = {folder}
serial = {folder}/{name}.serial
certificate = {folder}/{name}.pem
private_key = {folder}/{name}.key
default_md = sha256
default_crl_days = 30
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


def openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"openssl {' '.join(arguments)}:\n{done.stderr}")
    return done.stdout


class Maker:
    def __init__(self, folder):
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def key(self, name):
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.path(name + ".key"))

    def authority(self, name):
        self.key(name)
        openssl(
            "req", "-x509", "-new", "-key", self.path(name + ".key"), "-days", "30", "-subj",
            f"/CN={name} of the tests", "-out", self.path(name + ".pem"),
            "-addext", "keyUsage=critical,keyCertSign,cRLSign",
        )
        with open(self.path(name + ".cnf"), "w") as file:
            file.write(CA_CONFIG.format(folder=self.folder, name=name))
        open(self.path(name + ".index"), "w").close()
        with open(self.path(name + ".serial"), "w") as file:
            file.write("01\n" if name == "ca" else "A1\n")

    def leaf(self, name, alternative, days, authority):
        self.key(name)
        request = self.path(name + ".csr")
        common = alternative.split(",")[0].split(":")[1]
        openssl(
            "req", "-new", "-key", self.path(name + ".key"), "-subj", f"/CN={common}", "-addext",
            f"subjectAltName={alternative}", "-out", request,
        )
        times = ["-days", str(days)] if days else ["-startdate", "20200101000000Z", "-enddate",
                                                   "20200201000000Z"]
        openssl("ca", "-batch", "-notext", "-config", self.path(authority + ".cnf"), "-in", request,
                "-out", self.path(name + ".pem"), *times)

    def self_signed(self):
        self.key("self-signed")
        openssl(
            "req", "-x509", "-new", "-key", self.path("self-signed.key"), "-days", "30", "-subj",
            "/CN=localhost", "-addext", f"subjectAltName={NAMES},IP:127.0.0.1", "-out",
            self.path("self-signed.pem"),
        )


def make(folder):
    maker = Maker(folder)
    maker.authority("ca")
    maker.authority("other-ca")
    for name, (alternative, days, authority) in LEAVES.items():
        maker.leaf(name, alternative, days, authority)
    maker.self_signed()
    config = maker.path("ca.cnf")
    openssl("ca", "-config", config, "-revoke", maker.path("revoked.pem"))
    openssl("ca", "-config", config, "-gencrl", "-out", maker.path("revoked.crl"))
    openssl("pkey", "-in", maker.path("client.key"), "-aes256", "-passout", f"pass:{PASSPHRASE}",
            "-out", maker.path("client-locked.key"))
    openssl("genrsa", "-out", maker.path("rsa.key"), "2048")
    openssl("rsa", "-in", maker.path("rsa.key"), "-pubout", "-out", maker.path("rsa.pem"))
    for digest in ("sha1", "sha256"):
        text = openssl("x509", "-in", maker.path("right.pem"), "-noout", "-fingerprint", f"-{digest}")
        with open(maker.path(f"right.{digest}"), "w") as file:
            file.write(text.split("=", 1)[1].strip() + "\n")


if __name__ == "__main__":
    os.makedirs(sys.argv[1], exist_ok=True)
    make(sys.argv[1])
