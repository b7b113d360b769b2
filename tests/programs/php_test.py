"""PHP's odbc functions and PDO_ODBC with MariaDB and MySQL 5.6."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402
import samples  # noqa: E402

setUpModule = samples.set_up
tearDownModule = programs.stop_world


class Php(samples.ScriptTest):
    def test_odbc_functions(self):
        self.run_script(["php"], "odbc.php")

    def test_pdo(self):
        self.run_script(["php"], "pdo_odbc.php")


if __name__ == "__main__":
    unittest.main(verbosity=2)
