"""Runs a file of SQL in DuckDB and writes the pairs that its last statement gives; prints how long that took.

usage: duckdb_screen.py <rules.sql> <pairs.csv> <threads>
"""

import json
import sys
import time

import duckdb

sql_file, pairs_file, threads = sys.argv[1:]
text = open(sql_file, encoding="utf-8").read()
connection = duckdb.connect(config={"threads": int(threads)})
began = time.perf_counter()
rows = connection.execute(text).fetchall()
seconds = time.perf_counter() - began
with open(pairs_file, "w", encoding="utf-8", newline="") as out:
    for household_no, rule in sorted(rows):
        out.write(f"{household_no},{rule}\n")
print(json.dumps({"pairs": len(rows), "seconds": round(seconds, 4)}, separators=(",", ":")))
