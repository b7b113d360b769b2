<?php
// PDO_ODBC: every server type, NULL, long texts, procedures with output parameters.
[, $dsn, $samples] = $argv;
$checked = 0;
set_error_handler(function ($level, $text) { throw new ErrorException($text); });

function shown($v) {
    if ($v === null) return 'null';
    if (!is_string($v)) return var_export($v, true);
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

$link = new PDO("odbc:$dsn");
$link->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
foreach (file($samples, FILE_IGNORE_NEW_LINES) as $line) {
    $values = explode("\t", $line);
    [$type, $family] = array_splice($values, 0, 2);
    part($type, function () use ($link, $type, $family, $values) {
        $values = array_map('hex2bin', $values);
        $link->exec('DROP TABLE IF EXISTS samples');
        $link->exec("CREATE TABLE samples (id INT PRIMARY KEY, v $type) CHARACTER SET utf8mb4");
        $insert = $link->prepare('INSERT INTO samples VALUES (?, ?)');
        foreach ([...$values, null] as $id => $value) {
            if ($type === 'BIT(1)' && $value !== null) $value = ord($value);
            $insert->bindValue(1, $id, PDO::PARAM_INT);
            $insert->bindValue(2, $value, $value === null ? PDO::PARAM_NULL
                : ($family === 'binary' && $type !== 'BIT(1)' ? PDO::PARAM_LOB : PDO::PARAM_STR));
            $insert->execute();
            is($insert->rowCount(), 1, "$type: rows inserted");
        }
        foreach ([true, false] as $direct) {
            $how = $type . ($direct ? ' directly' : ' prepared');
            if ($direct) {
                $select = $link->query('SELECT v FROM samples ORDER BY id');
            } else {
                $select = $link->prepare('SELECT v FROM samples WHERE id >= ? ORDER BY id');
                $select->execute([0]);
            }
            $got = $select->fetchAll(PDO::FETCH_COLUMN);
            is(count($got), count($values) + 1, "$how: rows");
            is(array_pop($got), null, "$how: NULL");
            foreach ($values as $i => $expected) {
                $found = $got[$i];
                if ($type === 'BIT(1)') $found = chr((int)$found);
                // PDO_ODBC reads everything as text: bytes are hexadecimal digits
                elseif ($family === 'binary') $found = hex2bin($found);
                if ($family === 'real' && (float)$found == (float)$expected) $found = $expected;
                if ($family === 'binary') is(bin2hex($found), bin2hex($expected), $how);
                else is($found, $expected, $how);
            }
        }
    });
}

part('a megabyte of text', function () use ($link) {
    $link->exec('DROP TABLE IF EXISTS long_texts');
    $link->exec('CREATE TABLE long_texts (id INT PRIMARY KEY, t LONGTEXT) ENGINE=MyISAM CHARACTER SET utf8mb4');
    $text = str_repeat('aé日😀', 262144);
    $link->prepare('INSERT INTO long_texts VALUES (?, ?)')->execute([1, $text]);
    is($link->query('SELECT t FROM long_texts')->fetchColumn(), $text, 'directly');
    $select = $link->prepare('SELECT t FROM long_texts WHERE id = ?');
    $select->execute([1]);
    is($select->fetchColumn(), $text, 'prepared');
    $file = tmpfile();
    fwrite($file, $text);
    rewind($file);
    $insert = $link->prepare('INSERT INTO long_texts VALUES (2, ?)');
    $insert->bindValue(1, $file, PDO::PARAM_LOB);
    $insert->execute();
    is((int)$link->query('SELECT COUNT(DISTINCT t) FROM long_texts')->fetchColumn(), 1, 'from a stream');
});

part('a statement run many times', function () use ($link) {
    $link->exec('DROP TABLE IF EXISTS many');
    $link->exec('CREATE TABLE many (id INT PRIMARY KEY, t VARCHAR(40)) CHARACTER SET utf8mb4');
    $insert = $link->prepare('INSERT INTO many VALUES (:id, :t)');
    $link->beginTransaction();
    for ($id = 1; $id <= 120; ++$id) $insert->execute(['id' => $id, 't' => $id % 7 ? "é😀 $id" : null]);
    $link->commit();
    $link->beginTransaction();
    is($link->exec('DELETE FROM many'), 120, 'rows deleted');
    $link->rollBack();
    $rows = $link->query('SELECT id, t FROM many ORDER BY id')->fetchAll(PDO::FETCH_ASSOC);
    is(count($rows), 120, 'rows');
    is($rows[5], ['id' => '6', 't' => 'é😀 6'], 'sixth row');
    is($rows[6], ['id' => '7', 't' => null], 'seventh row');
});

part('procedures', function () use ($link) {
    $call = $link->prepare('{call two_results(?)}');
    $call->execute([7]);
    is($call->fetchAll(PDO::FETCH_COLUMN), ['1', '2'], 'first result');
    is($call->nextRowset(), true, 'there is a second result');
    is($call->fetchAll(PDO::FETCH_COLUMN), ['é😀7'], 'second result');
    is($call->nextRowset(), true, 'the completion of the call');
    is($call->columnCount(), 0, 'its columns');
    is($call->nextRowset(), false, 'no further result');
    $call->closeCursor();
    $b = '4';
    $c = '';
    $call = $link->prepare('{call doubled(?, ?, ?)}');
    $call->bindValue(1, 3);
    $call->bindParam(2, $b, PDO::PARAM_STR | PDO::PARAM_INPUT_OUTPUT, 20);
    $call->bindParam(3, $c, PDO::PARAM_STR | PDO::PARAM_INPUT_OUTPUT, 240);
    $call->execute();
    is($b, '7', 'input/output parameter');
    is($c, 'Zoë 日本 😀👩‍👩‍👧 7', 'output parameter');
});

part('a scrollable cursor', function () use ($link) {
    $select = $link->prepare('SELECT id FROM many ORDER BY id', [PDO::ATTR_CURSOR => PDO::CURSOR_SCROLL]);
    $select->execute();
    is($select->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_LAST)[0], '120', 'last row');
    is($select->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_FIRST)[0], '1', 'first row');
    is($select->fetch(PDO::FETCH_NUM, PDO::FETCH_ORI_ABS, 7)[0], '7', 'seventh row');
});

part('descriptions', function () use ($link) {
    $select = $link->query('SELECT id, t FROM many');
    is($select->columnCount(), 2, 'columns');
    is($select->getColumnMeta(1)['name'], 't', 'name');
    is($link->getAttribute(PDO::ATTR_SERVER_INFO), $link->query("SELECT IF(VERSION() LIKE '%MariaDB%', 'MariaDB', 'MySQL')")->fetchColumn(), 'SQL_DBMS_NAME');
});

part('errors', function () use ($link) {
    try {
        $link->query('SELECT * FROM nowhere');
        echo "FAIL a missing table was found\n";
    } catch (PDOException $error) {
        is($error->getCode(), '42S02', 'state of a missing table');
    }
});

echo "checked $checked\n";
