"""XML-RPC as the real Fabric node writes it, byte for byte in its layout."""

import re
import xml.parsers.expat
import xmlrpc.client
from xml.sax.saxutils import escape

HEAD = "<?xml version='1.0'?>\n<methodResponse>\n"
METHOD_NAME = re.compile(rb"<methodName>(.*)</methodName>")


def method_name(body):
    """The method name of a call, read without parsing; None unless it stands on one line."""
    found = METHOD_NAME.search(body)
    return found.group(1).decode("utf-8", "replace") if found else None


def parse_call(body):
    """The parameters of a call; exceptions of many kinds for what cannot be parsed."""
    parser, target = xmlrpc.client.getparser()
    try:
        parser.feed(body)
        parser.close()
    except xml.parsers.expat.ExpatError as error:
        raise ValueError(f"<class 'xml.parsers.expat.ExpatError'>:{error}") from error
    return list(target.close())


def value(data):
    """One <value> element with its line end."""
    return f"<value>{content(data)}</value>\n"


def content(data):
    if isinstance(data, bool):
        return f"<boolean>{int(data)}</boolean>"
    if isinstance(data, int):
        return f"<int>{data}</int>"
    if isinstance(data, float):
        return f"<double>{data!r}</double>"
    if data is None:
        return "<string>None</string>"
    if isinstance(data, (list, tuple)):
        return "<array><data>\n" + "".join(value(item) for item in data) + "</data></array>"
    if isinstance(data, dict):
        members = "".join(
            f"<member>\n<name>{escape(name)}</name>\n{value(item)}</member>\n"
            for name, item in data.items()
        )
        return f"<struct>\n{members}</struct>"
    return f"<string>{escape(str(data))}</string>"


def response(data):
    text = f"{HEAD}<params>\n<param>\n{value(data)}</param>\n</params>\n</methodResponse>\n"
    return text.encode()


def fault(text):
    data = value({"faultCode": 1, "faultString": text})
    return f"{HEAD}<fault>\n{data}</fault>\n</methodResponse>\n".encode()


def result_set(names, rows):
    return {"info": {"names": names}, "rows": rows}
