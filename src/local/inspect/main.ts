/** `npm run inspect -- <id>`: one purge or batch as the ledger holds it. */

import { parseArgs } from "node:util";
import { CannotStart } from "../cannot-start.ts";
import { withEnvFile } from "../env-file.ts";
import { instanceFile, readIfThere } from "../instance-file.ts";
import { ledgerOf, openLedger } from "../open-ledger.ts";
import { describeInspection } from "./describe-inspection.ts";
import { inspect } from "./inspect.ts";
import { readOnly } from "./read-only.ts";

const usage = `Usage: npm run inspect -- <id> [--json]

  id      of a purge (p_…) or a batch (b_…); of a purge its last characters are enough
  --json  as JSON

Reads the ledger of the npm start that runs in this folder. When none runs, that of the settings in .env or the
environment, as npm start would choose it (UPSTASH_REDIS_REST_URL and -TOKEN, or REDIS_URL; PURGE_LEDGER). Changes
nothing, and masks signatures.`;

process.exitCode = await main();

async function main(): Promise<number> {
  const asked = readArguments();
  if (asked === "help") {
    console.log(usage);
    return 0;
  }
  if (asked === undefined) {
    console.error(usage);
    return 2;
  }
  try {
    const env = withEnvFile(".env", process.env);
    const instance = readIfThere(instanceFile);
    const { config, close } = instance ? ledgerOf(instance, env) : await openLedger(env);
    const { ledgerName, redis } = config;
    const found = await inspect(readOnly(redis), ledgerName, asked.id).finally(close);
    if (found === undefined) {
      console.error(`The ledger "${ledgerName}" has nothing, or more than one purge, by the id ${asked.id}`);
      return 1;
    }
    console.log(asked.json ? JSON.stringify(found, undefined, 2) : describeInspection(found));
    return 0;
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    console.error(error.message);
    return 1;
  }
}

/** Undefined: wrong usage. */
function readArguments(): { readonly id: string; readonly json: boolean } | "help" | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help) return "help";
    const [id, ...more] = positionals;
    return id === undefined || more.length > 0 ? undefined : { id, json: values.json === true };
  } catch {
    return undefined;
  }
}
