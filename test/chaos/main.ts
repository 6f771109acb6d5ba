import { parseArgs } from "node:util";
import * as z from "zod";
import { findRedisServer } from "../../src/local/redis/real-redis.ts";
import type { StormResult } from "./storm/judge.ts";
import { storm } from "./storm/storm.ts";
import { header, legend, row, totals } from "./storm/table.ts";

const usage = `usage: npm run chaos -- [options]
  --seeds 200     number of storms
  --purges 2000   number of purges in each
  --seed 17       the first seed; without --seeds the only one
  --short         3 storms of 300 purges, for CI
  --log           print the servers' log of a storm that broke a guarantee`;

const Options = z.object({
  seeds: z.coerce.number().int().min(1).optional(),
  purges: z.coerce.number().int().min(1).optional(),
  seed: z.coerce.number().int().min(1).optional(),
});

process.exitCode = await main();

/** The exit code: 0 if every guarantee held. */
async function main(): Promise<0 | 1> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string" },
      purges: { type: "string" },
      seed: { type: "string" },
      short: { type: "boolean" },
      log: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return say(usage, 0);
  if (findRedisServer() === undefined) {
    const { PURGE_DESK_REQUIRE_SYSTEM: required } = process.env;
    return say("redis-server is not installed: no storm was run", required === "1" ? 1 : 0);
  }
  const { seeds, purges, seed } = Options.parse(values);
  const first = seed ?? 1;
  const count = seeds ?? (seed !== undefined ? 1 : values.short ? 3 : 200);
  const purgesEach = purges ?? (values.short ? 300 : 2_000);

  console.log(`${count} storms of ${purgesEach} purges, seeds ${first} to ${first + count - 1}`);
  console.log(header());
  const results: StormResult[] = [];
  for (let next = first; next < first + count; next++) {
    const result = await storm(next, purgesEach, values.log === true);
    results.push(result);
    console.log(row(result));
    for (const finding of result.findings) console.log(`         ${finding}`);
    if (result.findings.length > 0) {
      console.log(`         again: npm run chaos -- --seed ${next} --purges ${purgesEach}`);
      for (const line of result.log) console.log(line);
    }
  }
  console.log(totals(results));
  console.log(legend);
  return results.every(({ findings, lost }) => findings.length === 0 && lost === 0) ? 0 : 1;
}

function say(text: string, exitCode: 0 | 1): 0 | 1 {
  console.log(text);
  return exitCode;
}
