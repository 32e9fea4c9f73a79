// c15t's backend as its documentation sets it up: Kysely, on SQLite or PostgreSQL, behind Node's server.
// usage: c15t.mjs PORT PROCESSES [FILE [JOURNAL]]; without a file it is the PostgreSQL that PGHOST and the like name.
import cluster from "node:cluster";
import { createServer } from "node:http";
import { c15tInstance } from "@c15t/backend";
import { kyselyAdapter } from "@c15t/backend/db/adapters/kysely";
import { migrator } from "@c15t/backend/db/migrator";
import { DB } from "@c15t/backend/db/schema";
import Database from "better-sqlite3";
import { Kysely, PostgresDialect, SqliteDialect } from "kysely";
import pg from "pg";

const [port, processes, file, journal] = process.argv.slice(2);

const sqlite = () => {
  const database = new Database(file);
  if (journal) database.pragma(`journal_mode = ${journal}`);
  // So it is by default too, unless the journal is WAL.
  database.pragma("synchronous = FULL");
  return new SqliteDialect({ database });
};
const dialect = file ? sqlite() : new PostgresDialect({ pool: new pg.Pool() });
const adapter = kyselyAdapter({ db: new Kysely({ dialect }), provider: file ? "sqlite" : "postgresql" });

const serve = () => {
  const { handler } = c15tInstance({
    adapter,
    appName: "benchmark",
    logger: { level: "error" },
    trustedOrigins: ["http://shop.localhost"],
  });
  createServer(async (asked, answer) => {
    const chunks = [];
    for await (const chunk of asked) chunks.push(chunk);
    const { method, headers, url } = asked;
    const body = chunks.length ? Buffer.concat(chunks) : undefined;
    const told = await handler(new Request(`http://${headers.host}${url}`, { method, headers, body }));
    answer.writeHead(told.status, Object.fromEntries(told.headers));
    answer.end(Buffer.from(await told.arrayBuffer()));
  }).listen(Number(port), "127.0.0.1");
};

if (cluster.isWorker) {
  serve();
} else {
  const migration = await migrator({ db: DB.client(adapter), schema: "latest" });
  await migration.execute();
  if (Number(processes) === 1) serve();
  else for (let one = 0; one < Number(processes); one++) cluster.fork();
}
