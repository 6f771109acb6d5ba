/** `npm start`: everything on this machine, real where a setting says so and simulated where none does. */

import { styleText } from "node:util";
import { CannotStart } from "./cannot-start.ts";
import { compose, startImageKit } from "./compose.ts";
import { withEnvFile } from "./env-file.ts";
import { runLocal } from "./run-local.ts";

/** What is still at work when this is over gets no more time: leases and due queues are made for that. */
const closeWithinMs = 5_000;

try {
  const { announcement, close } = await runLocal({
    env: withEnvFile(".env", process.env),
    compose,
    startImageKit,
    onError: (error) => console.error(error instanceof Error ? error.name : "Error", "in the background"),
    red: (text) => (process.stdout.isTTY ? styleText(["red", "bold"], text) : text),
  });
  console.log(announcement);
  const end = () => {
    process.once("SIGINT", () => process.exit(130));
    setTimeout(() => process.exit(0), closeWithinMs).unref();
    void close().then(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
} catch (error) {
  if (!(error instanceof CannotStart)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
