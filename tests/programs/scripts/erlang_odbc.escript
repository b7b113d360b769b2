#!/usr/bin/env escript
%% Erlang's odbc: values, parameters, catalogs, errors, transactions.
main([Dsn | _]) ->
    ok = odbc:start(),
    {ok, Link} = odbc:connect("DSN=" ++ Dsn, [{scrollable_cursors, off}, {binary_strings, on}]),
    put(checked, 0),
    odbc:sql_query(Link, "DROP TABLE IF EXISTS erlang_rows"),
    {updated, _} = odbc:sql_query(Link, "CREATE TABLE erlang_rows (id INT PRIMARY KEY, t VARCHAR(60), r DOUBLE)"),
    is({updated, 3}, odbc:param_query(Link, "INSERT INTO erlang_rows VALUES (?, ?, ?)",
        [{sql_integer, [1, 2, 3]}, {{sql_varchar, 60}, [<<"one">>, <<"two">>, <<"three">>]}, {sql_double, [0.5, -1.5, 1.0e300]}]), insert),
    is({selected, ["id", "t", "r"], [{1, <<"one">>, 0.5}, {2, <<"two">>, -1.5}, {3, <<"three">>, 1.0e300}]},
        odbc:sql_query(Link, "SELECT id, t, r FROM erlang_rows ORDER BY id"), select),
    {ok, Columns} = odbc:describe_table(Link, "erlang_rows"),
    is(["id", "t", "r"], [Name || {Name, _} <- Columns], describe_table),
    {error, _} = odbc:sql_query(Link, "SELECT * FROM nothing_here"),
    {ok, Manual} = odbc:connect("DSN=" ++ Dsn, [{auto_commit, off}, {scrollable_cursors, off}, {binary_strings, on}]),
    {updated, 3} = odbc:sql_query(Manual, "DELETE FROM erlang_rows"),
    ok = odbc:commit(Manual, rollback),
    ok = odbc:disconnect(Manual),
    is({selected, ["n"], [{<<"3">>}]}, odbc:sql_query(Link, "SELECT CAST(COUNT(*) AS SIGNED) AS n FROM erlang_rows"), rollback),
    odbc:sql_query(Link, "DROP TABLE erlang_rows"),
    ok = odbc:disconnect(Link),
    io:format("checked ~p~n", [get(checked)]).

is(Wanted, Got, What) ->
    put(checked, get(checked) + 1),
    case Got of
        Wanted -> ok;
        _ -> io:format("FAIL ~p: expected ~p, got ~p~n", [What, Wanted, Got])
    end.
