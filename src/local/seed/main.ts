/** `npm run seed`: fills the `npm start` of this folder with a purge in every state and of every outcome of a check. */

import { readConfig } from "../../config.ts";
import { systemClock } from "../../domain/time.ts";
import { CannotStart } from "../cannot-start.ts";
import { withEnvFile } from "../env-file.ts";
import { instanceFile, readIfThere } from "../instance-file.ts";
import { connectTo } from "./instance-api.ts";
import { submitAndDie, submitPast } from "./past-and-dead.ts";
import { type Seeded, seed } from "./seed.ts";

const usage = `Usage: npm run seed

Fills the instance that npm start runs in this folder with a purge in every state and of every outcome of
an edge check, through its API and the simulated
ImageKit. Only an instance with a simulated ImageKit of its own is seeded. Afterwards the month's budget is used up,
because only then purges are held. Ending npm start ends all of it, unless REDIS_URL keeps it.`;

const words = process.argv.slice(2);
if (words.some((word) => word === "--help" || word === "-h")) console.log(usage);
else if (words.length > 0) {
  console.error(usage);
  process.exitCode = 2;
} else {
  try {
    console.log(summary(await seedInstance()));
    // What plays a function that died is still waiting.
    process.exit(0);
  } catch (error) {
    if (!(error instanceof CannotStart)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

async function seedInstance(): Promise<Seeded> {
  const instance = readIfThere(instanceFile);
  if (instance === undefined) {
    throw new CannotStart("No npm start runs in this folder: start one in another terminal, then seed it");
  }
  const api = await connectTo(instance);
  const reading = readConfig({ ...withEnvFile(".env", process.env), ...instance.settings });
  if ("problems" in reading) throw new CannotStart(reading.problems.join("\n"));
  const { config } = reading;
  if (config.imagekit.kind !== "simulated") throw new CannotStart("That instance runs on the real ImageKit");
  const [endpoint] = config.endpoints;
  if (endpoint === undefined) throw new CannotStart("That instance has no URL endpoint");
  return seed({
    api,
    submitPast: (urls, ageMs) => submitPast(config, urls, ageMs),
    submitAndDie: (urls) => submitAndDie(config, urls),
    endpoint: `https://${endpoint.host}${endpoint.path}`,
    folder: `seed-${systemClock.now().toString(36)}`,
    clock: systemClock,
  });
}

function summary(seeded: Seeded): string {
  const rows = seeded.map(
    ({ state, purges }) =>
      `  ${state.padEnd(10)} ${String(purges.length).padStart(3)}  ${purges[0]?.id ?? "none"}  ${purges[0]?.actor ?? ""}`,
  );
  return [
    "Seeded. In each state there are now, with one of them:",
    "",
    ...rows,
    "",
    "The budget is used up, so that purges are held: enter a lower correction on the budget page to go on.",
    "Of each outcome of an edge check there is one purge too; the old copy is an alarm after five minutes.",
    "What is sending becomes unknown after a minute. npm run inspect -- <id> shows one in full.",
  ].join("\n");
}
