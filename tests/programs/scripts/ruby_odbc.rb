# ruby-odbc: values, NULL, blocks of rows, prepared statements, transactions, catalogs, errors.
require "odbc_utf8"

$checked = 0

def is(got, wanted, what)
  $checked += 1
  puts "FAIL #{what}: expected #{wanted.inspect}, got #{got.inspect}" unless got == wanted
end

db = ODBC.connect(ARGV[0])
db.do("DROP TABLE IF EXISTS ruby_rows")
db.do("CREATE TABLE ruby_rows (id INT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(60) CHARACTER SET utf8mb4, " \
      "d DECIMAL(10,2), u INT UNSIGNED, b BIGINT, m DATETIME, l LONGTEXT CHARACTER SET utf8mb4) ENGINE=InnoDB")
# Its own conversion spoils what is beyond U+FFFF.
text = "Zo\u00eb \u65e5\u672c"
long = "a\u00e9\u65e5" * 30_000
insert = db.prepare("INSERT INTO ruby_rows (t, d, u, b, m, l) VALUES (?, ?, ?, ?, ?, ?)")
is(insert.nparams, 6, "parameters")
# It takes no integers beyond 2^31, and texts alone for BIGINT.
insert.execute(text, "1.25", "4000000000", (2**62).to_s, "2020-02-29 12:34:56", long)
insert.execute("it's", "-0.25", 0, "-1", nil, nil)
is(insert.nrows, 1, "rows of an INSERT")
insert.drop

rows = db.run("SELECT t, d, b, m FROM ruby_rows ORDER BY id")
is(rows.ncols, 4, "columns")
is(rows.columns(true).map(&:name), %w[t d b m], "names")
all = rows.fetch_all
rows.drop
is(all.size, 2, "rows")
is(all[0][0], text, "a text")
is(all[0][1].to_f, 1.25, "a decimal number")
is(all[0][2].to_i, 2**62, "a large integer")
is(all[0][3].to_s[0, 19], "2020-02-29 12:34:56", "a moment")
is(all[1][3], nil, "NULL")
is(db.run("SELECT l FROM ruby_rows WHERE id = 1") { |s| s.fetch[0] }, long, "a long text")
is(db.run("SELECT u FROM ruby_rows WHERE id = 1") { |s| s.fetch[0].to_i & 0xFFFFFFFF }, 4_000_000_000, "an unsigned number")

db.autocommit = false
db.do("DELETE FROM ruby_rows")
db.rollback
is(db.run("SELECT COUNT(*) FROM ruby_rows") { |s| s.fetch[0].to_i }, 2, "rolled back")
begin
  db.transaction { |d| d.do("DELETE FROM ruby_rows"); raise "no" }
rescue RuntimeError
  nil
end
is(db.run("SELECT COUNT(*) FROM ruby_rows") { |s| s.fetch[0].to_i }, 2, "rolled back by an exception")
db.autocommit = true

is(db.tables("ruby_rows") { |s| s.fetch_all.map { |r| r[2] } }, ["ruby_rows"], "tables")
is(db.columns("ruby_rows") { |s| s.fetch_all.map { |r| r[3] } }, %w[id t d u b m l], "columns of the table")
is(db.primary_keys("ruby_rows") { |s| s.fetch_all.map { |r| r[3] } }, ["id"], "the primary key")
begin
  db.run("SELECT * FROM nothing_here")
  is(true, false, "an error")
rescue ODBC::Error => e
  is(e.message.include?("nothing_here") && e.message.start_with?("42S02"), true, "an error names the table: #{e.message}")
end
scroll = db.newstmt
scroll.cursortype = ODBC::SQL_CURSOR_STATIC
scroll.run("SELECT id FROM ruby_rows ORDER BY id")
is(scroll.fetch_scroll(ODBC::SQL_FETCH_LAST)[0].to_i, 2, "the last row")
is(scroll.fetch_scroll(ODBC::SQL_FETCH_FIRST)[0].to_i, 1, "the first row")
scroll.drop
db.do("DROP TABLE ruby_rows")
db.disconnect
puts "checked #{$checked}"
