"""R's RODBC with MariaDB and MySQL 5.6."""

import os
import subprocess
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

    def test_a_table_is_saved_fetched_and_updated(self):
        for kind in programs.KINDS:
            with self.subTest(kind=kind):
                code = (
                    f'library(RODBC); ch <- odbcConnect("{kind}"); '
                    'd <- data.frame(id=1:2, name=c("ox", "hen"), x=c(1.5, NA)); '
                    'sqlSave(ch, d, "saved", rownames=FALSE); d$x <- c(3, 4); '
                    'sqlUpdate(ch, d, "saved", index="id"); '
                    'cat(format(sqlFetch(ch, "saved")$x), sqlFetch(ch, "saved")$name)'
                )
                done = subprocess.run(
                    ["Rscript", "-e", code], capture_output=True, text=True, timeout=60, check=False
                )
                self.assertEqual(done.stdout, "3 4 ox hen", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
