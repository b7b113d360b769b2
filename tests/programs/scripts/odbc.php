<?php
// PHP's odbc functions: every server type, NULL, long texts, procedures.
[, $dsn, $samples] = $argv;
$checked = 0;
set_error_handler(function ($level, $text) { throw new ErrorException($text); });

function shown($v) {
    if ($v === null) return 'null';
    return strlen($v) > 200 ? substr($v, 0, 200) . '... of ' . strlen($v) : $v;
}
function is($got, $expected, $what) {
    global $checked;
    ++$checked;
    if ($got !== $expected) echo "FAIL $what: expected ", shown($expected), ', got ', shown($got), "\n";
}
function part($what, $code) {
    try {
        $code();
    } catch (Throwable $error) {
        echo "FAIL $what: ", $error->getMessage(), "\n";
    }
}
function values($result) {
    odbc_longreadlen($result, 5000000);
    odbc_binmode($result, ODBC_BINMODE_RETURN);
    $values = [];
    while (odbc_fetch_row($result)) $values[] = odbc_result($result, 1);
    return $values;
}

$link = odbc_connect($dsn, '', '');
foreach (file($samples, FILE_IGNORE_NEW_LINES) as $line) {
    $values = explode("\t", $line);
    [$type, $family] = array_splice($values, 0, 2);
    part($type, function () use ($link, $type, $family, $values) {
        $values = array_map('hex2bin', $values);
        odbc_exec($link, 'DROP TABLE IF EXISTS samples');
        odbc_exec($link, "CREATE TABLE samples (id INT PRIMARY KEY, v $type) CHARACTER SET utf8mb4");
        $insert = odbc_prepare($link, 'INSERT INTO samples VALUES (?, ?)');
        $literal = fn($v) => $v === null ? 'NULL' : "x'" . bin2hex($v) . "'";
        foreach ([...$values, null] as $id => $value) {
            // A parameter is text; bits and bytes are no text, so they go as literals.
            if ($family === 'binary') odbc_exec($link, "INSERT INTO samples VALUES ($id, {$literal($value)})");
            else odbc_execute($insert, [$id, $value]);
        }
        foreach ([true, false] as $direct) {
            $how = $type . ($direct ? ' directly' : ' prepared');
            if ($direct) {
                $result = odbc_exec($link, 'SELECT v FROM samples ORDER BY id');
            } else {
                $result = odbc_prepare($link, 'SELECT v FROM samples WHERE id >= ? ORDER BY id');
                odbc_execute($result, [0]);
            }
            $got = values($result);
            is((string)count($got), (string)(count($values) + 1), "$how: rows");
            is(array_pop($got), null, "$how: NULL");
            foreach ($values as $i => $expected) {
                $found = $got[$i];
                if ($type === 'BIT(1)') $found = chr((int)$found);
                if ($family === 'real' && (float)$found == (float)$expected) $found = $expected;
                if ($family === 'binary') is(bin2hex($found), bin2hex($expected), $how);
                else is($found, $expected, $how);
            }
        }
    });
}

part('a megabyte of text', function () use ($link) {
    odbc_exec($link, 'DROP TABLE IF EXISTS long_texts');
    odbc_exec($link, 'CREATE TABLE long_texts (id INT PRIMARY KEY, t LONGTEXT) ENGINE=MyISAM CHARACTER SET utf8mb4');
    $text = str_repeat('aé日😀', 262144);
    $insert = odbc_prepare($link, 'INSERT INTO long_texts VALUES (?, ?)');
    odbc_execute($insert, [1, $text]);
    is(values(odbc_exec($link, 'SELECT t FROM long_texts'))[0], $text, 'directly');
    $select = odbc_prepare($link, 'SELECT t FROM long_texts WHERE id = ?');
    odbc_execute($select, [1]);
    is(values($select)[0], $text, 'prepared');
    $select = odbc_exec($link, 'SELECT t FROM long_texts');
    odbc_longreadlen($select, 0);  // passed through to the output
    odbc_fetch_row($select);
    ob_start();
    odbc_result($select, 1);
    is(ob_get_clean(), $text, 'passed through');
});

part('a statement run many times', function () use ($link) {
    odbc_exec($link, 'DROP TABLE IF EXISTS many');
    odbc_exec($link, 'CREATE TABLE many (id INT PRIMARY KEY, t VARCHAR(40)) CHARACTER SET utf8mb4');
    $insert = odbc_prepare($link, 'INSERT INTO many VALUES (?, ?)');
    odbc_autocommit($link, false);
    for ($id = 1; $id <= 120; ++$id) odbc_execute($insert, [$id, $id % 7 ? "é😀 $id" : null]);
    odbc_commit($link);
    odbc_exec($link, 'DELETE FROM many');
    odbc_rollback($link);
    odbc_autocommit($link, true);
    $result = odbc_exec($link, 'SELECT id, t FROM many ORDER BY id');
    $rows = [];
    while ($row = odbc_fetch_array($result)) $rows[] = $row;
    is((string)count($rows), '120', 'rows');
    is($rows[5], ['id' => '6', 't' => 'é😀 6'], 'sixth row');
    is($rows[6], ['id' => '7', 't' => null], 'seventh row');
});

part('procedures', function () use ($link) {
    $call = odbc_prepare($link, '{call two_results(?)}');
    odbc_execute($call, [7]);
    is(values($call), ['1', '2'], 'first result');
    is(odbc_next_result($call), true, 'there is a second result');
    is(values($call), ['é😀7'], 'second result');
    is(odbc_next_result($call), true, 'the completion of the call');
    is(odbc_num_fields($call), 0, 'its columns');
    is(odbc_next_result($call), false, 'no further result');
    odbc_exec($link, 'CALL none()');
    odbc_exec($link, "SET @b = 4");
    odbc_exec($link, "CALL doubled(3, @b, @c)");
    is(values(odbc_exec($link, "SELECT CONCAT(@b, ' ', @c)")), ['7 Zoë 日本 😀👩‍👩‍👧 7'], 'output parameters');
});

part('descriptions', function () use ($link, $dsn) {
    $result = odbc_exec($link, "SELECT id, t, 1.5 AS c FROM many");
    is(implode(',', array_map(fn($i) => odbc_field_name($result, $i), [1, 2, 3])), 'id,t,c', 'names');
    is(implode(',', array_map(fn($i) => odbc_field_type($result, $i), [1, 2, 3])), 'INTEGER,VARCHAR,DECIMAL', 'types');
    is(implode(',', array_map(fn($i) => odbc_field_len($result, $i), [1, 2, 3])), '10,40,2', 'sizes');
    is((string)odbc_field_scale($result, 3), '1', 'scale');
    foreach (['odbc_tables' => [null, null, 'many', 'TABLE'], 'odbc_columns' => [null, null, 'many', '%'],
              'odbc_primarykeys' => [null, '', 'many'], 'odbc_statistics' => [null, '', 'many', SQL_INDEX_ALL, SQL_QUICK],
              'odbc_specialcolumns' => [SQL_BEST_ROWID, null, '', 'many', SQL_SCOPE_CURROW, SQL_NO_NULLS],
              'odbc_procedures' => [null, null, 'doubled'], 'odbc_procedurecolumns' => [null, null, 'doubled', '%'],
              'odbc_tableprivileges' => [null, '', 'many'], 'odbc_columnprivileges' => [null, '', 'many', '%'],
              'odbc_gettypeinfo' => []] as $function => $arguments) {
        $result = $function($link, ...$arguments);
        $rows = 0;
        while (odbc_fetch_row($result)) ++$rows;
        is($rows > 0 || str_ends_with($function, 'privileges'), true, $function);
    }
    odbc_exec($link, 'SELECT 1');
});

part('errors', function () use ($link) {
    try {
        odbc_exec($link, 'SELECT * FROM nowhere');
        echo "FAIL a missing table was found\n";
    } catch (ErrorException $error) {
        is(odbc_error($link), 'S0002', 'state of a missing table, as ODBC 2 has it');
    }
});

odbc_close($link);
echo "checked $checked\n";
