/** `npm start`: everything on this machine, real where a setting says so and simulated where none does. */

import { styleText } from "node:util";
import { CannotStart } from "./cannot-start.ts";
import { composeWith, startImageKit } from "./compose.ts";
import { withEnvFile } from "./env-file.ts";
import { instanceFile, writeInstance } from "./instance-file.ts";
import { createNodeServices } from "./node-services.ts";
import { readableLine } from "./readable-log.ts";
import { runLocal } from "./run-local.ts";

/** What is still at work when this is over gets no more time: leases and due queues are made for that. */
const closeWithinMs = 5_000;

const { isTTY } = process.stdout;
const { NO_COLOR = "" } = process.env;
const hasColour = isTTY && NO_COLOR === "";
const colours = { debug: "gray", info: "green", warn: "yellow", error: "red" } as const;
const paint = (level: keyof typeof colours, text: string) =>
  hasColour ? styleText(colours[level], text) : text;

try {
  const { announcement, instance, close } = await runLocal({
    env: withEnvFile(".env", process.env),
    compose: composeWith((config) =>
      createNodeServices(config, {
        writeLog: (line) => console.log(isTTY ? readableLine(line, { paint }) : line),
      }),
    ),
    startImageKit,
    onError: (error) => console.error(error instanceof Error ? error.name : "Error", "in the background"),
    red: (text) => (hasColour ? styleText(["red", "bold"], text) : text),
  });
  try {
    process.once("exit", writeInstance(instanceFile, instance));
  } catch {
    console.error(
      `${instanceFile} cannot be written: npm run seed and npm run inspect will not find this run.`,
    );
  }
  const end = () => {
    process.once("SIGINT", () => process.exit(130));
    setTimeout(() => process.exit(0), closeWithinMs).unref();
    void close().then(() => process.exit(0));
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  // Last: who reads it may end this at once, and the note must go then too.
  console.log(announcement);
} catch (error) {
  if (!(error instanceof CannotStart)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
