"""iODBC, whose wide characters have four bytes, is refused in one sentence that its programs can show."""

import ctypes
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import programs  # noqa: E402

SENTENCE = "whose wide characters have four bytes, this driver's have two; use a program that is built with unixODBC"
ENVIRONMENT, CONNECTION = ctypes.c_short(1), ctypes.c_short(2)
ODBC_VERSION, ODBC_3, NTS = 200, ctypes.c_void_p(3), -3


class Refused(unittest.TestCase):
    def setUp(self):
        self.folder = programs.Folder()
        self.addCleanup(self.folder.remove)
        driver = programs.driver_path()
        with open(os.environ["ODBCINI"], "w", encoding="utf-8") as file:
            file.write(f"[shop]\nDriver={driver}\nServer=127.0.0.1\nPort=1\n")

    def test_a_program_that_has_iodbc_in_itself(self):
        done = subprocess.run(["iodbctest", "DSN=shop"], input="exit\n", capture_output=True, text=True, timeout=30, check=False)
        self.assertIn("SQLDriverConnect = [MyFabric][ODBC Driver]the driver manager is iODBC", done.stderr)
        self.assertIn(SENTENCE, done.stderr)
        self.assertIn("SQLSTATE=HYC00", done.stderr)

    def test_programs_that_load_iodbc(self):
        manager = ctypes.CDLL("libiodbc.so.2")
        for wide in (False, True):
            with self.subTest(wide=wide):
                state, text = self.refusal(manager, wide)
                self.assertEqual("HYC00", state)
                self.assertIn("libiodbc.so.2), " + SENTENCE, text)

    def refusal(self, manager, wide):
        buffer = ctypes.create_unicode_buffer if wide else ctypes.create_string_buffer
        suffix = "W" if wide else ""
        text = "DSN=shop" if wide else b"DSN=shop"
        environment, connection = ctypes.c_void_p(), ctypes.c_void_p()
        self.assertEqual(0, manager.SQLAllocHandle(ENVIRONMENT, None, ctypes.byref(environment)))
        self.assertEqual(0, manager.SQLSetEnvAttr(environment, ODBC_VERSION, ODBC_3, 0))
        self.assertEqual(0, manager.SQLAllocHandle(CONNECTION, environment, ctypes.byref(connection)))
        connect = getattr(manager, "SQLDriverConnect" + suffix)
        none = ctypes.c_short(0)
        result = connect(connection, None, buffer(text), ctypes.c_short(NTS), None, none, None, ctypes.c_ushort(0))
        self.assertEqual(-1, ctypes.c_short(result).value)
        state, message = buffer(6), buffer(512)
        native, length = ctypes.c_int(), ctypes.c_short()
        record = getattr(manager, "SQLGetDiagRec" + suffix)
        record(CONNECTION, connection, ctypes.c_short(1), state, ctypes.byref(native), message, ctypes.c_short(512), ctypes.byref(length))
        manager.SQLFreeHandle(CONNECTION, connection)
        manager.SQLFreeHandle(ENVIRONMENT, environment)
        return [each.value if wide else each.value.decode() for each in (state, message)]


if __name__ == "__main__":
    unittest.main()
