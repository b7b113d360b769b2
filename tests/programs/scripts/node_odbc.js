// node-odbc (npm odbc): every server type, NULL, long texts, procedures, pools, cursors.
'use strict';
const fs = require('fs');
const odbc = require('odbc');
const [dsn, samples] = process.argv.slice(2);
let checked = 0;

const shown = v => {
    const text = String(v);
    return text.length > 200 ? `${text.slice(0, 200)}... of ${text.length}` : text;
};
function is(got, expected, what) {
    ++checked;
    if (got !== expected) console.log(`FAIL ${what}: expected ${shown(expected)}, got ${shown(got)}`);
}
async function part(what, code) {
    try {
        await code();
    } catch (error) {
        const records = (error.odbcErrors || []).map(e => `${e.state} ${e.message}`).join(' | ');
        console.log(`FAIL ${what}: ${error.message} ${records}`);
    }
}
const hex = v => v instanceof ArrayBuffer ? Buffer.from(v).toString('hex') : v;

async function type(link, name, family, values) {
    await link.query('DROP TABLE IF EXISTS samples');
    await link.query(`CREATE TABLE samples (id INT PRIMARY KEY, v ${name}) CHARACTER SET utf8mb4`);
    let id = 0;
    for (const bytes of [...values, null]) {
        let value = bytes;
        if (bytes !== null && family !== 'binary') value = bytes.toString('utf8');
        if (name === 'BIT(1)' && bytes !== null) value = bytes[0] === 1;
        const result = await link.query('INSERT INTO samples VALUES (?, ?)', [id++, value]);
        is(result.count, 1, `${name}: rows inserted`);
    }
    // node-odbc binds integers of every kind to signed ones of their width
    const v = name.endsWith('INT UNSIGNED') ? 'CAST(v AS CHAR)' : 'v';
    for (const direct of [true, false]) {
        const how = `${name} ${direct ? 'directly' : 'prepared'}`;
        const rows = direct ? await link.query(`SELECT ${v} AS v FROM samples ORDER BY id`)
            : await link.query(`SELECT ${v} AS v FROM samples WHERE id >= ? ORDER BY id`, [0]);
        is(rows.length, values.length + 1, `${how}: rows`);
        is(rows[values.length].v, null, `${how}: NULL`);
        values.forEach((bytes, i) => {
            let got = rows[i].v;
            let expected = bytes.toString('utf8');
            if (name === 'BIT(1)') [got, expected] = [Number(got), bytes[0]];
            else if (family === 'binary') [got, expected] = [hex(got), bytes.toString('hex')];
            // node-odbc gives decimal numbers as JavaScript's own
            else if (family === 'real' || family === 'decimal') [got, expected] = [Number(got), Number(expected)];
            else if (family === 'integer') got = String(got);
            is(got, expected, how);
        });
    }
}

(async () => {
    const link = await odbc.connect(`DSN=${dsn}`);
    for (const line of fs.readFileSync(samples, 'utf8').trimEnd().split('\n')) {
        const [name, family, ...values] = line.split('\t');
        await part(name, () => type(link, name, family, values.map(v => Buffer.from(v, 'hex'))));
    }

    await part('a megabyte of text', async () => {
        await link.query('DROP TABLE IF EXISTS long_texts');
        await link.query('CREATE TABLE long_texts (id INT PRIMARY KEY, t LONGTEXT) ENGINE=MyISAM CHARACTER SET utf8mb4');
        const text = 'aé日😀'.repeat(262144);
        await link.query('INSERT INTO long_texts VALUES (?, ?)', [1, text]);
        is((await link.query('SELECT t FROM long_texts'))[0].t, text, 'directly');
        is((await link.query('SELECT t FROM long_texts WHERE id = ?', [1]))[0].t, text, 'prepared');
    });

    await part('a prepared statement run many times, rows in blocks', async () => {
        await link.query('DROP TABLE IF EXISTS many');
        await link.query('CREATE TABLE many (id INT PRIMARY KEY, t VARCHAR(40)) CHARACTER SET utf8mb4');
        const insert = await link.createStatement();
        await insert.prepare('INSERT INTO many VALUES (?, ?)');
        await link.beginTransaction();
        for (let id = 1; id <= 120; ++id) {
            await insert.bind([id, id % 7 ? `é😀 ${id}` : null]);
            await insert.execute();
        }
        await link.commit();
        await insert.close();
        await link.beginTransaction();
        await link.query('DELETE FROM many');
        await link.rollback();
        const cursor = await link.query('SELECT id, t FROM many ORDER BY id', {cursor: true, fetchSize: 50});
        const sizes = [], rows = [];
        while (!cursor.noData) {
            const block = await cursor.fetch();
            if (block.length) sizes.push(block.length);
            rows.push(...block);
        }
        await cursor.close();
        is(sizes.join(','), '50,50,20', 'sizes of the blocks');
        is(JSON.stringify(rows[5]), '{"id":6,"t":"é😀 6"}', 'sixth row');
        is(JSON.stringify(rows[6]), '{"id":7,"t":null}', 'seventh row');
    });

    await part('procedures', async () => {
        const rows = await link.query('{call two_results(?)}', [7]);
        is(rows.map(row => row.a).join(','), '1,2', 'first result');
        const result = await link.callProcedure(null, null, 'doubled', [3, 4, null]);
        is(Number(result.parameters[1]), 7, 'input/output parameter');
        is(result.parameters[2], 'Zoë 日本 😀👩‍👩‍👧 7', 'output parameter');
        await link.query('CALL none()');
    });

    await part('descriptions', async () => {
        const result = await link.query('SELECT id, t, COUNT(*) AS n FROM many GROUP BY id, t');
        is(result.columns.map(c => `${c.name} ${c.dataTypeName} ${c.columnSize} ${c.nullable}`).join(','),
            'id SQL_INTEGER 10 false,t SQL_VARCHAR 40 true,n SQL_BIGINT 19 false', 'columns');
        is((await link.tables(null, null, 'many', 'TABLE')).length, 1, 'tables');
        is((await link.columns(null, null, 'many', null)).map(c => c.COLUMN_NAME).join(','), 'id,t', 'columns()');
        is((await link.primaryKeys(null, null, 'many')).map(c => c.COLUMN_NAME).join(','), 'id', 'primaryKeys()');
        is((await link.foreignKeys(null, null, 'many', null, null, null)).length, 0, 'foreignKeys()');
    });

    await part('errors', async () => {
        try {
            await link.query('SELECT * FROM nowhere');
            console.log('FAIL a missing table was found');
        } catch (error) {
            is(error.odbcErrors && error.odbcErrors[0].state, '42S02', 'state of a missing table');
        }
    });

    await part('a pool at work', async () => {
        const pool = await odbc.pool({connectionString: `DSN=${dsn}`, initialSize: 3, maxSize: 6});
        const sums = await Promise.all(Array.from({length: 30}, (_, i) => pool.query('SELECT ? + 1 AS n', [i])));
        is(sums.map(rows => Number(rows[0].n)).join(','), Array.from({length: 30}, (_, i) => i + 1).join(','), 'sums');
        await pool.close();
    });

    await link.close();
    console.log(`checked ${checked}`);
})();
