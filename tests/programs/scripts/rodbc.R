# RODBC: every server type, NULL, long texts, blocks of rows, procedures.
library(RODBC)
arguments <- commandArgs(trailingOnly = TRUE)
dsn <- arguments[1]
samples <- arguments[2]
checked <- 0

shown <- function(v) {
  text <- if (is.raw(v)) paste(v, collapse = "") else paste(format(v), collapse = "|")
  if (nchar(text) > 200) paste0(substr(text, 1, 200), "... of ", nchar(text)) else text
}
is <- function(got, expected, what) {
  checked <<- checked + 1
  if (is.character(got)) Encoding(got) <- "UTF-8"
  if (is.character(expected)) Encoding(expected) <- "UTF-8"
  if (!identical(got, expected))
    cat("FAIL ", what, ": expected ", shown(expected), ", got ", shown(got), "\n", sep = "")
}
part <- function(what, code) {
  tryCatch(code, error = function(e) cat("FAIL ", what, ": ", conditionMessage(e), "\n", sep = ""))
}
bytes_of <- function(digits) {
  if (nchar(digits) == 0) return(raw(0))
  at <- seq(1, nchar(digits), 2)
  as.raw(strtoi(substring(digits, at, at + 1), 16L))
}

link <- odbcConnect(dsn, DBMSencoding = "UTF-8", believeNRows = FALSE,
                    # RODBC knows by itself that MySQL quotes names so, but of no MariaDB
                    colQuote = "`", tabQuote = "`")
if (link < 0) stop("no connection")
run <- function(sql) {
  result <- sqlQuery(link, sql, errors = FALSE)
  if (identical(result, -1L)) stop(paste(odbcGetErrMsg(link), collapse = " "))
  result
}
# as.is: everything that is no number comes as text
query <- function(sql, ...) sqlQuery(link, sql, as.is = TRUE, stringsAsFactors = FALSE, errors = TRUE, ...)

for (line in readLines(samples, encoding = "UTF-8")) {
  fields <- strsplit(line, "\t", fixed = TRUE)[[1]]
  if (endsWith(line, "\t")) fields <- c(fields, "")
  type <- fields[1]
  family <- fields[2]
  values <- fields[-(1:2)]
  part(type, {
    run("DROP TABLE IF EXISTS samples")
    run(paste0("CREATE TABLE samples (id INT PRIMARY KEY, v ", type, ") CHARACTER SET utf8mb4"))
    literals <- if (family == "binary") paste0("x'", values, "'")
                else paste0("CONVERT(x'", values, "' USING utf8mb4)")
    for (i in seq_along(values)) run(paste0("INSERT INTO samples VALUES (", i, ", ", literals[i], ")"))
    run(paste0("INSERT INTO samples VALUES (", length(values) + 1, ", NULL)"))
    # the smallest INT is R's NA; unsigned ones are described by the next wider type
    v <- if (type == "INT") "CAST(v AS CHAR)" else "v"
    rows <- query(paste("SELECT id,", v, "AS v FROM samples ORDER BY id"))
    is(nrow(rows), length(values) + 1L, paste(type, "rows"))
    for (i in seq_along(values)) {
      raw <- bytes_of(values[i])
      text <- rawToChar(raw[raw != 0])
      got <- rows$v[[i]]
      if (type == "BIT(1)") is(as.integer(got), as.integer(raw), type)
      else if (family == "binary") is(unclass(got), raw, type)
      # R has no numbers but doubles: RODBC takes decimal ones for such
      else if (family != "text" && is.numeric(got)) is(as.double(got), as.double(text), type)
      else is(got, text, type)
    }
    null <- rows$v[[length(values) + 1]]
    is(length(null) == 0 || is.na(null[1]), TRUE, paste(type, "NULL"))
  })
}

part("long texts", {
  # RODBC reads no value above 65535 bytes; longer ones are cut
  run("DROP TABLE IF EXISTS long_texts")
  run("CREATE TABLE long_texts (id INT PRIMARY KEY, t LONGTEXT) ENGINE=MyISAM CHARACTER SET utf8mb4")
  text <- strrep("a\u00e9\u65e5\U0001F600", 100000)
  run(paste0("INSERT INTO long_texts VALUES (1, '", text, "')"))
  is(as.double(query("SELECT LENGTH(t) AS n FROM long_texts")$n), as.double(nchar(text, "bytes")), "length of a megabyte")
  is(query("SELECT t = REPEAT('a\u00e9\u65e5\U0001F600', 100000) AS same FROM long_texts")$same == 1, TRUE, "a megabyte")
  # and from 256 on it allocates as many bytes as the column has characters, the NUL among them
  is(query("SELECT CAST(REPEAT('abcde', 12000) AS CHAR(60001)) AS t")$t, strrep("abcde", 12000), "60000 bytes")
  run("DROP TABLE long_texts")
  run("CREATE TABLE long_texts (t TEXT) CHARACTER SET utf8mb4")
  run(paste0("INSERT INTO long_texts VALUES ('", substr(text, 1, 24000), "')"))
  is(query("SELECT t FROM long_texts")$t, substr(text, 1, 24000), "60000 bytes of a TEXT")
})

part("a table saved and read in blocks", {
  run("DROP TABLE IF EXISTS many")
  run("CREATE TABLE many (id INT PRIMARY KEY, t VARCHAR(40), d DOUBLE) CHARACTER SET utf8mb4")
  frame <- data.frame(id = 1:250, t = paste("\u00e9\U0001F600", 1:250), d = (1:250) / 4, stringsAsFactors = FALSE)
  frame$t[c(7, 70)] <- NA
  frame$d[9] <- NA
  sqlSave(link, frame, "many", append = TRUE, rownames = FALSE, fast = TRUE)
  for (block in c(1, 100, 1000)) {
    got <- query("SELECT * FROM many ORDER BY id", rows_at_time = block)
    is(got$id, frame$id, paste("ids by", block))
    is(enc2utf8(got$t), enc2utf8(frame$t), paste("texts by", block))
    is(got$d, frame$d, paste("numbers by", block))
  }
  frame$d <- frame$d * 2
  sqlUpdate(link, frame, "many", index = "id")
  is(query("SELECT SUM(d) AS s FROM many")$s, sum(frame$d, na.rm = TRUE), "sqlUpdate")
  odbcSetAutoCommit(link, FALSE)
  run("DELETE FROM many")
  odbcEndTran(link, FALSE)
  odbcSetAutoCommit(link, TRUE)
  is(nrow(sqlFetch(link, "many", as.is = TRUE)), 250L, "sqlFetch after a rollback")
})

part("procedures", {
  is(as.integer(query("{call two_results(7)}")$a), 1:2, "first result")
  run("SET @b = 4")
  run("CALL doubled(3, @b, @c)")
  is(query("SELECT CONCAT(@b, ' ', @c) AS r")$r, "7 Zo\u00eb \u65e5\u672c \U0001F600\U0001F469\u200d\U0001F469\u200d\U0001F467 7", "output parameters")
  run("CALL none()")
})

part("descriptions", {
  is(tolower(subset(sqlTables(link), TABLE_NAME == "many")$TABLE_TYPE), "table", "sqlTables")
  is(as.character(sqlColumns(link, "many")$COLUMN_NAME), c("id", "t", "d"), "sqlColumns")
  is(as.character(sqlPrimaryKeys(link, "many")$COLUMN_NAME), "id", "sqlPrimaryKeys")
  is(nrow(sqlTypeInfo(link)) > 20, TRUE, "sqlTypeInfo")
  is(unname(odbcGetInfo(link)["DBMS_Name"]), "MySQL", "odbcGetInfo: the default for this program")
})

part("errors", {
  sqlQuery(link, "SELECT * FROM nowhere", errors = FALSE)
  is(grepl("^42S02 1146", odbcGetErrMsg(link)[1]), TRUE, "state of a missing table")
})

odbcClose(link)
cat("checked ", checked, "\n", sep = "")
