# DBD::ODBC: every server type, NULL, long texts, arrays of parameters, procedures.
use strict;
use warnings;
use DBI qw(:sql_types);
# Debian builds DBD::ODBC without Unicode: texts are UTF-8 bytes, and so are those of this file.

my ($dsn, $samples) = @ARGV;
my $checked = 0;

sub shown { my $v = shift; return 'undef' unless defined $v; length $v > 200 ? substr($v, 0, 200) . '... of ' . length $v : $v }
sub is {
    my ($got, $expected, $what) = @_;
    ++$checked;
    return if defined $got && defined $expected ? $got eq $expected : !defined $got && !defined $expected;
    print "FAIL $what: expected ", shown($expected), ', got ', shown($got), "\n";
}
sub is_real {
    my ($got, $expected, $what) = @_;
    ++$checked;
    print "FAIL $what: expected $expected, got ", shown($got), "\n" unless defined $got && $got == $expected;
}
sub check {
    my ($family, $got, $expected, $what) = @_;
    return is_real($got, $expected, $what) if $family eq 'real';
    return is(defined $got ? unpack('H*', $got) : undef, unpack('H*', $expected), $what) if $family eq 'binary';
    is($got, $expected, $what);
}

my $dbh = DBI->connect("dbi:ODBC:DSN=$dsn", undef, undef, {RaiseError => 1, PrintError => 0, LongReadLen => 5_000_000});
print "FAIL this DBD::ODBC was built with Unicode\n" if $dbh->{odbc_has_unicode};
my $ten = 'CHARACTER SET utf8mb4';

open my $file, '<', $samples or die "$samples: $!";
while (my $line = <$file>) {
    chomp $line;
    my ($type, $family, @values) = split /\t/, $line;
    eval {
        @values = map { pack 'H*', $_ } @values;
        $dbh->do('DROP TABLE IF EXISTS samples');
        $dbh->do("CREATE TABLE samples (id INT PRIMARY KEY, v $type) $ten");
        my $insert = $dbh->prepare('INSERT INTO samples VALUES (?, ?)');
        my $id = 0;
        for my $value (@values, undef) {
            $insert->bind_param(1, $id++, SQL_INTEGER);
            if ($type eq 'BIT(1)') { $insert->bind_param(2, defined $value ? ord $value : undef, SQL_INTEGER) }
            elsif ($family eq 'binary') { $insert->bind_param(2, $value, SQL_VARBINARY) }
            else { $insert->bind_param(2, $value) }
            is($insert->execute, 1, "$type: rows inserted");
        }
        for my $direct (1, 0) {
            my $how = $type . ($direct ? ' directly' : ' prepared');
            # DBD::ODBC binds every SQL_INTEGER to a signed one
            my $v = $type eq 'INT UNSIGNED' ? 'CAST(v AS CHAR)' : 'v';
            my $select = $direct ? $dbh->prepare("SELECT $v FROM samples ORDER BY id", {odbc_exec_direct => 1})
                                 : $dbh->prepare("SELECT $v FROM samples WHERE id >= ? ORDER BY id");
            $select->execute($direct ? () : 0);
            my @got = map { $_->[0] } @{$select->fetchall_arrayref};
            is(scalar @got, @values + 1, "$how: rows");
            is(pop @got, undef, "$how: NULL");
            for my $expected (@values) {
                my $got = shift @got;
                $got = chr $got if $type eq 'BIT(1)' && defined $got;
                check($family, $got, $expected, $how);
            }
        }
        1;
    } or print "FAIL $type: $@\n";
}

sub part {
    my ($what, $code) = @_;
    eval { $code->(); 1 } or print "FAIL $what: $@\n";
}

part 'a megabyte of text', sub {
    $dbh->do('DROP TABLE IF EXISTS long_texts');
    $dbh->do("CREATE TABLE long_texts (id INT PRIMARY KEY, t LONGTEXT) ENGINE=MyISAM $ten");
    my $text = "aé日😀" x 262_144;  # 1 Mi characters
    my $insert = $dbh->prepare('INSERT INTO long_texts VALUES (?, ?)');
    $insert->execute(1, $text);
    for my $sql ('SELECT t FROM long_texts', 'SELECT t FROM long_texts WHERE id = 1') {
        my ($got) = $dbh->selectrow_array($sql);
        is($got, $text, $sql);
    }
    my ($got) = $dbh->selectrow_array('SELECT t FROM long_texts WHERE id = ?', undef, 1);
    is($got, $text, 'prepared');
};

part 'an array of parameters', sub {
    $dbh->do('DROP TABLE IF EXISTS many');
    $dbh->do("CREATE TABLE many (id INT PRIMARY KEY, t VARCHAR(40)) $ten");
    my $insert = $dbh->prepare('INSERT INTO many VALUES (?, ?)', {odbc_array_operations => 1, odbc_batch_size => 50});
    my @ids = (1 .. 120);
    my @texts = map { $_ % 7 ? "é😀 $_" : undef } @ids;
    my @states;
    my $done = $insert->execute_array({ArrayTupleStatus => \@states}, \@ids, \@texts);
    is($done, 120, 'rows of the array');
    my $rows = $dbh->selectall_arrayref('SELECT id, t FROM many ORDER BY id');
    is(join('|', map { $_->[1] // 'NULL' } @$rows), join('|', map { $_ // 'NULL' } @texts), 'texts of the array');
    $insert->{RaiseError} = 0;
    $done = $insert->execute_array({ArrayTupleStatus => \@states}, [121, 5, 122], ['a', 'b', 'c']);
    is($done, undef, 'an array with a duplicate key fails');
    is(ref $states[1] eq 'ARRAY' ? 'failed' : 'done', 'failed', 'the row with the duplicate key has an error');
    my ($message) = ref $states[1] eq 'ARRAY' ? $states[1][1] : '';
    print "FAIL message of the row: $message\n" unless $message =~ /Duplicate entry '5'/;
};

part 'procedures', sub {
    my $sth = $dbh->prepare('{call two_results(?)}');
    $sth->execute(7);
    is(join(',', map { $_->[0] } @{$sth->fetchall_arrayref}), '1,2', 'first result');
    is($sth->{odbc_more_results} ? 1 : 0, 1, 'there is a second result');
    is($sth->fetchrow_arrayref->[0], 'é😀7', 'second result');
    $sth->fetchrow_arrayref;
    is($sth->{odbc_more_results} ? 1 : 0, 0, 'no third result');
    $sth = $dbh->prepare('{call doubled(?, ?, ?)}');
    my ($b, $c) = (4, '');
    $sth->bind_param(1, 3, SQL_INTEGER);
    $sth->bind_param_inout(2, \$b, 20, SQL_INTEGER);
    $sth->bind_param_inout(3, \$c, 240, {TYPE => SQL_WVARCHAR});
    $sth->execute;
    is($b, 7, 'input/output parameter');
    is($c, 'Zoë 日本 😀👩‍👩‍👧 7', 'output parameter');
    $dbh->do('CALL none()');
};

part 'descriptions', sub {
    my $sth = $dbh->prepare("SELECT COUNT(*) AS n, 'x' AS t, NOW() AS d, 1.5 AS c");
    $sth->execute;
    is(join(',', @{$sth->{NAME}}), 'n,t,d,c', 'names');
    is(join(',', @{$sth->{TYPE}}), '-5,12,93,3', 'types');
    $sth->finish;
    is(scalar @{$dbh->table_info('%', undef, 'many', 'TABLE')->fetchall_arrayref}, 1, 'table_info');
    is(join(',', map { $_->[3] } @{$dbh->column_info(undef, undef, 'many', '%')->fetchall_arrayref}), 'id,t', 'column_info');
    is(join(',', $dbh->primary_key(undef, undef, 'many')), 'id', 'primary_key');
    print "FAIL type_info\n" unless @{$dbh->type_info_all} > 20;
    is($dbh->get_info(17), $dsn eq 'mariadb' ? 'MariaDB' : 'MySQL', 'SQL_DBMS_NAME');
};

part 'errors and transactions', sub {
    local $dbh->{RaiseError} = 0;
    $dbh->do('SELECT * FROM nowhere');
    is($dbh->state, '42S02', 'state of a missing table');
    $dbh->{AutoCommit} = 0;
    $dbh->do('DELETE FROM many');
    $dbh->rollback;
    $dbh->{AutoCommit} = 1;
    my ($n) = $dbh->selectrow_array('SELECT COUNT(*) FROM many WHERE id <= 120');
    is($n, 120, 'rows after a rollback');
};

$dbh->disconnect;
print "checked $checked\n";
