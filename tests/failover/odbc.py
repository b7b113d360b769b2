"""ODBC by ctypes, as thin as the workloads allow: connections, statements, parameters, diagnostics.

`Library(driver)` loads the driver itself, `Library(driver, manager=True)` unixODBC and through it
the driver. Texts are UTF-8. Every failed call raises OdbcError; success with information does not.
"""

import ctypes
import ctypes.util
from ctypes import byref, c_char_p, c_longlong, c_short, c_ulonglong, c_ushort, c_void_p

ENV, DBC, STMT = 1, 2, 3
SUCCESS, INFO, NEED_DATA, NO_DATA = 0, 1, 99, 100
NTS = -3
ATTR_ODBC_VERSION, OV_ODBC3_80 = 200, 380
ATTR_QUERY_TIMEOUT = 0
ATTR_AUTOCOMMIT = 102
ATTR_PARAMSET_SIZE, ATTR_PARAM_STATUS_PTR, ATTR_PARAMS_PROCESSED_PTR = 22, 20, 21
PARAM_INPUT = 1
C_CHAR, C_SBIGINT = 1, -25
VARCHAR, LONGVARCHAR, BIGINT = 12, -1, -5
DATA_AT_EXEC = -2
NULL_DATA = -1
CLOSE = 0
COMMIT, ROLLBACK = 0, 1
FABRIC_SHARD_KEY, FABRIC_SERVER = 20002, 20011
PARAM_UNUSED = 7

HANDLE_OUT = ctypes.POINTER(c_void_p)
SIGNATURES = {
    "SQLAllocHandle": (c_short, c_void_p, HANDLE_OUT),
    "SQLFreeHandle": (c_short, c_void_p),
    "SQLSetEnvAttr": (c_void_p, ctypes.c_int, c_void_p, ctypes.c_int),
    "SQLSetConnectAttr": (c_void_p, ctypes.c_int, c_void_p, ctypes.c_int),
    "SQLGetConnectAttr": (c_void_p, ctypes.c_int, c_void_p, ctypes.c_int, c_void_p),
    "SQLSetStmtAttr": (c_void_p, ctypes.c_int, c_void_p, ctypes.c_int),
    "SQLDriverConnect": (
        c_void_p,
        c_void_p,
        c_char_p,
        c_short,
        c_void_p,
        c_short,
        c_void_p,
        c_ushort,
    ),
    "SQLDisconnect": (c_void_p,),
    "SQLExecDirect": (c_void_p, c_char_p, ctypes.c_int),
    "SQLPrepare": (c_void_p, c_char_p, ctypes.c_int),
    "SQLExecute": (c_void_p,),
    "SQLBindParameter": (
        c_void_p,
        c_ushort,
        c_short,
        c_short,
        c_short,
        c_ulonglong,
        c_short,
        c_void_p,
        c_longlong,
        c_void_p,
    ),
    "SQLParamData": (c_void_p, c_void_p),
    "SQLPutData": (c_void_p, c_void_p, c_longlong),
    "SQLFetch": (c_void_p,),
    "SQLMoreResults": (c_void_p,),
    "SQLNumResultCols": (c_void_p, c_void_p),
    "SQLGetData": (c_void_p, c_ushort, c_short, c_void_p, c_longlong, c_void_p),
    "SQLCancel": (c_void_p,),
    "SQLFreeStmt": (c_void_p, c_ushort),
    "SQLEndTran": (c_short, c_void_p, c_short),
    "SQLGetDiagRec": (
        c_short,
        c_void_p,
        c_short,
        c_char_p,
        c_void_p,
        c_char_p,
        c_short,
        c_void_p,
    ),
}


class OdbcError(Exception):
    """The first record's `state` and `native`, and the text of all records."""

    def __init__(self, call, records):
        self.call = call
        self.records = records
        self.state, self.native, first = records[0] if records else ("?????", 0, "no record")
        more = "".join(f"; {state} {text}" for state, _, text in records[1:4])
        super().__init__(f"{call}: {self.state} ({self.native}) {first}{more}")


class Library:
    def __init__(self, driver, manager=False):
        path = ctypes.util.find_library("odbc") if manager else driver
        if not path:
            raise RuntimeError("no driver manager here: install the package unixodbc")
        library = ctypes.CDLL(path)
        for name, arguments in SIGNATURES.items():
            function = getattr(library, name)
            function.argtypes, function.restype = arguments, c_short
            setattr(self, name, function)
        self.environment = self.allocate(ENV, None)
        self.SQLSetEnvAttr(self.environment, ATTR_ODBC_VERSION, OV_ODBC3_80, 0)

    def allocate(self, kind, parent):
        handle = c_void_p()
        if self.SQLAllocHandle(kind, parent, byref(handle)) not in (SUCCESS, INFO):
            raise RuntimeError(f"a handle of type {kind} could not be allocated")
        return handle

    def records(self, kind, handle):
        found = []
        state, text = ctypes.create_string_buffer(8), ctypes.create_string_buffer(2048)
        native, length = ctypes.c_int(), c_short()
        while (
            self.SQLGetDiagRec(
                kind, handle, len(found) + 1, state, byref(native), text, 2048, byref(length)
            )
            in (SUCCESS, INFO)
            and len(found) < 20
        ):
            found.append(
                (state.value.decode(), native.value, text.value.decode(errors="replace"))
            )
        return found

    def check(self, result, kind, handle, call):
        if result not in (SUCCESS, INFO, NEED_DATA, NO_DATA):
            raise OdbcError(call, self.records(kind, handle))
        return result


class Connection:
    def __init__(self, library, string):
        self.library = library
        self.handle = library.allocate(DBC, library.environment)
        try:
            self._call("SQLDriverConnect", None, string.encode(), NTS, None, 0, None, 0)
        except OdbcError:
            library.SQLFreeHandle(DBC, self.handle)
            raise
        self.statements = []

    def _call(self, name, *arguments):
        result = getattr(self.library, name)(self.handle, *arguments)
        return self.library.check(result, DBC, self.handle, name)

    def autocommit(self, on):
        self._call("SQLSetConnectAttr", ATTR_AUTOCOMMIT, int(on), 0)

    def set_number(self, attribute, number):
        self._call("SQLSetConnectAttr", attribute, number, 0)

    def set_text(self, attribute, text):
        self._call("SQLSetConnectAttr", attribute, text.encode(), NTS)

    def server(self):
        """host:port of the server in use, as far as is known."""
        buffer, length = ctypes.create_string_buffer(300), ctypes.c_int()
        self.library.SQLGetConnectAttr(self.handle, FABRIC_SERVER, buffer, 300, byref(length))
        return buffer.value.decode(errors="replace")

    def end(self, how):
        result = self.library.SQLEndTran(DBC, self.handle, how)
        self.library.check(result, DBC, self.handle, "SQLEndTran")

    def statement(self):
        self.statements.append(Statement(self))
        return self.statements[-1]

    def close(self):
        for statement in self.statements:
            self.library.SQLFreeHandle(STMT, statement.handle)
        self.library.SQLDisconnect(self.handle)
        self.library.SQLFreeHandle(DBC, self.handle)


class Statement:
    def __init__(self, connection):
        self.library = connection.library
        self.handle = self.library.allocate(STMT, connection.handle)
        self.buffers = {}  # parameter number -> what must live as long as it is bound
        self.statuses = None

    def _call(self, name, *arguments):
        result = getattr(self.library, name)(self.handle, *arguments)
        return self.library.check(result, STMT, self.handle, name)

    def direct(self, sql):
        return self._call("SQLExecDirect", sql.encode(), NTS)

    def prepare(self, sql):
        self._call("SQLPrepare", sql.encode(), NTS)

    def execute(self):
        return self._call("SQLExecute")

    def bind_number(self, number):
        """A BIGINT parameter; gives the cell whose `value` is sent."""
        cell = c_longlong()
        self._bind(number, C_SBIGINT, BIGINT, 0, byref(cell), 0, None, cell)
        return cell

    def bind_text(self, number, capacity=64):
        """A VARCHAR parameter that ends at its NUL; gives the buffer."""
        buffer, length = ctypes.create_string_buffer(capacity), c_longlong(NTS)
        self._bind(
            number, C_CHAR, VARCHAR, capacity, buffer, capacity, byref(length), (buffer, length)
        )
        return buffer

    def bind_texts(self, number, sets, capacity=64):
        """An array of VARCHAR parameters, one a set; gives the buffers."""
        buffers = ((ctypes.c_char * capacity) * sets)()
        lengths = (c_longlong * sets)(*[NTS] * sets)
        kept = (buffers, lengths)
        self._bind(number, C_CHAR, VARCHAR, capacity, buffers, capacity, lengths, kept)
        return buffers

    def bind_late(self, number):
        """A LONGVARCHAR parameter whose data come at execution."""
        length = c_longlong(DATA_AT_EXEC)
        self._bind(number, C_CHAR, LONGVARCHAR, 0, c_void_p(number), 0, byref(length), length)

    def _bind(self, number, c_type, sql_type, size, value, capacity, length, kept):
        pointer = ctypes.cast(value, c_void_p) if not isinstance(value, c_void_p) else value
        indicator = ctypes.cast(length, c_void_p) if length is not None else None
        self.buffers[number] = kept
        self._call(
            "SQLBindParameter",
            number,
            PARAM_INPUT,
            c_type,
            sql_type,
            size,
            0,
            pointer,
            capacity,
            indicator,
        )

    def sets(self, count):
        """Executions run `count` sets of parameters; gives the array of their statuses."""
        self.statuses = (c_ushort * count)()
        self._call("SQLSetStmtAttr", ATTR_PARAMSET_SIZE, count, 0)
        self._call("SQLSetStmtAttr", ATTR_PARAM_STATUS_PTR, ctypes.cast(self.statuses, c_void_p), 0)
        return self.statuses

    def execute_late(self, pieces):
        """Executes and sends the pieces for the parameter whose data come at execution."""
        result = self.execute()
        asked = c_void_p()
        while result == NEED_DATA:
            result = self._call("SQLParamData", byref(asked))
            if result == NEED_DATA:
                for piece in pieces:
                    self._call("SQLPutData", piece, len(piece))

    def fetch(self):
        """True while there is a row."""
        return self._call("SQLFetch") != NO_DATA

    def more(self):
        """Goes to the next result; False when there is none."""
        return self._call("SQLMoreResults") != NO_DATA

    def columns(self):
        """The number of columns of this result, 0 for a count."""
        count = c_short()
        self._call("SQLNumResultCols", byref(count))
        return count.value

    def text(self, column, capacity=512):
        buffer, length = ctypes.create_string_buffer(capacity), c_longlong()
        self._call("SQLGetData", column, C_CHAR, buffer, capacity, byref(length))
        return None if length.value == NULL_DATA else buffer.value.decode(errors="replace")

    def cancel(self):
        self.library.SQLCancel(self.handle)

    def close_cursor(self):
        self.library.SQLFreeStmt(self.handle, CLOSE)

    def value(self, sql):
        """The first cell of the first row as text, None without one."""
        try:
            self.direct(sql)
            return self.text(1) if self.fetch() else None
        finally:
            self.close_cursor()
