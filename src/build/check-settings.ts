import { deploymentProblems, type Environment, readConfig } from "../config.ts";
import { unknownSettings } from "../setting-names.ts";

export type SettingsCheck = {
  /** What stops a production build: such a deploy could only answer that it is misconfigured. */
  readonly problems: readonly string[];
  /** What a deploy runs with, and is probably not meant. */
  readonly warnings: readonly string[];
};

/**
 * The settings as a build finds them. Netlify gives a build the variables of its deploy context; only that of
 * production must be complete, and previews may do without any.
 */
export function checkSettings(env: Environment): SettingsCheck {
  const warnings = unknownSettings(env);
  if (env["CONTEXT"] !== "production") return { problems: [], warnings };

  const reading = readConfig(env);
  const problems = deploymentProblems(env, reading);
  const isSimulated = "config" in reading && reading.config.imagekit.kind === "simulated";
  return { problems, warnings: isSimulated ? [simulatedInProduction, ...warnings] : warnings };
}

const simulatedInProduction =
  "IMAGEKIT_API_BASE_URL: is not ImageKit's own address, so this production deploy PURGES NOTHING at ImageKit: it " +
  'counts as a simulator and uses the ledger "sandbox". Remove the setting to purge for real';
