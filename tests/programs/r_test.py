"""R's RODBC with MariaDB and MySQL 5.6."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402
import samples  # noqa: E402

setUpModule = samples.set_up
tearDownModule = programs.stop_world


class Rodbc(samples.ScriptTest):
    def test_every_type_long_texts_blocks_and_procedures(self):
        self.run_script(["Rscript"], "rodbc.R")


if __name__ == "__main__":
    unittest.main(verbosity=2)
