-- fabric-sql: turns any MySQL (5.6 or later) or MariaDB (10.5 or later) server into the description of a
-- farm, served by the commands of MySQL Fabric's MySQL protocol. See doc/fabric-sql.7.md.
--
--     mysql -h HOST -u ADMIN -p < fabric-sql.sql
--
-- Running it again brings the procedures up to date and keeps the data. The tables live in the database
-- fabric_store; the databases dump, sharding, group, server, threat and manage hold procedures only. The
-- account that runs the script becomes the procedures' definer and must stay.
--
-- Copyright the MyFabric ODBC authors. Licence: Apache-2.0.

-- Procedures keep the sql_mode and the character set that they were made with.
SET @fabric_sql_mode = @@SESSION.sql_mode,
    @fabric_client = @@SESSION.character_set_client,
    @fabric_results = @@SESSION.character_set_results,
    @fabric_collation = @@SESSION.collation_connection;
SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
SET NAMES utf8mb4 COLLATE utf8mb4_bin;

-- ---- databases ------------------------------------------------------------------------------------------

CREATE DATABASE IF NOT EXISTS fabric_store CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

DELIMITER $$

-- A database that somebody uses for something else is left as it is.
DROP PROCEDURE IF EXISTS fabric_store.check_names$$
CREATE PROCEDURE fabric_store.check_names()
BEGIN
    DECLARE v_taken VARCHAR(64);
    DECLARE v_text VARCHAR(128);
    SELECT MIN(table_schema) INTO v_taken FROM information_schema.tables
     WHERE table_schema IN ('dump', 'sharding', 'group', 'server', 'threat', 'manage');
    IF v_taken IS NOT NULL THEN
        SET v_text = CONCAT('the database ', v_taken, ' holds tables, but fabric-sql needs that name for its commands: ',
                            'use another server');
        SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_text;
    END IF;
END$$

DELIMITER ;

CALL fabric_store.check_names();
DROP PROCEDURE fabric_store.check_names;

CREATE DATABASE IF NOT EXISTS dump CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS sharding CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS `group` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS server CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS threat CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE DATABASE IF NOT EXISTS manage CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
-- Parameters take the character set of their procedure's database.
ALTER DATABASE fabric_store CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER DATABASE dump CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER DATABASE sharding CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER DATABASE `group` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER DATABASE server CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER DATABASE threat CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
ALTER DATABASE manage CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- ---- tables ---------------------------------------------------------------------------------------------

-- One row. Every change locks it first, so that changes come one after the other.
CREATE TABLE IF NOT EXISTS fabric_store.farm_state (
    id TINYINT NOT NULL,
    format INT NOT NULL,
    version BIGINT NOT NULL,
    changed_at DATETIME(6) NOT NULL,
    attempts BIGINT NOT NULL,
    last_mapping_id INT NOT NULL,
    last_shard_id INT NOT NULL,
    PRIMARY KEY (id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS fabric_store.farm_options (
    name VARCHAR(32) NOT NULL,
    value VARCHAR(255) NOT NULL,
    about VARCHAR(255) NOT NULL,
    PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS fabric_store.server_groups (
    group_id VARCHAR(64) NOT NULL,
    description VARCHAR(255) NULL,
    failure_detector TINYINT NOT NULL DEFAULT 0,
    PRIMARY KEY (group_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- status: 0 FAULTY, 1 SPARE, 2 SECONDARY, 3 PRIMARY; mode: 0 OFFLINE, 1 READ_ONLY, 2 WRITE_ONLY, 3 READ_WRITE.
CREATE TABLE IF NOT EXISTS fabric_store.servers (
    server_uuid VARCHAR(40) NOT NULL,
    group_id VARCHAR(64) NOT NULL,
    host VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    port INT NOT NULL,
    mode TINYINT NOT NULL,
    status TINYINT NOT NULL,
    weight DOUBLE NOT NULL DEFAULT 1,
    PRIMARY KEY (server_uuid),
    UNIQUE KEY address (host, port),
    KEY members (group_id),
    CONSTRAINT servers_group FOREIGN KEY (group_id) REFERENCES fabric_store.server_groups (group_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS fabric_store.shard_maps (
    mapping_id INT NOT NULL,
    type_name VARCHAR(16) NOT NULL,
    global_group VARCHAR(64) NOT NULL,
    PRIMARY KEY (mapping_id),
    KEY globals (global_group),
    CONSTRAINT shard_maps_group FOREIGN KEY (global_group) REFERENCES fabric_store.server_groups (group_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS fabric_store.shard_tables (
    table_key VARCHAR(129) NOT NULL,
    schema_name VARCHAR(64) NOT NULL,
    table_name VARCHAR(64) NOT NULL,
    column_name VARCHAR(64) NOT NULL,
    mapping_id INT NOT NULL,
    PRIMARY KEY (table_key),
    KEY mapped (mapping_id),
    CONSTRAINT shard_tables_map FOREIGN KEY (mapping_id) REFERENCES fabric_store.shard_maps (mapping_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS fabric_store.shards (
    shard_id INT NOT NULL,
    mapping_id INT NOT NULL,
    lower_bound VARCHAR(128) NOT NULL,
    group_id VARCHAR(64) NOT NULL,
    enabled TINYINT NOT NULL,
    PRIMARY KEY (shard_id),
    UNIQUE KEY bounds (mapping_id, lower_bound),
    KEY hosted (group_id),
    CONSTRAINT shards_map FOREIGN KEY (mapping_id) REFERENCES fabric_store.shard_maps (mapping_id),
    CONSTRAINT shards_group FOREIGN KEY (group_id) REFERENCES fabric_store.server_groups (group_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The latest report of each reporter.
CREATE TABLE IF NOT EXISTS fabric_store.votes (
    server_uuid VARCHAR(40) NOT NULL,
    reporter VARCHAR(64) NOT NULL,
    reported_at DATETIME(6) NOT NULL,
    error VARCHAR(255) NOT NULL,
    PRIMARY KEY (server_uuid, reporter)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- The numbers 1 to 1000: the places in a list of patterns.
CREATE TABLE IF NOT EXISTS fabric_store.positions (
    n INT NOT NULL,
    PRIMARY KEY (n)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT IGNORE INTO fabric_store.farm_state VALUES (1, 1, 0, UTC_TIMESTAMP(6), 0, 0, 0);

INSERT IGNORE INTO fabric_store.farm_options VALUES
    ('ttl', '5', 'seconds that clients may use what they have read'),
    ('votes', '3', 'so many different reporters make a server faulty'),
    ('vote_window', '60', 'seconds that a vote of threat.report_error counts'),
    ('trust_failures', '1', '1: threat.report_failure makes a server faulty at once; 0: it is one vote'),
    ('nodes', '', 'host:port,... that dump.fabric_nodes gives; empty: this server');

INSERT IGNORE INTO fabric_store.positions
SELECT 1 + a.d + 10 * b.d + 100 * c.d
  FROM (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL
        SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) a
 CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL
        SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) b
 CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL
        SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) c;

DELIMITER $$

-- ---- what the commands share ----------------------------------------------------------------------------

-- Ends the command with an error. MySQL takes 128 characters of text.
DROP PROCEDURE IF EXISTS fabric_store.refuse$$
CREATE PROCEDURE fabric_store.refuse(p_kind VARCHAR(32), p_text TEXT)
NO SQL
BEGIN
    DECLARE v_text VARCHAR(128);
    SET v_text = LEFT(CONCAT(IF(p_kind = '', '', CONCAT(p_kind, ': ')), p_text), 128);
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = v_text;
END$$

-- A value as it stands in a message.
DROP PROCEDURE IF EXISTS fabric_store.shown$$
CREATE PROCEDURE fabric_store.shown(INOUT p_text TEXT)
NO SQL
BEGIN
    SET p_text = COALESCE(IF(CHAR_LENGTH(p_text) > 48, CONCAT(LEFT(p_text, 45), '...'), p_text), 'NULL');
END$$

-- The row that comes before the result sets of every command.
DROP PROCEDURE IF EXISTS fabric_store.answer$$
CREATE PROCEDURE fabric_store.answer()
READS SQL DATA
BEGIN
    SELECT '5ca1ab1e-a007-feed-f00d-cab3fe13249e' AS fabric_uuid, CAST(value AS SIGNED) AS ttl,
           CAST(NULL AS CHAR(128)) AS message
      FROM fabric_store.farm_options WHERE name = 'ttl';
END$$

-- The definer may well have the right to write on a read-only server, so that replicas must be spared here.
DROP PROCEDURE IF EXISTS fabric_store.begin_change$$
CREATE PROCEDURE fabric_store.begin_change()
MODIFIES SQL DATA
BEGIN
    IF CAST(@@GLOBAL.read_only AS CHAR) NOT IN ('0', 'OFF') THEN
        SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290,
            MESSAGE_TEXT = 'this server is read-only: change the description on the server that it replicates from';
    END IF;
    START TRANSACTION;
    -- Not SELECT ... FOR UPDATE, which locks on one node of a Galera cluster only.
    UPDATE fabric_store.farm_state SET attempts = attempts + 1 WHERE id = 1;
END$$

-- Commits and answers as a node does: the outcome and the history of its one step.
DROP PROCEDURE IF EXISTS fabric_store.end_change$$
CREATE PROCEDURE fabric_store.end_change(p_step VARCHAR(64), p_changed TINYINT, p_result INT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_when DECIMAL(20, 6);
    IF p_changed THEN
        UPDATE fabric_store.farm_state SET version = version + 1, changed_at = UTC_TIMESTAMP(6) WHERE id = 1;
    END IF;
    COMMIT;
    SET v_when = UNIX_TIMESTAMP(SYSDATE(6));
    CALL fabric_store.answer();
    SELECT LOWER(UUID()) AS uuid, 1 AS finished, 1 AS success, p_result AS result;
    SELECT 3 AS state, 2 AS success, v_when AS `when`, 'Triggered by fabric-sql.' AS description
    UNION ALL SELECT 4, 2, v_when, CONCAT('Executing action (', p_step, ').')
    UNION ALL SELECT 5, 2, v_when, CONCAT('Executed action (', p_step, ').');
END$$

DROP PROCEDURE IF EXISTS fabric_store.require_group$$
CREATE PROCEDURE fabric_store.require_group(p_kind VARCHAR(32), p_group TEXT)
READS SQL DATA
BEGIN
    IF NOT EXISTS (SELECT 1 FROM fabric_store.server_groups WHERE group_id = p_group) THEN
        CALL fabric_store.shown(p_group);
        CALL fabric_store.refuse(p_kind, CONCAT('Group (', p_group, ') does not exist.'));
    END IF;
END$$

-- "host", "host:port", "[::1]:port". The port is 3306 where none is given; NULL where it is none.
DROP PROCEDURE IF EXISTS fabric_store.parse_address$$
CREATE PROCEDURE fabric_store.parse_address(p_address TEXT, OUT p_host TEXT, OUT p_port INT)
NO SQL
BEGIN
    DECLARE v_port TEXT;
    SET p_address = LOWER(TRIM(COALESCE(p_address, '')));
    IF LEFT(p_address, 1) = '[' AND LOCATE(']', p_address) > 0 THEN
        SET p_host = SUBSTRING(p_address, 2, LOCATE(']', p_address) - 2);
        SET v_port = SUBSTRING(p_address, LOCATE(']', p_address) + 1);
        SET v_port = IF(v_port = '', '3306', IF(LEFT(v_port, 1) = ':', SUBSTRING(v_port, 2), 'none'));
    ELSEIF LOCATE(':', p_address) > 0 AND p_address NOT LIKE '%:%:%' THEN
        SET p_host = SUBSTRING_INDEX(p_address, ':', 1);
        SET v_port = SUBSTRING_INDEX(p_address, ':', -1);
    ELSE
        SET p_host = p_address, v_port = '3306';
    END IF;
    SET p_port = NULL;
    IF v_port REGEXP '^[0-9]{1,5}$' THEN
        SET p_port = CAST(v_port AS UNSIGNED);
        IF p_port < 1 OR p_port > 65535 THEN
            SET p_port = NULL;
        END IF;
    END IF;
END$$

-- The server with this uuid or address.
DROP PROCEDURE IF EXISTS fabric_store.find_server$$
CREATE PROCEDURE fabric_store.find_server(
    p_kind VARCHAR(32), p_server TEXT, OUT p_uuid VARCHAR(40), OUT p_group VARCHAR(64), OUT p_status INT)
READS SQL DATA
BEGIN
    DECLARE v_host TEXT;
    DECLARE v_port INT;
    SET p_uuid = NULL;
    SELECT server_uuid, group_id, status INTO p_uuid, p_group, p_status
      FROM fabric_store.servers WHERE server_uuid = LOWER(p_server);
    IF p_uuid IS NULL THEN
        CALL fabric_store.parse_address(p_server, v_host, v_port);
        SELECT server_uuid, group_id, status INTO p_uuid, p_group, p_status
          FROM fabric_store.servers WHERE host = v_host AND port = v_port;
    END IF;
    IF p_uuid IS NULL THEN
        CALL fabric_store.shown(p_server);
        CALL fabric_store.refuse(p_kind, CONCAT('Server (', p_server, ') does not exist.'));
    END IF;
END$$

-- The server with this uuid or address, which must be a member of the group.
DROP PROCEDURE IF EXISTS fabric_store.find_member$$
CREATE PROCEDURE fabric_store.find_member(
    p_group_kind VARCHAR(32), p_server_kind VARCHAR(32), p_group TEXT, p_server TEXT,
    OUT p_uuid VARCHAR(40), OUT p_status INT)
READS SQL DATA
BEGIN
    DECLARE v_group VARCHAR(64);
    CALL fabric_store.require_group(p_group_kind, p_group);
    CALL fabric_store.find_server(p_server_kind, p_server, p_uuid, v_group, p_status);
    IF v_group <> p_group THEN
        CALL fabric_store.shown(p_server);
        CALL fabric_store.refuse(p_group_kind,
            CONCAT('Group (', p_group, ') does not contain server (', p_server, ').'));
    END IF;
END$$

-- A name in any case, or a code.
DROP PROCEDURE IF EXISTS fabric_store.parse_status$$
CREATE PROCEDURE fabric_store.parse_status(p_kind VARCHAR(32), p_text TEXT, OUT p_status INT)
NO SQL
BEGIN
    SET p_status = IF(p_text REGEXP '^[0-3]$', CAST(p_text AS SIGNED),
                      FIELD(UPPER(COALESCE(p_text, '')), 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY') - 1);
    IF p_status < 0 THEN
        CALL fabric_store.shown(p_text);
        CALL fabric_store.refuse(p_kind, CONCAT('Trying to use an invalid status (', LEFT(p_text, 12),
            '). Possible values are 0 FAULTY, 1 SPARE, 2 SECONDARY, 3 PRIMARY.'));
    END IF;
END$$

DROP PROCEDURE IF EXISTS fabric_store.parse_mode$$
CREATE PROCEDURE fabric_store.parse_mode(p_kind VARCHAR(32), p_text TEXT, OUT p_mode INT)
NO SQL
BEGIN
    SET p_mode = IF(p_text REGEXP '^[0-3]$', CAST(p_text AS SIGNED),
                    FIELD(UPPER(COALESCE(p_text, '')), 'OFFLINE', 'READ_ONLY', 'WRITE_ONLY', 'READ_WRITE') - 1);
    IF p_mode < 0 THEN
        CALL fabric_store.shown(p_text);
        CALL fabric_store.refuse(p_kind, CONCAT('Trying to use an invalid mode (', LEFT(p_text, 12),
            '). Possible values: 0 OFFLINE, 1 READ_ONLY, 2 WRITE_ONLY, 3 READ_WRITE.'));
    END IF;
END$$

-- Drops the blanks around the commas and counts the patterns; no list is one empty pattern.
DROP PROCEDURE IF EXISTS fabric_store.split_patterns$$
CREATE PROCEDURE fabric_store.split_patterns(INOUT p_patterns TEXT, OUT p_count INT)
NO SQL
BEGIN
    SET p_patterns = COALESCE(p_patterns, '');
    WHILE INSTR(p_patterns, ' ,') + INSTR(p_patterns, ', ') > 0 DO
        SET p_patterns = REPLACE(REPLACE(p_patterns, ' ,', ','), ', ', ',');
    END WHILE;
    SET p_count = 1 + CHAR_LENGTH(p_patterns) - CHAR_LENGTH(REPLACE(p_patterns, ',', ''));
    IF p_count > 1000 THEN
        CALL fabric_store.refuse('', CONCAT(p_count, ' patterns are too many: give at most 1000, or none for all'));
    END IF;
    SET p_patterns = LOWER(p_patterns);
END$$

-- The mapping with this id.
DROP PROCEDURE IF EXISTS fabric_store.find_mapping$$
CREATE PROCEDURE fabric_store.find_mapping(p_mapping TEXT, OUT p_id INT, OUT p_type VARCHAR(16))
READS SQL DATA
BEGIN
    SET p_id = NULL;
    IF p_mapping REGEXP '^[0-9]{1,9}$' THEN
        SELECT mapping_id, type_name INTO p_id, p_type
          FROM fabric_store.shard_maps WHERE mapping_id = CAST(p_mapping AS SIGNED);
    END IF;
    IF p_id IS NULL THEN
        CALL fabric_store.shown(p_mapping);
        CALL fabric_store.refuse('ShardingError',
            CONCAT('Shard Mapping with shard_mapping_id ', p_mapping, ' not found'));
    END IF;
END$$

DROP PROCEDURE IF EXISTS fabric_store.find_shard$$
CREATE PROCEDURE fabric_store.find_shard(
    p_shard TEXT, OUT p_id INT, OUT p_mapping INT, OUT p_type VARCHAR(16), OUT p_enabled INT)
READS SQL DATA
BEGIN
    SET p_id = NULL;
    IF p_shard REGEXP '^[0-9]{1,9}$' THEN
        SELECT s.shard_id, s.mapping_id, m.type_name, s.enabled INTO p_id, p_mapping, p_type, p_enabled
          FROM fabric_store.shards s JOIN fabric_store.shard_maps m ON m.mapping_id = s.mapping_id
         WHERE s.shard_id = CAST(p_shard AS SIGNED);
    END IF;
    IF p_id IS NULL THEN
        CALL fabric_store.shown(p_shard);
        CALL fabric_store.refuse('ShardingError', CONCAT('Shard ', p_shard, ' not found'));
    END IF;
END$$

-- MD5 (RFC 1321) of a text's UTF-8, in upper-case hexadecimal digits.
DROP PROCEDURE IF EXISTS fabric_store.md5_by_hand$$
CREATE PROCEDURE fabric_store.md5_by_hand(p_text TEXT, OUT p_hex CHAR(32))
NO SQL
BEGIN
    DECLARE v_data, v_word LONGTEXT;
    DECLARE v_at, v_step, v_turn, v_place INT DEFAULT 0;
    DECLARE v_f, v_a, v_b, v_c, v_d BIGINT UNSIGNED;
    DECLARE v_sum_a BIGINT UNSIGNED DEFAULT 0x67452301 + 0;
    DECLARE v_sum_b BIGINT UNSIGNED DEFAULT 0xEFCDAB89 + 0;
    DECLARE v_sum_c BIGINT UNSIGNED DEFAULT 0x98BADCFE + 0;
    DECLARE v_sum_d BIGINT UNSIGNED DEFAULT 0x10325476 + 0;
    SET v_data = CONCAT(HEX(p_text), '80');
    SET v_word = LPAD(HEX(LENGTH(p_text) * 8), 8, '0');
    SET v_data = CONCAT(v_data, REPEAT('0', MOD(240 - MOD(CHAR_LENGTH(v_data), 128), 128)),
        SUBSTRING(v_word, 7, 2), SUBSTRING(v_word, 5, 2), SUBSTRING(v_word, 3, 2), SUBSTRING(v_word, 1, 2), '00000000');
    WHILE v_at < CHAR_LENGTH(v_data) DO
        SET v_a = v_sum_a, v_b = v_sum_b, v_c = v_sum_c, v_d = v_sum_d, v_step = 0;
        WHILE v_step < 64 DO
            CASE v_step DIV 16
                WHEN 0 THEN SET v_f = (v_b & v_c) | (~v_b & v_d), v_place = v_step;
                WHEN 1 THEN SET v_f = (v_d & v_b) | (~v_d & v_c), v_place = (5 * v_step + 1) MOD 16;
                WHEN 2 THEN SET v_f = v_b ^ v_c ^ v_d, v_place = (3 * v_step + 5) MOD 16;
                ELSE SET v_f = v_c ^ (v_b | (~v_d & 0xFFFFFFFF)), v_place = (7 * v_step) MOD 16;
            END CASE;
            SET v_word = SUBSTRING(v_data, v_at + 8 * v_place + 1, 8);
            SET v_word = CONCAT(SUBSTRING(v_word, 7, 2), SUBSTRING(v_word, 5, 2), SUBSTRING(v_word, 3, 2),
                                SUBSTRING(v_word, 1, 2));
            SET v_f = (v_f + v_a + CAST(FLOOR(ABS(SIN(v_step + 1)) * 4294967296) AS UNSIGNED)
                       + CAST(CONV(v_word, 16, 10) AS UNSIGNED)) & 0xFFFFFFFF;
            SET v_turn = ELT(1 + v_step DIV 16 * 4 + v_step MOD 4, 7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21);
            SET v_a = v_d, v_d = v_c, v_c = v_b;
            SET v_b = (v_b + ((v_f << v_turn) | (v_f >> (32 - v_turn)))) & 0xFFFFFFFF;
            SET v_step = v_step + 1;
        END WHILE;
        SET v_sum_a = (v_sum_a + v_a) & 0xFFFFFFFF, v_sum_b = (v_sum_b + v_b) & 0xFFFFFFFF,
            v_sum_c = (v_sum_c + v_c) & 0xFFFFFFFF, v_sum_d = (v_sum_d + v_d) & 0xFFFFFFFF;
        SET v_at = v_at + 128;
    END WHILE;
    SET v_word = CONCAT(LPAD(HEX(v_sum_d), 8, '0'), LPAD(HEX(v_sum_c), 8, '0'), LPAD(HEX(v_sum_b), 8, '0'),
                        LPAD(HEX(v_sum_a), 8, '0'));
    SET p_hex = '', v_at = 31;
    WHILE v_at > 0 DO
        SET p_hex = CONCAT(p_hex, SUBSTRING(v_word, v_at, 2)), v_at = v_at - 2;
    END WHILE;
END$$

-- MySQL has no MD5() any more since 9.6, unless a component is installed, and none in FIPS mode.
DROP PROCEDURE IF EXISTS fabric_store.hash_of$$
CREATE PROCEDURE fabric_store.hash_of(p_text TEXT, OUT p_hex CHAR(32))
NO SQL
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION CALL fabric_store.md5_by_hand(p_text, p_hex);
    SET p_hex = UPPER(MD5(p_text));
    IF p_hex IS NULL THEN
        CALL fabric_store.md5_by_hand(p_text, p_hex);
    END IF;
END$$

-- The time that a text names; NULL for none, where CAST alone would be an error.
DROP PROCEDURE IF EXISTS fabric_store.parse_time$$
CREATE PROCEDURE fabric_store.parse_time(p_text TEXT, OUT p_time DATETIME(6))
NO SQL
BEGIN
    DECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET p_time = NULL;
    SET p_time = NULL;
    SELECT CAST(REPLACE(p_text, 'T', ' ') AS DATETIME(6)) INTO p_time;
END$$

-- A lower bound in the one spelling that is stored: decimal number, text, date (and time), 32 hex digits.
DROP PROCEDURE IF EXISTS fabric_store.check_bound$$
CREATE PROCEDURE fabric_store.check_bound(p_type VARCHAR(16), INOUT p_bound TEXT)
NO SQL
BEGIN
    DECLARE v_bound TEXT;
    DECLARE v_advice VARCHAR(64) DEFAULT '';
    DECLARE v_time DATETIME(6);
    SET v_bound = NULL;
    SET p_bound = TRIM(COALESCE(p_bound, ''));
    CASE p_type
    WHEN 'RANGE_STRING' THEN
        SET v_advice = '1 to 128 characters';
        IF CHAR_LENGTH(p_bound) BETWEEN 1 AND 128 THEN
            SET v_bound = p_bound;
        END IF;
    WHEN 'RANGE_DATETIME' THEN
        SET v_advice = '2015-06-30 or 2015-06-30 12:00';
        IF p_bound REGEXP '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ][0-9]{1,2}(:[0-9]{1,2}(:[0-9]{1,2})?)?)?$' THEN
            CALL fabric_store.parse_time(p_bound, v_time);
            SET v_bound = REPLACE(DATE_FORMAT(v_time, '%Y-%m-%d %H:%i:%s'), ' 00:00:00', '');
        END IF;
    WHEN 'HASH' THEN
        SET v_advice = '32 hexadecimal digits';
        IF p_bound REGEXP '^[0-9A-Fa-f]{32}$' THEN
            SET v_bound = UPPER(p_bound);
        END IF;
    ELSE
        SET v_advice = 'an integer of 64 bits';
        IF p_bound REGEXP '^[-+]?[0-9]{1,19}$' THEN
            IF CAST(p_bound AS DECIMAL(20, 0)) BETWEEN -9223372036854775808 AND 9223372036854775807 THEN
                SET v_bound = CAST(CAST(p_bound AS DECIMAL(20, 0)) AS CHAR);
            END IF;
        END IF;
    END CASE;
    IF v_bound IS NULL THEN
        CALL fabric_store.shown(p_bound);
        CALL fabric_store.refuse('ShardingError', CONCAT('Invalid lower_bound value ', LEFT(p_bound, 24), ' for ',
            p_type, ' sharding: give ', v_advice));
    END IF;
    SET p_bound = v_bound;
END$$

-- The shard that a key belongs to, enabled or not; NULL for none.
DROP PROCEDURE IF EXISTS fabric_store.shard_of$$
CREATE PROCEDURE fabric_store.shard_of(p_mapping INT, p_type VARCHAR(16), p_key TEXT, OUT p_shard INT)
READS SQL DATA
BEGIN
    DECLARE v_number DECIMAL(65, 20);
    DECLARE v_time DATETIME(6);
    DECLARE v_hash CHAR(32);
    SET p_shard = NULL;
    CASE p_type
    WHEN 'HASH' THEN
        -- The ring: keys below the lowest bound belong to the highest.
        CALL fabric_store.hash_of(p_key, v_hash);
        SELECT shard_id INTO p_shard FROM fabric_store.shards
         WHERE mapping_id = p_mapping AND p_key IS NOT NULL
         ORDER BY lower_bound <= v_hash DESC, lower_bound DESC LIMIT 1;
    WHEN 'RANGE_STRING' THEN
        SELECT shard_id INTO p_shard FROM fabric_store.shards
         WHERE mapping_id = p_mapping AND lower_bound <= p_key ORDER BY lower_bound DESC LIMIT 1;
    WHEN 'RANGE_DATETIME' THEN
        CALL fabric_store.parse_time(p_key, v_time);
        SET v_time = v_time + INTERVAL 500000 MICROSECOND;  -- keys have seconds, fractions are rounded
        SELECT shard_id INTO p_shard FROM fabric_store.shards
         WHERE mapping_id = p_mapping AND CAST(lower_bound AS DATETIME) <= v_time
         ORDER BY CAST(lower_bound AS DATETIME) DESC LIMIT 1;
    ELSE
        SET p_key = TRIM(p_key);
        IF p_key REGEXP '^[-+]?[0-9]{1,40}([.][0-9]{0,20})?([eE][-+]?[0-9]{1,2})?$' THEN
            SET v_number = CAST(p_key AS DECIMAL(65, 20));
            SELECT shard_id INTO p_shard FROM fabric_store.shards
             WHERE mapping_id = p_mapping AND CAST(lower_bound AS DECIMAL(65, 20)) <= v_number
             ORDER BY CAST(lower_bound AS DECIMAL(65, 20)) DESC LIMIT 1;
        END IF;
    END CASE;
END$$

-- The servers of a group as the lookups show them.
DROP PROCEDURE IF EXISTS fabric_store.list_servers$$
CREATE PROCEDURE fabric_store.list_servers(p_group VARCHAR(64), p_uuid VARCHAR(40), p_status INT, p_mode INT)
READS SQL DATA
BEGIN
    CALL fabric_store.answer();
    SELECT server_uuid, CONCAT(IF(LOCATE(':', host), CONCAT('[', host, ']'), host), ':', port) AS address,
           ELT(status + 1, 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY') AS status,
           ELT(mode + 1, 'OFFLINE', 'READ_ONLY', 'WRITE_ONLY', 'READ_WRITE') AS mode, weight
      FROM fabric_store.servers s
     WHERE s.group_id = p_group AND (p_uuid IS NULL OR s.server_uuid = p_uuid)
       AND (p_status IS NULL OR s.status = p_status) AND (p_mode IS NULL OR s.mode = p_mode)
     ORDER BY server_uuid;
END$$

-- ---- dump.* : what connectors read ----------------------------------------------------------------------

DROP PROCEDURE IF EXISTS dump.fabric_nodes$$
CREATE PROCEDURE dump.fabric_nodes(p_protocol TEXT)
READS SQL DATA
BEGIN
    DECLARE v_nodes TEXT;
    DECLARE v_count INT;
    IF COALESCE(p_protocol, 'protocol.mysql') NOT IN ('protocol.mysql', 'protocol.xmlrpc') THEN
        CALL fabric_store.shown(p_protocol);
        CALL fabric_store.refuse('', CONCAT('Protocol (', p_protocol, ') is not supported.'));
    END IF;
    SELECT value INTO v_nodes FROM fabric_store.farm_options WHERE name = 'nodes';
    SET v_nodes = REPLACE(v_nodes, ' ', '');
    IF v_nodes = '' THEN
        SET v_nodes = CONCAT(@@hostname, ':', @@port);
    END IF;
    CALL fabric_store.split_patterns(v_nodes, v_count);
    CALL fabric_store.answer();
    SELECT LEFT(node, CHAR_LENGTH(node) - CHAR_LENGTH(SUBSTRING_INDEX(node, ':', -1)) - 1) AS host,
           CAST(SUBSTRING_INDEX(node, ':', -1) AS SIGNED) AS port
      FROM (SELECT n, SUBSTRING_INDEX(SUBSTRING_INDEX(v_nodes, ',', n), ',', -1) AS node
              FROM fabric_store.positions WHERE n <= v_count) listed
     WHERE COALESCE(p_protocol, 'protocol.mysql') = 'protocol.mysql' ORDER BY n;
END$$

DROP PROCEDURE IF EXISTS dump.servers$$
CREATE PROCEDURE dump.servers(p_version TEXT, p_patterns TEXT)
READS SQL DATA
BEGIN
    DECLARE v_count INT;
    CALL fabric_store.split_patterns(p_patterns, v_count);
    CALL fabric_store.answer();
    SELECT s.server_uuid, s.group_id, s.host, s.port, s.mode, s.status, s.weight
      FROM fabric_store.positions p
      JOIN fabric_store.servers s
        ON LOWER(s.group_id) LIKE
           CONCAT('%', SUBSTRING_INDEX(SUBSTRING_INDEX(p_patterns, ',', p.n), ',', -1), '%')
     WHERE p.n <= v_count AND s.status <> 0
     ORDER BY p.n, s.group_id, s.host, s.port;
END$$

DROP PROCEDURE IF EXISTS dump.sharding_information$$
CREATE PROCEDURE dump.sharding_information(p_version TEXT, p_patterns TEXT)
READS SQL DATA
BEGIN
    DECLARE v_count INT;
    CALL fabric_store.split_patterns(p_patterns, v_count);
    CALL fabric_store.answer();
    SELECT t.schema_name, t.table_name, t.column_name, s.lower_bound, s.shard_id, m.type_name, s.group_id,
           m.global_group
      FROM fabric_store.positions p
      JOIN fabric_store.shard_tables t
        ON p_patterns = '' OR t.table_key LIKE SUBSTRING_INDEX(SUBSTRING_INDEX(p_patterns, ',', p.n), ',', -1)
      JOIN fabric_store.shard_maps m ON m.mapping_id = t.mapping_id
      JOIN fabric_store.shards s ON s.mapping_id = t.mapping_id
     WHERE p.n <= v_count AND s.enabled = 1
     ORDER BY p.n, m.mapping_id, s.shard_id, t.table_key;
END$$

DROP PROCEDURE IF EXISTS dump.shard_tables$$
CREATE PROCEDURE dump.shard_tables(p_version TEXT, p_patterns TEXT)
READS SQL DATA
BEGIN
    DECLARE v_count INT;
    CALL fabric_store.split_patterns(p_patterns, v_count);
    CALL fabric_store.answer();
    SELECT t.schema_name, t.table_name, t.column_name, t.mapping_id
      FROM fabric_store.positions p
      JOIN fabric_store.shard_tables t
        ON CAST(t.mapping_id AS CHAR) LIKE
           CONCAT('%', SUBSTRING_INDEX(SUBSTRING_INDEX(p_patterns, ',', p.n), ',', -1), '%')
     WHERE p.n <= v_count
     ORDER BY p.n, t.mapping_id, t.table_key;
END$$

DROP PROCEDURE IF EXISTS dump.shard_maps$$
CREATE PROCEDURE dump.shard_maps(p_version TEXT, p_patterns TEXT)
READS SQL DATA
BEGIN
    DECLARE v_count INT;
    CALL fabric_store.split_patterns(p_patterns, v_count);
    CALL fabric_store.answer();
    SELECT m.mapping_id, m.type_name, m.global_group AS global_group_id
      FROM fabric_store.positions p
      JOIN fabric_store.shard_maps m
        ON CAST(m.mapping_id AS CHAR) LIKE
           CONCAT('%', SUBSTRING_INDEX(SUBSTRING_INDEX(p_patterns, ',', p.n), ',', -1), '%')
     WHERE p.n <= v_count
     ORDER BY p.n, m.mapping_id;
END$$

DROP PROCEDURE IF EXISTS dump.shard_index$$
CREATE PROCEDURE dump.shard_index(p_version TEXT, p_patterns TEXT)
READS SQL DATA
BEGIN
    DECLARE v_count INT;
    CALL fabric_store.split_patterns(p_patterns, v_count);
    CALL fabric_store.answer();
    SELECT s.lower_bound, s.mapping_id, s.shard_id, s.group_id
      FROM fabric_store.positions p
      JOIN fabric_store.shards s
        ON CAST(s.mapping_id AS CHAR) LIKE
           CONCAT('%', SUBSTRING_INDEX(SUBSTRING_INDEX(p_patterns, ',', p.n), ',', -1), '%')
     WHERE p.n <= v_count AND s.enabled = 1
     ORDER BY p.n, s.mapping_id, s.shard_id;
END$$

-- Not one of Fabric's: the number that grows with every change, so that a reader may skip the dumps.
DROP PROCEDURE IF EXISTS dump.farm_version$$
CREATE PROCEDURE dump.farm_version()
READS SQL DATA
BEGIN
    CALL fabric_store.answer();
    SELECT version, changed_at FROM fabric_store.farm_state WHERE id = 1;
END$$

-- ---- threat.* : what connectors report ------------------------------------------------------------------

-- Marks the server FAULTY, at once or when enough different reporters have voted within the window. A
-- reporter's further votes within a second are not even written: many sessions of one machine fail at once.
DROP PROCEDURE IF EXISTS fabric_store.report$$
CREATE PROCEDURE fabric_store.report(p_server TEXT, p_reporter TEXT, p_error TEXT, p_at_once TINYINT, p_step VARCHAR(64))
MODIFIES SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_group VARCHAR(64);
    DECLARE v_status, v_votes, v_needed, v_window INT;
    DECLARE v_changed TINYINT DEFAULT 0;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    SET p_reporter = LEFT(COALESCE(p_reporter, 'unknown'), 64), p_error = LEFT(COALESCE(p_error, 'unknown'), 255);
    SELECT MAX(IF(name = 'votes', CAST(value AS SIGNED), NULL)),
           MAX(IF(name = 'vote_window', CAST(value AS SIGNED), NULL)),
           p_at_once AND MAX(name = 'trust_failures' AND value = '1')
      INTO v_needed, v_window, p_at_once FROM fabric_store.farm_options;
    CALL fabric_store.find_server('ServerError', p_server, v_uuid, v_group, v_status);
    IF v_status <> 0 AND (p_at_once OR NOT EXISTS (
            SELECT 1 FROM fabric_store.votes WHERE server_uuid = v_uuid AND reporter = p_reporter
               AND reported_at > UTC_TIMESTAMP(6) - INTERVAL 1 SECOND)) THEN
        CALL fabric_store.begin_change();
        CALL fabric_store.find_server('ServerError', v_uuid, v_uuid, v_group, v_status);
        DELETE FROM fabric_store.votes WHERE reported_at < UTC_TIMESTAMP(6) - INTERVAL v_window SECOND;
        INSERT INTO fabric_store.votes VALUES (v_uuid, p_reporter, UTC_TIMESTAMP(6), p_error)
            ON DUPLICATE KEY UPDATE reported_at = UTC_TIMESTAMP(6), error = p_error;
        SELECT COUNT(*) INTO v_votes FROM fabric_store.votes WHERE server_uuid = v_uuid;
        IF v_status <> 0 AND (p_at_once OR v_votes >= v_needed) THEN
            UPDATE fabric_store.servers SET status = 0 WHERE server_uuid = v_uuid;
            DELETE FROM fabric_store.votes WHERE server_uuid = v_uuid;
            SET v_changed = 1;
        END IF;
    END IF;
    CALL fabric_store.end_change(p_step, v_changed, 1);
END$$

DROP PROCEDURE IF EXISTS threat.report_error$$
CREATE PROCEDURE threat.report_error(p_server TEXT, p_reporter TEXT, p_error TEXT, p_update_only TEXT)
MODIFIES SQL DATA
BEGIN
    CALL fabric_store.report(p_server, p_reporter, p_error, 0, '_report_error');
END$$

DROP PROCEDURE IF EXISTS threat.report_failure$$
CREATE PROCEDURE threat.report_failure(p_server TEXT, p_reporter TEXT, p_error TEXT, p_update_only TEXT)
MODIFIES SQL DATA
BEGIN
    CALL fabric_store.report(p_server, p_reporter, p_error, 1, '_report_failure');
END$$

-- ---- group.* --------------------------------------------------------------------------------------------

DROP PROCEDURE IF EXISTS `group`.create$$
CREATE PROCEDURE `group`.create(p_group TEXT, p_description TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    IF COALESCE(p_group, '') = '' OR CHAR_LENGTH(p_group) > 64 OR p_group <> TRIM(p_group)
       OR LENGTH(p_group) <> LENGTH(TRIM(p_group)) OR p_group REGEXP '[,/[:cntrl:]]' THEN
        CALL fabric_store.shown(p_group);
        CALL fabric_store.refuse('GroupError', CONCAT('Group id (', LEFT(p_group, 24),
            ') is none: give 1 to 64 characters, no comma, slash or blank at an end'));
    END IF;
    IF CHAR_LENGTH(p_description) > 255 THEN
        CALL fabric_store.refuse('GroupError', 'Description has more than 255 characters: give a shorter one');
    END IF;
    IF EXISTS (SELECT 1 FROM fabric_store.server_groups WHERE group_id = p_group) THEN
        CALL fabric_store.refuse('GroupError', CONCAT('Group (', p_group, ') already exists.'));
    END IF;
    INSERT INTO fabric_store.server_groups (group_id, description) VALUES (p_group, p_description);
    CALL fabric_store.end_change('_create_group', 1, 1);
END$$

DROP PROCEDURE IF EXISTS `group`.description$$
CREATE PROCEDURE `group`.description(p_group TEXT, p_description TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.require_group('GroupError', p_group);
    IF CHAR_LENGTH(p_description) > 255 THEN
        CALL fabric_store.refuse('GroupError', 'Description has more than 255 characters: give a shorter one');
    END IF;
    UPDATE fabric_store.server_groups SET description = p_description WHERE group_id = p_group;
    CALL fabric_store.end_change('_update_group_description', 1, 1);
END$$

DROP PROCEDURE IF EXISTS `group`.destroy$$
CREATE PROCEDURE `group`.destroy(p_group TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.require_group('GroupError', p_group);
    IF EXISTS (SELECT 1 FROM fabric_store.servers WHERE group_id = p_group) THEN
        CALL fabric_store.refuse('GroupError',
            CONCAT('Cannot destroy a group (', p_group, ') which has associated servers.'));
    END IF;
    IF EXISTS (SELECT 1 FROM fabric_store.shards WHERE group_id = p_group)
       OR EXISTS (SELECT 1 FROM fabric_store.shard_maps WHERE global_group = p_group) THEN
        CALL fabric_store.refuse('GroupError', CONCAT('Cannot destroy a group (', p_group,
            ') that shards use: move or remove them.'));
    END IF;
    DELETE FROM fabric_store.server_groups WHERE group_id = p_group;
    CALL fabric_store.end_change('_destroy_group', 1, 1);
END$$

-- The server joins as a secondary. It is not contacted: without a uuid it gets a new one, which names it here.
DROP PROCEDURE IF EXISTS `group`.`add`$$
CREATE PROCEDURE `group`.`add`(p_group TEXT, p_address TEXT, p_uuid TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_host TEXT;
    DECLARE v_port INT;
    DECLARE v_uuid VARCHAR(40);
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.require_group('GroupError', p_group);
    CALL fabric_store.parse_address(p_address, v_host, v_port);
    IF v_port IS NULL OR v_host NOT REGEXP '^[0-9a-z._:%-]{1,255}$' THEN
        CALL fabric_store.shown(p_address);
        CALL fabric_store.refuse('ServerError',
            CONCAT('Address (', p_address, ') is none: give host:port, or [::1]:port for IPv6'));
    END IF;
    SET v_uuid = LOWER(LEFT(p_uuid, 40));
    IF v_uuid IS NULL THEN
        SET v_uuid = UUID();
    END IF;
    IF v_uuid NOT REGEXP '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        CALL fabric_store.shown(p_uuid);
        CALL fabric_store.refuse('ServerError', CONCAT('Value (', p_uuid,
            ') is no uuid: give the server''s @@server_uuid, or NULL'));
    END IF;
    IF EXISTS (SELECT 1 FROM fabric_store.servers WHERE server_uuid = v_uuid OR (host = v_host AND port = v_port)) THEN
        SELECT MIN(server_uuid) INTO v_uuid FROM fabric_store.servers
         WHERE server_uuid = v_uuid OR (host = v_host AND port = v_port);
        CALL fabric_store.refuse('ServerError', CONCAT('Server (', v_uuid, ') already exists.'));
    END IF;
    INSERT INTO fabric_store.servers VALUES (v_uuid, p_group, v_host, v_port, 1, 2, 1);
    CALL fabric_store.end_change('_add_server', 1, 1);
END$$

DROP PROCEDURE IF EXISTS `group`.remove$$
CREATE PROCEDURE `group`.remove(p_group TEXT, p_server TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_status INT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_member('GroupError', 'ServerError', p_group, p_server, v_uuid, v_status);
    IF v_status = 3 THEN
        CALL fabric_store.shown(p_group);
        CALL fabric_store.refuse('ServerError', CONCAT('Cannot remove server (', v_uuid, '), which is master in group (',
            LEFT(p_group, 15), '): demote it'));
    END IF;
    DELETE FROM fabric_store.votes WHERE server_uuid = v_uuid;
    DELETE FROM fabric_store.servers WHERE server_uuid = v_uuid;
    CALL fabric_store.end_change('_remove_server', 1, 1);
END$$

-- Writes down who is primary. The one before, if there is one, becomes a secondary.
DROP PROCEDURE IF EXISTS `group`.promote$$
CREATE PROCEDURE `group`.promote(p_group TEXT, p_server TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_status, v_candidates INT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.require_group('GroupError', p_group);
    IF p_server IS NULL THEN
        SELECT COUNT(*), MIN(server_uuid) INTO v_candidates, p_server FROM fabric_store.servers
         WHERE group_id = p_group AND status = 2 AND mode <> 0;
        IF v_candidates = 0 THEN
            CALL fabric_store.refuse('GroupError', CONCAT('There is no valid candidate in group (', p_group,
                '): it needs a SECONDARY'));
        ELSEIF v_candidates > 1 THEN
            CALL fabric_store.refuse('GroupError', CONCAT('Group (', p_group, ') has ', v_candidates,
                ' candidates: name the one'));
        END IF;
    END IF;
    CALL fabric_store.find_member('GroupError', 'ServerError', p_group, p_server, v_uuid, v_status);
    IF v_status = 3 THEN
        CALL fabric_store.shown(p_server);
        CALL fabric_store.refuse('ServerError', CONCAT('Candidate slave (', p_server, ') is already master.'));
    ELSEIF v_status <> 2 THEN
        CALL fabric_store.refuse('ServerError', CONCAT('Server (', v_uuid, ') is ',
            ELT(v_status + 1, 'FAULTY', 'SPARE'), ': server.set_status first, to ',
            ELT(v_status + 1, 'SPARE and then ', ''), 'SECONDARY'));
    END IF;
    UPDATE fabric_store.servers SET status = 2, mode = 1 WHERE group_id = p_group AND status = 3;
    UPDATE fabric_store.servers SET status = 3, mode = 3 WHERE server_uuid = v_uuid;
    DELETE FROM fabric_store.votes WHERE server_uuid = v_uuid;
    CALL fabric_store.end_change('_change_to_candidate', 1, 1);
END$$

DROP PROCEDURE IF EXISTS `group`.demote$$
CREATE PROCEDURE `group`.demote(p_group TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.require_group('GroupError', p_group);
    IF NOT EXISTS (SELECT 1 FROM fabric_store.servers WHERE group_id = p_group AND status = 3) THEN
        CALL fabric_store.refuse('GroupError', CONCAT('Group (', p_group, ') does not have a master.'));
    END IF;
    UPDATE fabric_store.servers SET status = 2, mode = 1 WHERE group_id = p_group AND status = 3;
    CALL fabric_store.end_change('_block_write_demote', 1, 1);
END$$

-- The flag is kept for the tools that look after replication; nothing here watches servers.
DROP PROCEDURE IF EXISTS `group`.activate$$
CREATE PROCEDURE `group`.activate(p_group TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.require_group('GroupError', p_group);
    UPDATE fabric_store.server_groups SET failure_detector = 1 WHERE group_id = p_group;
    CALL fabric_store.end_change('_activate_group', 1, 1);
END$$

DROP PROCEDURE IF EXISTS `group`.deactivate$$
CREATE PROCEDURE `group`.deactivate(p_group TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.require_group('GroupError', p_group);
    UPDATE fabric_store.server_groups SET failure_detector = 0 WHERE group_id = p_group;
    CALL fabric_store.end_change('_deactivate_group', 1, 1);
END$$

DROP PROCEDURE IF EXISTS `group`.lookup_groups$$
CREATE PROCEDURE `group`.lookup_groups(p_group TEXT)
READS SQL DATA
BEGIN
    IF p_group IS NOT NULL THEN
        CALL fabric_store.require_group('', p_group);
    END IF;
    CALL fabric_store.answer();
    SELECT g.group_id, g.description, g.failure_detector, s.server_uuid AS master_uuid
      FROM fabric_store.server_groups g
      LEFT JOIN fabric_store.servers s ON s.group_id = g.group_id AND s.status = 3
     WHERE p_group IS NULL OR g.group_id = p_group
     ORDER BY g.group_id;
END$$

DROP PROCEDURE IF EXISTS `group`.lookup_servers$$
CREATE PROCEDURE `group`.lookup_servers(p_group TEXT, p_server TEXT, p_status TEXT, p_mode TEXT)
READS SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_status, v_mode, v_known INT;
    CALL fabric_store.require_group('', p_group);
    IF p_server IS NOT NULL THEN
        CALL fabric_store.find_member('', '', p_group, p_server, v_uuid, v_known);
    END IF;
    IF p_status IS NOT NULL THEN
        CALL fabric_store.parse_status('', p_status, v_status);
    END IF;
    IF p_mode IS NOT NULL THEN
        CALL fabric_store.parse_mode('', p_mode, v_mode);
    END IF;
    CALL fabric_store.list_servers(p_group, v_uuid, v_status, v_mode);
END$$

-- What the description says; the servers are not asked.
DROP PROCEDURE IF EXISTS `group`.health$$
CREATE PROCEDURE `group`.health(p_group TEXT)
READS SQL DATA
BEGIN
    CALL fabric_store.require_group('', p_group);
    CALL fabric_store.answer();
    SELECT server_uuid AS uuid, status <> 0 AS is_alive,
           ELT(status + 1, 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY') AS status, 0 AS is_not_running,
           0 AS is_not_configured, 0 AS io_not_running, 0 AS sql_not_running, 'False' AS io_error,
           'False' AS sql_error
      FROM fabric_store.servers WHERE group_id = p_group ORDER BY server_uuid;
    SELECT issue FROM (
        SELECT 1 AS place, CONCAT('Group (', p_group, ') has no primary: name one by group.promote.') AS issue
          FROM fabric_store.farm_state
         WHERE id = 1 AND NOT EXISTS (SELECT 1 FROM fabric_store.servers WHERE group_id = p_group AND status = 3)
        UNION ALL
        SELECT 2, CONCAT('Server (', server_uuid, ') is FAULTY: mend it, then server.set_status SPARE, SECONDARY.')
          FROM fabric_store.servers WHERE group_id = p_group AND status = 0
        UNION ALL
        SELECT 3, CONCAT('Server (', v.server_uuid, ') was reported by ', v.reporter, ': ', v.error)
          FROM fabric_store.votes v JOIN fabric_store.servers s ON s.server_uuid = v.server_uuid
         WHERE s.group_id = p_group
           AND v.reported_at > UTC_TIMESTAMP(6) - INTERVAL (SELECT CAST(value AS SIGNED)
                   FROM fabric_store.farm_options WHERE name = 'vote_window') SECOND) issues
     ORDER BY place, issue;
END$$

-- ---- server.* -------------------------------------------------------------------------------------------

DROP PROCEDURE IF EXISTS server.lookup_uuid$$
CREATE PROCEDURE server.lookup_uuid(p_address TEXT)
READS SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_group VARCHAR(64);
    DECLARE v_status INT;
    CALL fabric_store.find_server('', p_address, v_uuid, v_group, v_status);
    CALL fabric_store.answer();
    SELECT v_uuid AS uuid;
END$$

DROP PROCEDURE IF EXISTS server.set_status$$
CREATE PROCEDURE server.set_status(p_server TEXT, p_status TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_group VARCHAR(64);
    DECLARE v_status, v_wanted INT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_server('ServerError', p_server, v_uuid, v_group, v_status);
    CALL fabric_store.parse_status('ServerError', p_status, v_wanted);
    IF v_wanted = 3 THEN
        CALL fabric_store.refuse('ServerError', CONCAT('If you want to make a server (', v_uuid,
            ') primary, please, use group.promote.'));
    ELSEIF v_wanted = 0 THEN
        CALL fabric_store.refuse('ServerError', CONCAT('If you want to set a server (', v_uuid,
            ') to faulty, please, use threat.report_failure.'));
    ELSEIF NOT ((v_status = 2 AND v_wanted = 1) OR (v_status = 1 AND v_wanted = 2) OR (v_status = 0 AND v_wanted = 1)) THEN
        CALL fabric_store.refuse('ServerError', CONCAT('Cannot change server''s (', v_uuid, ') status from (',
            ELT(v_status + 1, 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY'), ') to (',
            ELT(v_wanted + 1, 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY'), ')',
            IF(v_status = 0, ': set SPARE first', IF(v_status = 3, ': demote first', ''))));
    END IF;
    UPDATE fabric_store.servers SET status = v_wanted, mode = IF(v_wanted = 1, 0, 1) WHERE server_uuid = v_uuid;
    DELETE FROM fabric_store.votes WHERE server_uuid = v_uuid;
    CALL fabric_store.end_change('_set_server_status', 1, 1);
END$$

DROP PROCEDURE IF EXISTS server.set_mode$$
CREATE PROCEDURE server.set_mode(p_server TEXT, p_mode TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_group VARCHAR(64);
    DECLARE v_status, v_wanted INT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_server('ServerError', p_server, v_uuid, v_group, v_status);
    CALL fabric_store.parse_mode('ServerError', p_mode, v_wanted);
    IF NOT ((v_status = 3 AND v_wanted IN (2, 3)) OR (v_status IN (1, 2) AND v_wanted IN (0, 1))) THEN
        CALL fabric_store.refuse('ServerError', CONCAT('Cannot set mode to (',
            ELT(v_wanted + 1, 'OFFLINE', 'READ_ONLY', 'WRITE_ONLY', 'READ_WRITE'), ') when the server''s (', v_uuid,
            ') status is (', ELT(v_status + 1, 'FAULTY', 'SPARE', 'SECONDARY', 'PRIMARY'), ').'));
    END IF;
    UPDATE fabric_store.servers SET mode = v_wanted WHERE server_uuid = v_uuid;
    CALL fabric_store.end_change('_set_server_mode', 1, 1);
END$$

DROP PROCEDURE IF EXISTS server.set_weight$$
CREATE PROCEDURE server.set_weight(p_server TEXT, p_weight TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_uuid VARCHAR(40);
    DECLARE v_group VARCHAR(64);
    DECLARE v_status INT;
    DECLARE v_weight DOUBLE;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_server('ServerError', p_server, v_uuid, v_group, v_status);
    SET p_weight = TRIM(COALESCE(p_weight, 'NULL'));
    IF p_weight NOT REGEXP '^[-+]?([0-9]{1,20}([.][0-9]{0,20})?|[.][0-9]{1,20})([eE][-+]?[0-9]{1,2})?$' THEN
        CALL fabric_store.shown(p_weight);
        CALL fabric_store.refuse('ServerError', CONCAT('Value (', p_weight, ') must be a float.'));
    END IF;
    SET v_weight = p_weight + 0e0;
    IF v_weight <= 0 THEN
        CALL fabric_store.refuse('ServerError', CONCAT('Cannot set the server''s weight (', LEFT(p_weight, 24),
            ') to a value lower than or equal to 0.0'));
    END IF;
    UPDATE fabric_store.servers SET weight = v_weight WHERE server_uuid = v_uuid;
    CALL fabric_store.end_change('_set_server_weight', 1, 1);
END$$

-- ---- sharding.* -----------------------------------------------------------------------------------------

DROP PROCEDURE IF EXISTS sharding.create_definition$$
CREATE PROCEDURE sharding.create_definition(p_type TEXT, p_global_group TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id INT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    IF FIELD(UPPER(COALESCE(p_type, '')), 'RANGE', 'RANGE_INTEGER', 'RANGE_STRING', 'RANGE_DATETIME', 'HASH') = 0 THEN
        CALL fabric_store.shown(p_type);
        CALL fabric_store.refuse('ShardingError', CONCAT('Invalid Sharding Type ', LEFT(p_type, 20),
            ': give RANGE, RANGE_STRING, RANGE_DATETIME or HASH'));
    END IF;
    CALL fabric_store.require_group('ShardingError', p_global_group);
    UPDATE fabric_store.farm_state SET last_mapping_id = last_mapping_id + 1 WHERE id = 1;
    SELECT last_mapping_id INTO v_id FROM fabric_store.farm_state WHERE id = 1;
    INSERT INTO fabric_store.shard_maps VALUES (v_id, UPPER(p_type), p_global_group);
    CALL fabric_store.end_change('_define_shard_mapping', 1, v_id);
END$$

-- An unknown id succeeds, as it does on a node.
DROP PROCEDURE IF EXISTS sharding.remove_definition$$
CREATE PROCEDURE sharding.remove_definition(p_mapping TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    IF EXISTS (SELECT 1 FROM fabric_store.shard_tables WHERE CAST(mapping_id AS CHAR) = p_mapping)
       OR EXISTS (SELECT 1 FROM fabric_store.shards WHERE CAST(mapping_id AS CHAR) = p_mapping) THEN
        CALL fabric_store.refuse('ShardingError', CONCAT('Cannot remove definition ', p_mapping,
            ' that has tables or shards: remove them first'));
    END IF;
    DELETE FROM fabric_store.shard_maps WHERE CAST(mapping_id AS CHAR) = p_mapping;
    CALL fabric_store.end_change('_remove_shard_mapping_defn', 1, 1);
END$$

DROP PROCEDURE IF EXISTS sharding.list_definitions$$
CREATE PROCEDURE sharding.list_definitions()
READS SQL DATA
BEGIN
    CALL fabric_store.answer();
    SELECT mapping_id, type_name, global_group AS global_group_id FROM fabric_store.shard_maps ORDER BY mapping_id;
END$$

DROP PROCEDURE IF EXISTS sharding.add_table$$
CREATE PROCEDURE sharding.add_table(p_mapping TEXT, p_table TEXT, p_column TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id INT;
    DECLARE v_type VARCHAR(16);
    DECLARE v_shown TEXT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_mapping(p_mapping, v_id, v_type);
    SET v_shown = p_table;
    CALL fabric_store.shown(v_shown);
    -- A table without its database would break the dumps of a node for everybody.
    IF COALESCE(p_table, '') NOT REGEXP '^[^.,]{1,64}[.][^.,]{1,64}$' THEN
        CALL fabric_store.refuse('ShardingError', CONCAT('Table name ', v_shown, ' is none: give database.table'));
    ELSEIF COALESCE(p_column, '') = '' OR CHAR_LENGTH(p_column) > 64 THEN
        CALL fabric_store.refuse('ShardingError',
            CONCAT('Table ', v_shown, ' needs a column of 1 to 64 characters'));
    ELSEIF EXISTS (SELECT 1 FROM fabric_store.shard_tables WHERE table_key = LOWER(p_table)) THEN
        CALL fabric_store.refuse('ShardingError', CONCAT('Table ', v_shown, ' is mapped already: remove_table first'));
    END IF;
    INSERT INTO fabric_store.shard_tables VALUES
        (LOWER(p_table), SUBSTRING_INDEX(p_table, '.', 1), SUBSTRING_INDEX(p_table, '.', -1), p_column, v_id);
    CALL fabric_store.end_change('_add_shard_mapping', 1, 1);
END$$

DROP PROCEDURE IF EXISTS sharding.remove_table$$
CREATE PROCEDURE sharding.remove_table(p_table TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    IF NOT EXISTS (SELECT 1 FROM fabric_store.shard_tables WHERE table_key = LOWER(p_table)) THEN
        CALL fabric_store.shown(p_table);
        CALL fabric_store.refuse('ShardingError', CONCAT('Table name ', p_table, ' not found'));
    END IF;
    DELETE FROM fabric_store.shard_tables WHERE table_key = LOWER(p_table);
    CALL fabric_store.end_change('_remove_shard_mapping', 1, 1);
END$$

-- An unknown table gives one row of empty texts, as on a node.
DROP PROCEDURE IF EXISTS sharding.lookup_table$$
CREATE PROCEDURE sharding.lookup_table(p_table TEXT)
READS SQL DATA
BEGIN
    CALL fabric_store.answer();
    SELECT COALESCE(CAST(m.mapping_id AS CHAR), '') AS mapping_id, COALESCE(m.type_name, '') AS type_name,
           COALESCE(CONCAT(t.schema_name, '.', t.table_name), '') AS table_name,
           COALESCE(m.global_group, '') AS global_group, COALESCE(t.column_name, '') AS column_name
      FROM (SELECT LOWER(p_table) AS table_key) asked
      LEFT JOIN fabric_store.shard_tables t ON t.table_key = asked.table_key
      LEFT JOIN fabric_store.shard_maps m ON m.mapping_id = t.mapping_id;
END$$

DROP PROCEDURE IF EXISTS sharding.list_tables$$
CREATE PROCEDURE sharding.list_tables(p_type TEXT)
READS SQL DATA
BEGIN
    IF FIELD(UPPER(COALESCE(p_type, '')), 'RANGE', 'RANGE_INTEGER', 'RANGE_STRING', 'RANGE_DATETIME', 'HASH') = 0 THEN
        CALL fabric_store.shown(p_type);
        CALL fabric_store.refuse('', CONCAT('Invalid Sharding Type ', p_type));
    END IF;
    CALL fabric_store.answer();
    SELECT m.mapping_id, m.type_name, CONCAT(t.schema_name, '.', t.table_name) AS table_name, m.global_group,
           t.column_name
      FROM fabric_store.shard_tables t JOIN fabric_store.shard_maps m ON m.mapping_id = t.mapping_id
     WHERE m.type_name = UPPER(p_type)
     ORDER BY m.mapping_id, t.table_key;
END$$

-- "group/bound,group/bound", for HASH "group,group": the bound is the MD5 of the group's id then, as on a
-- node; "group/32 hex digits" names another one. More shards can be added later.
DROP PROCEDURE IF EXISTS sharding.add_shard$$
CREATE PROCEDURE sharding.add_shard(p_mapping TEXT, p_shards TEXT, p_state TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id, v_shard INT;
    DECLARE v_type VARCHAR(16);
    DECLARE v_rest, v_item, v_group, v_bound TEXT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_mapping(p_mapping, v_id, v_type);
    SET p_state = UPPER(COALESCE(p_state, 'DISABLED'));
    IF p_state NOT IN ('ENABLED', 'DISABLED') THEN
        CALL fabric_store.shown(p_state);
        CALL fabric_store.refuse('ShardingError', CONCAT('State (', p_state, ') is none: give ENABLED or DISABLED'));
    END IF;
    SET v_rest = COALESCE(p_shards, '');
    WHILE v_rest IS NOT NULL DO
        SET v_item = TRIM(SUBSTRING_INDEX(v_rest, ',', 1));
        SET v_rest = IF(LOCATE(',', v_rest) = 0, NULL, SUBSTRING(v_rest, LOCATE(',', v_rest) + 1));
        SET v_group = TRIM(SUBSTRING_INDEX(v_item, '/', 1));
        IF LOCATE('/', v_item) > 0 THEN
            SET v_bound = SUBSTRING(v_item, LOCATE('/', v_item) + 1);
        ELSEIF v_type = 'HASH' THEN
            CALL fabric_store.hash_of(v_group, v_bound);
        ELSE
            CALL fabric_store.refuse('ShardingError',
                'Lower Bound, Group ID pair mismatch format should be group-id/lower_bound, group-id/lower_bound....');
        END IF;
        CALL fabric_store.check_bound(v_type, v_bound);
        CALL fabric_store.require_group('ShardingError', v_group);
        IF EXISTS (SELECT 1 FROM fabric_store.shards WHERE mapping_id = v_id AND lower_bound = v_bound) THEN
            CALL fabric_store.shown(v_bound);
            CALL fabric_store.refuse('ShardingError', CONCAT('Mapping ', v_id, ' has a shard with the lower bound ',
                v_bound, ' already'));
        END IF;
        UPDATE fabric_store.farm_state SET last_shard_id = last_shard_id + 1 WHERE id = 1;
        SELECT last_shard_id INTO v_shard FROM fabric_store.farm_state WHERE id = 1;
        INSERT INTO fabric_store.shards VALUES (v_shard, v_id, v_bound, v_group, p_state = 'ENABLED');
    END WHILE;
    CALL fabric_store.end_change('_add_shard', 1, 1);
END$$

DROP PROCEDURE IF EXISTS sharding.enable_shard$$
CREATE PROCEDURE sharding.enable_shard(p_shard TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id, v_mapping, v_enabled INT;
    DECLARE v_type VARCHAR(16);
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_shard(p_shard, v_id, v_mapping, v_type, v_enabled);
    UPDATE fabric_store.shards SET enabled = 1 WHERE shard_id = v_id;
    CALL fabric_store.end_change('_enable_shard', 1, 1);
END$$

DROP PROCEDURE IF EXISTS sharding.disable_shard$$
CREATE PROCEDURE sharding.disable_shard(p_shard TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id, v_mapping, v_enabled INT;
    DECLARE v_type VARCHAR(16);
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_shard(p_shard, v_id, v_mapping, v_type, v_enabled);
    UPDATE fabric_store.shards SET enabled = 0 WHERE shard_id = v_id;
    CALL fabric_store.end_change('_disable_shard', 1, 1);
END$$

DROP PROCEDURE IF EXISTS sharding.remove_shard$$
CREATE PROCEDURE sharding.remove_shard(p_shard TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id, v_mapping, v_enabled INT;
    DECLARE v_type VARCHAR(16);
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_shard(p_shard, v_id, v_mapping, v_type, v_enabled);
    IF v_enabled THEN
        CALL fabric_store.refuse('ShardingError', CONCAT('Shard not disabled: sharding.disable_shard(', v_id, ') first'));
    END IF;
    DELETE FROM fabric_store.shards WHERE shard_id = v_id;
    CALL fabric_store.end_change('_remove_shard', 1, 1);
END$$

-- Writes down that the shard's rows are in another group now. Whoever moves the rows calls it.
DROP PROCEDURE IF EXISTS sharding.move_shard$$
CREATE PROCEDURE sharding.move_shard(p_shard TEXT, p_group TEXT, p_update_only TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id, v_mapping, v_enabled INT;
    DECLARE v_type VARCHAR(16);
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_shard(p_shard, v_id, v_mapping, v_type, v_enabled);
    CALL fabric_store.require_group('ShardingError', p_group);
    UPDATE fabric_store.shards SET group_id = p_group WHERE shard_id = v_id;
    CALL fabric_store.end_change('_setup_move', 1, 1);
END$$

-- The number in the middle of two of 32 hexadecimal digits.
DROP PROCEDURE IF EXISTS fabric_store.middle$$
CREATE PROCEDURE fabric_store.middle(p_low CHAR(32), p_high CHAR(32), OUT p_middle CHAR(32))
NO SQL
BEGIN
    -- Two halves of 64 bits each: what both have, and half of what only one has.
    DECLARE v_low_1 BIGINT UNSIGNED DEFAULT CAST(CONV(LEFT(p_low, 16), 16, 10) AS UNSIGNED);
    DECLARE v_low_2 BIGINT UNSIGNED DEFAULT CAST(CONV(RIGHT(p_low, 16), 16, 10) AS UNSIGNED);
    DECLARE v_high_1 BIGINT UNSIGNED DEFAULT CAST(CONV(LEFT(p_high, 16), 16, 10) AS UNSIGNED);
    DECLARE v_high_2 BIGINT UNSIGNED DEFAULT CAST(CONV(RIGHT(p_high, 16), 16, 10) AS UNSIGNED);
    DECLARE v_both, v_half, v_room, v_first, v_second BIGINT UNSIGNED;
    SET v_both = v_low_2 & v_high_2;
    SET v_half = ((v_low_2 ^ v_high_2) >> 1) | (((v_low_1 ^ v_high_1) & 1) << 63);
    SET v_room = 18446744073709551615 - v_both;
    SET v_first = (v_low_1 & v_high_1) + ((v_low_1 ^ v_high_1) >> 1);
    IF v_half > v_room THEN
        SET v_second = v_half - v_room - 1, v_first = v_first + 1;
    ELSE
        SET v_second = v_both + v_half;
    END IF;
    SET p_middle = CONCAT(LPAD(HEX(v_first), 16, '0'), LPAD(HEX(v_second), 16, '0'));
END$$

-- Cuts a shard in two: the upper part, from the value on, is another group's. HASH takes no value but the
-- middle. The rows must be there already; the lower part keeps its id, which it does not on a node.
DROP PROCEDURE IF EXISTS sharding.split_shard$$
CREATE PROCEDURE sharding.split_shard(p_shard TEXT, p_group TEXT, p_value TEXT, p_update_only TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_id, v_mapping, v_enabled, v_there INT;
    DECLARE v_type VARCHAR(16);
    DECLARE v_bound, v_next TEXT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    CALL fabric_store.find_shard(p_shard, v_id, v_mapping, v_type, v_enabled);
    CALL fabric_store.require_group('ShardingError', p_group);
    IF v_type = 'HASH' AND p_value IS NOT NULL THEN
        CALL fabric_store.refuse('ShardingError', 'Lower bound should not be specified for hash based sharding');
    ELSEIF v_type = 'HASH' THEN
        SELECT lower_bound INTO v_bound FROM fabric_store.shards WHERE shard_id = v_id;
        SELECT COALESCE(MIN(lower_bound), REPEAT('F', 32)) INTO v_next FROM fabric_store.shards
         WHERE mapping_id = v_mapping AND lower_bound > v_bound;
        CALL fabric_store.middle(v_bound, v_next, v_bound);
    ELSEIF p_value IS NULL THEN
        CALL fabric_store.refuse('ShardingError',
            CONCAT('Splitting a ', v_type, ' shard definition requires a split value to be defined'));
    ELSE
        SET v_bound = p_value;
        CALL fabric_store.check_bound(v_type, v_bound);
        CALL fabric_store.shard_of(v_mapping, v_type, v_bound, v_there);
        IF v_there IS NULL OR v_there <> v_id THEN
            CALL fabric_store.shown(v_bound);
            CALL fabric_store.refuse('ShardingError',
                CONCAT('Invalid lower_bound value ', v_bound, ': it is outside shard ', v_id));
        END IF;
    END IF;
    IF EXISTS (SELECT 1 FROM fabric_store.shards WHERE mapping_id = v_mapping AND lower_bound = v_bound) THEN
        CALL fabric_store.shown(v_bound);
        CALL fabric_store.refuse('ShardingError', CONCAT('Mapping ', v_mapping, ' has a shard with the lower bound ',
            v_bound, ' already'));
    END IF;
    UPDATE fabric_store.farm_state SET last_shard_id = last_shard_id + 1 WHERE id = 1;
    INSERT INTO fabric_store.shards
    SELECT last_shard_id, v_mapping, v_bound, p_group, v_enabled FROM fabric_store.farm_state WHERE id = 1;
    CALL fabric_store.end_change('_setup_shard_split', 1, 1);
END$$

-- LOCAL: the servers of the shard that the key belongs to. GLOBAL: those of the global group; the first
-- argument is a mapping's id then, as on a node, or a table; the key is not used.
DROP PROCEDURE IF EXISTS sharding.lookup_servers$$
CREATE PROCEDURE sharding.lookup_servers(p_table TEXT, p_key TEXT, p_hint TEXT)
READS SQL DATA
BEGIN
    DECLARE v_mapping, v_shard, v_enabled INT;
    DECLARE v_type VARCHAR(16);
    DECLARE v_group VARCHAR(64);
    SET p_hint = UPPER(COALESCE(p_hint, 'LOCAL'));
    IF p_hint NOT IN ('LOCAL', 'GLOBAL') THEN
        CALL fabric_store.refuse('', 'Unknown lookup hint');
    END IF;
    IF p_hint = 'GLOBAL' AND p_table REGEXP '^[0-9]{1,9}$' THEN
        CALL fabric_store.find_mapping(p_table, v_mapping, v_type);
    ELSE
        SELECT m.mapping_id, m.type_name INTO v_mapping, v_type
          FROM fabric_store.shard_tables t JOIN fabric_store.shard_maps m ON m.mapping_id = t.mapping_id
         WHERE t.table_key = LOWER(p_table);
    END IF;
    IF v_mapping IS NULL THEN
        CALL fabric_store.shown(p_table);
        CALL fabric_store.refuse('', CONCAT('Table name ', p_table, ' not found'));
    END IF;
    IF p_hint = 'GLOBAL' THEN
        SELECT global_group INTO v_group FROM fabric_store.shard_maps WHERE mapping_id = v_mapping;
    ELSE
        CALL fabric_store.shard_of(v_mapping, v_type, p_key, v_shard);
        IF v_shard IS NULL THEN
            CALL fabric_store.shown(p_key);
            CALL fabric_store.refuse('', CONCAT('Invalid Key ', p_key));
        END IF;
        SELECT group_id, enabled INTO v_group, v_enabled FROM fabric_store.shards WHERE shard_id = v_shard;
        IF NOT v_enabled THEN
            CALL fabric_store.refuse('', 'Shard not enabled');
        END IF;
    END IF;
    CALL fabric_store.list_servers(v_group, NULL, NULL, NULL);
END$$

-- ---- manage.* -------------------------------------------------------------------------------------------

DROP PROCEDURE IF EXISTS manage.ping$$
CREATE PROCEDURE manage.ping()
READS SQL DATA
BEGIN
    CALL fabric_store.answer();
END$$

DROP PROCEDURE IF EXISTS manage.options$$
CREATE PROCEDURE manage.options()
READS SQL DATA
BEGIN
    CALL fabric_store.answer();
    SELECT name, value, about FROM fabric_store.farm_options ORDER BY name;
END$$

DROP PROCEDURE IF EXISTS manage.set_option$$
CREATE PROCEDURE manage.set_option(p_name TEXT, p_value TEXT)
MODIFIES SQL DATA
BEGIN
    DECLARE v_good TINYINT;
    DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
    CALL fabric_store.begin_change();
    IF NOT EXISTS (SELECT 1 FROM fabric_store.farm_options WHERE name = LOWER(p_name)) THEN
        CALL fabric_store.shown(p_name);
        CALL fabric_store.refuse('', CONCAT('no option ', p_name, ': manage.options lists them'));
    END IF;
    SET p_name = LOWER(p_name), p_value = TRIM(COALESCE(p_value, ''));
    SET v_good = CASE p_name
        WHEN 'nodes' THEN p_value REGEXP '^([^:, ]+:[0-9]{1,5}( *, *[^:, ]+:[0-9]{1,5})*)?$' AND CHAR_LENGTH(p_value) <= 255
        WHEN 'trust_failures' THEN p_value IN ('0', '1')
        WHEN 'ttl' THEN p_value REGEXP '^[0-9]{1,6}$'
        ELSE p_value REGEXP '^[1-9][0-9]{0,5}$' END;
    IF NOT v_good THEN
        CALL fabric_store.shown(p_value);
        CALL fabric_store.refuse('', CONCAT('the option ', p_name, ' cannot be ', p_value, ': give ',
            CASE p_name WHEN 'nodes' THEN 'host:port,host:port' WHEN 'trust_failures' THEN '0 or 1'
                        ELSE 'a whole number' END));
    END IF;
    UPDATE fabric_store.farm_options SET value = p_value WHERE name = p_name;
    CALL fabric_store.end_change('_set_option', 1, 1);
END$$

-- The two below run with the caller's rights: only who may grant can use them.
DROP PROCEDURE IF EXISTS manage.grant_connector$$
CREATE PROCEDURE manage.grant_connector(p_user TEXT, p_host TEXT)
MODIFIES SQL DATA
SQL SECURITY INVOKER
BEGIN
    CALL manage.grant_execute(p_user, p_host, 'dump,threat');
END$$

DROP PROCEDURE IF EXISTS manage.grant_administrator$$
CREATE PROCEDURE manage.grant_administrator(p_user TEXT, p_host TEXT)
MODIFIES SQL DATA
SQL SECURITY INVOKER
BEGIN
    CALL manage.grant_execute(p_user, p_host, 'dump,threat,group,server,sharding,manage');
END$$

DROP PROCEDURE IF EXISTS manage.grant_execute$$
CREATE PROCEDURE manage.grant_execute(p_user TEXT, p_host TEXT, p_databases TEXT)
MODIFIES SQL DATA
SQL SECURITY INVOKER
BEGIN
    DECLARE v_account TEXT;
    SET p_host = COALESCE(p_host, '%');
    -- A GRANT to an account that does not exist would make one without a password on old servers.
    IF NOT EXISTS (SELECT 1 FROM mysql.user WHERE User = p_user AND Host = p_host) THEN
        SET v_account = CONCAT(COALESCE(p_user, 'NULL'), '@', p_host);
        CALL fabric_store.shown(v_account);
        CALL fabric_store.refuse('', CONCAT('no account ', v_account, ': make it by CREATE USER'));
    END IF;
    WHILE p_databases <> '' DO
        SET @fabric_grant = CONCAT('GRANT EXECUTE ON `', SUBSTRING_INDEX(p_databases, ',', 1), '`.* TO ',
                                   QUOTE(p_user), '@', QUOTE(p_host));
        PREPARE fabric_grant FROM @fabric_grant;
        EXECUTE fabric_grant;
        DEALLOCATE PREPARE fabric_grant;
        SET p_databases = IF(LOCATE(',', p_databases) = 0, '', SUBSTRING(p_databases, LOCATE(',', p_databases) + 1));
    END WHILE;
    SET @fabric_grant = NULL;
    CALL fabric_store.answer();
END$$

DELIMITER ;

SET SESSION sql_mode = @fabric_sql_mode, character_set_client = @fabric_client,
    character_set_results = @fabric_results, collation_connection = @fabric_collation;
