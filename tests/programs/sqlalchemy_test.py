"""SQLAlchemy over pyodbc: reflection, the ORM, transactions; pandas' to_sql and read_sql."""

import datetime
import decimal
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import programs  # noqa: E402

EMOJI = "Zoë 日本 😀"


def setUpModule():
    programs.start_world(280, with_farm=False)
    import pyodbc

    pyodbc.pooling = False


tearDownModule = programs.stop_world


def engine_of(kind, **more):
    import pyodbc
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"mysql+pyodbc://?odbc_connect=DSN%3D{kind}", **more)

    # The dialect makes pyodbc send UTF-8; as this driver's texts are wide, arrays would be misread.
    @sqlalchemy.event.listens_for(engine, "connect")
    def send_wide_texts(link, _):
        link.setencoding("utf-16-le", ctype=pyodbc.SQL_WCHAR)

    return engine


def everywhere(test):
    def run(self):
        for kind in programs.KINDS:
            with self.subTest(server=kind):
                engine = engine_of(kind)
                try:
                    test(self, engine, kind)
                finally:
                    engine.dispose()

    run.__name__, run.__doc__ = test.__name__, test.__doc__
    return run


class SqlAlchemy(unittest.TestCase):
    @everywhere
    def test_reflects_what_was_created(self, engine, kind):
        import sqlalchemy as sa

        made = sa.MetaData()
        parent = sa.Table(
            "sa_parent",
            made,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("name", sa.String(30), nullable=False, unique=True),
            sa.Column("price", sa.Numeric(10, 2)),
            mysql_engine="InnoDB",
        )
        sa.Table(
            "sa_child",
            made,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent", sa.ForeignKey(parent.c.id), index=True),
            mysql_engine="InnoDB",
        )
        made.drop_all(engine)
        made.create_all(engine)
        inspector = sa.inspect(engine)
        self.assertTrue(inspector.has_table("sa_parent"))
        self.assertFalse(inspector.has_table("sa_nothing"))
        seen = sa.MetaData()
        seen.reflect(engine, only=["sa_parent", "sa_child"])
        columns = seen.tables["sa_parent"].c
        self.assertEqual(["id", "name", "price"], [c.name for c in columns])
        self.assertEqual(30, columns.name.type.length)
        self.assertFalse(columns.name.nullable)
        self.assertEqual((10, 2), (columns.price.type.precision, columns.price.type.scale))
        keys = inspector.get_foreign_keys("sa_child")
        self.assertEqual(("sa_parent", ["id"]), (keys[0]["referred_table"], keys[0]["referred_columns"]))
        made.drop_all(engine)

    @everywhere
    def test_orm_inserts_changes_and_rolls_back(self, engine, kind):
        import sqlalchemy as sa
        from sqlalchemy.orm import Session, declarative_base

        base = declarative_base()

        class Item(base):
            __tablename__ = "sa_item"
            __table_args__ = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}
            id = sa.Column(sa.Integer, primary_key=True, autoincrement=True)
            name = sa.Column(sa.String(60))
            price = sa.Column(sa.Numeric(12, 3))
            day = sa.Column(sa.Date)
            at = sa.Column(sa.DateTime)
            data = sa.Column(sa.LargeBinary)
            on = sa.Column(sa.Boolean)

        base.metadata.drop_all(engine)
        base.metadata.create_all(engine)
        values = {
            "name": EMOJI,
            "price": decimal.Decimal("123456789.125"),
            "day": datetime.date(2024, 2, 29),
            "at": datetime.datetime(2024, 2, 29, 23, 59, 59),
            "data": bytes(range(256)),
            "on": True,
        }
        with Session(engine) as session:
            first, second = Item(**values), Item(name=None)
            session.add_all([first, second])
            session.commit()
            self.assertEqual([1, 2], sorted([first.id, second.id]))
        with Session(engine) as session:
            found = session.query(Item).filter(Item.name == EMOJI).one()
            for key, value in values.items():
                self.assertEqual(value, getattr(found, key), key)
            found.price = decimal.Decimal("0.1") + decimal.Decimal("0.2")
            session.commit()
            self.assertEqual(decimal.Decimal("0.300"), session.get(Item, found.id).price)
            session.delete(found)
            session.rollback()
            self.assertEqual(2, session.query(Item).count())
            self.assertEqual(
                1, session.query(Item).filter(Item.price == decimal.Decimal("0.300")).count()
            )
        base.metadata.drop_all(engine)

    @everywhere
    def test_wrong_statements_are_its_errors(self, engine, kind):
        import sqlalchemy as sa

        with engine.connect() as link:
            with self.assertRaises(sa.exc.ProgrammingError):
                link.execute(sa.text("SELECT * FROM sa_nothing"))
            self.assertEqual(1, link.execute(sa.text("SELECT 1")).scalar())


class Pandas(unittest.TestCase):
    def test_frames_go_in_by_fast_executemany_and_come_back(self):
        import pandas
        import sqlalchemy as sa

        frame = pandas.DataFrame(
            {
                "i": range(2000),
                "f": [x / 4 for x in range(2000)],
                "t": [f"{EMOJI} {x}" for x in range(2000)],
                "at": pandas.Timestamp("2024-02-29 12:34:56"),
            }
        )
        for kind in programs.KINDS:
            for fast in (False, True):
                with self.subTest(server=kind, fast=fast):
                    engine = engine_of(kind)

                    @sa.event.listens_for(engine, "before_cursor_execute")
                    def choose(link, cursor, statement, values, context, many, fast=fast):
                        cursor.fast_executemany = fast and many

                    with engine.begin() as link:
                        frame.to_sql(
                            "frames",
                            link,
                            index=False,
                            if_exists="replace",
                            dtype={"t": sa.String(60), "f": sa.Float(53)},
                        )
                        self.assertEqual(
                            2000, link.execute(sa.text("SELECT COUNT(*) FROM frames")).scalar()
                        )
                        back = pandas.read_sql("SELECT * FROM frames ORDER BY i", link)
                        link.execute(sa.text("DROP TABLE frames"))
                    self.assertTrue(frame.equals(back), back.head())
                    engine.dispose()


if __name__ == "__main__":
    unittest.main(verbosity=2)
