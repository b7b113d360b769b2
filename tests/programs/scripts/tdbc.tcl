# Tcl's tdbc::odbc: values, NULL, transactions, catalogs, several statements prepared.
package require tdbc::odbc
lassign $argv dsn
set checked 0

proc is {got wanted what} {
    incr ::checked
    if {$got ne $wanted} { puts "FAIL $what: expected $wanted, got $got" }
}

fconfigure stdout -encoding utf-8
tdbc::odbc::connection create db "DSN=$dsn"
db allrows {DROP TABLE IF EXISTS tcl_rows}
db allrows {CREATE TABLE tcl_rows (id INT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(60) CHARACTER SET utf8mb4, d DECIMAL(10,2), u INT UNSIGNED) ENGINE=InnoDB}
set text "Zo\u00eb \u65e5\u672c"
set insert [db prepare {INSERT INTO tcl_rows (t, d, u) VALUES (:t, :d, :u)}]
$insert paramtype t varchar 60
$insert paramtype d decimal 10 2
$insert paramtype u bigint
foreach {t d u} [list $text 1.25 4294967295 it's -0.25 0] {
    [$insert execute] close
}
$insert close
is [db allrows -as lists {SELECT t, d, u FROM tcl_rows ORDER BY id}] \
    [list [list $text 1.25 4294967295] [list it's -0.25 0]] "rows"
db allrows {INSERT INTO tcl_rows (t) VALUES (NULL)}
is [db allrows -as dicts {SELECT id, t FROM tcl_rows WHERE id = 3}] [list [dict create id 3]] "NULL is left out"
db begintransaction
db allrows {DELETE FROM tcl_rows}
db rollback
is [db allrows -as lists {SELECT COUNT(*) FROM tcl_rows}] 3 "rolled back"
is [dict keys [db columns tcl_rows]] {id t d u} "columns"
is [dict exists [db tables tcl_rows] tcl_rows] 1 "tables"
is [catch {db allrows {SELECT * FROM nothing_here}} message] 1 "an error is one"
is [string match {*nothing_here*} $message] 1 "and names the table"
is [db allrows -as lists {SELECT 1}] 1 "goes on"
db allrows {DROP TABLE tcl_rows}
db close
puts "checked $checked"
