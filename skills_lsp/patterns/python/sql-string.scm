; Values glued into a statement can end it and begin another; parameters cannot.
; Source: https://cwe.mitre.org/data/definitions/89.html
((string (interpolation)) @here
  (#python-sql? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((concatenated_string) @here
  (#python-sql? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((binary_operator) @here
  (#outermost? @here)
  (#python-sql? @here)
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "format" "replace")
  (#python-sql? @reach)
  (#set! here "reach")
  (#set! category "security")
  (#set! message "values are glued into this SQL; parameters keep data from becoming a statement"))

; What is run as SQL need not look like it.
((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "execute" "executemany" "executescript" "raw")
  (#imports?
    "sqlite3" "psycopg2" "psycopg" "MySQLdb" "pymysql" "mysql" "sqlalchemy" "django" "peewee"
    "asyncpg" "aiopg" "aiomysql" "aiosqlite" "pg8000" "pymssql" "pyodbc" "cx_Oracle" "oracledb"
    "databases" "duckdb" "snowflake" "clickhouse_driver" "trino" "flask_sqlalchemy")
  (#not-own-method? @callee)
  (#argument-glued-sql? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs a statement that values are glued into; parameters keep data from becoming one"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "fetch" "fetchrow" "fetchval" "cursor" "prepare" "run")
  (#imports? "asyncpg" "pg8000" "aiopg")
  (#argument-glued-sql? @args "0")
  (#set! category "security")
  (#set! message "`{name}` runs a statement that values are glued into; parameters keep data from becoming one"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "sqlalchemy.text" "sqlalchemy.sql.text" "sqlalchemy.sql.expression.text")
  (#argument-glued-name? @args "0")
  (#set! category "security")
  (#set! message "`{name}` takes SQL that values are glued into; parameters keep data from becoming a statement"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#resolves-to? @callee
    "django.db.models.expressions.RawSQL" "django.db.models.RawSQL"
    "django.contrib.gis.db.models.RawSQL")
  (#risky-raw? @args)
  (#set! category "security")
  (#set! message "`{name}` takes SQL that is made at run time; its `params` keep data from becoming SQL"))

; Strings are taken for SQL by these methods of a query.
((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "filter" "having" "group_by" "order_by" "distinct" "where" "from_statement")
  (#argument-glued-sql? @args "0")
  (#query? @callee)
  (#set! here "reach")
  (#set! category "security")
  (#set! message "a part of a query is put together from values; parameters keep data from becoming SQL"))

((call function: (_) @callee arguments: (_) @args) @reach
  (#method? @callee "extra")
  (#risky-extra? @args)
  (#set! category "security")
  (#set! message "`{name}` takes SQL that is made at run time; its `params` keep data from becoming SQL"))
