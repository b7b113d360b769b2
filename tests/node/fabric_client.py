"""A plain caller of Fabric nodes for farm.py and the tests: Digest, one challenge per call."""

import hashlib
import http.client
import re
import secrets
import xmlrpc.client


class Refused(Exception):
    """The node answered with an error: an HTTP status, a fault or an error text."""


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def authorization(challenge, user, password, count=1):
    """The Authorization header for a WWW-Authenticate header."""
    fields = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    cnonce = secrets.token_hex(8)
    ha1 = md5(f"{user}:{fields['realm']}:{password}")
    response = md5(f"{ha1}:{fields['nonce']}:{count:08x}:{cnonce}:auth:{md5('POST:/RPC2')}")
    return (
        f'Digest username="{user}", realm="{fields["realm"]}", nonce="{fields["nonce"]}", '
        f'uri="/RPC2", '
        f'response="{response}", algorithm="MD5", opaque="{fields["opaque"]}", qop=auth, '
        f'nc={count:08x}, cnonce="{cnonce}"'
    )


def post(port, body, headers, timeout=30.0, host="127.0.0.1"):
    """One POST; gives (status, headers, body)."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("POST", "/RPC2", body, {"Content-Type": "text/xml", **headers})
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    finally:
        connection.close()


def call(port, method, *arguments, user="admin", password="adminpw", timeout=30.0):
    """Calls a command; gives its result sets as lists of dictionaries. Refused if it failed."""
    status, headers, _ = post(port, b"", {}, timeout)
    credentials = {}
    if status == 401:
        credentials["Authorization"] = authorization(headers["WWW-Authenticate"], user, password)
    body = xmlrpc.client.dumps(tuple(arguments), method, allow_none=True).encode()
    status, _, text = post(port, body, credentials, timeout)
    if status != 200:
        raise Refused(f"{method}: HTTP status {status}")
    try:
        (reply,), _ = xmlrpc.client.loads(text)
    except xmlrpc.client.Fault as fault:
        raise Refused(f"{method}: {fault.faultString}") from fault
    if not isinstance(reply, list) or len(reply) != 5 or not isinstance(reply[3], str):
        return reply
    if reply[3]:
        raise Refused(f"{method}: {reply[3]}")
    return [[dict(zip(found["info"]["names"], row)) for row in found["rows"]] for found in reply[4]]
