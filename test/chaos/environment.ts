import { createHash } from "node:crypto";
import type { Environment } from "../../src/config.ts";
import type { System } from "./system.ts";

/** The only caller of these tests; it may do everything. */
export const adminToken = `pd_${"c".repeat(43)}`;

/** With a simulated ImageKit the ledger always has this name. */
export const ledgerName = "sandbox";

/** A server's environment, with the rates and the limit of repetitions off. */
export function environmentOf(
  { bridge, imagekit }: Pick<System, "bridge" | "imagekit">,
  more: Environment = {},
): Environment {
  return {
    IMAGEKIT_PRIVATE_KEY: imagekit.privateKey,
    IMAGEKIT_API_BASE_URL: imagekit.url,
    UPSTASH_REDIS_REST_URL: bridge.url,
    UPSTASH_REDIS_REST_TOKEN: bridge.token,
    PURGE_TOKENS: `chaos:admin:${createHash("sha256").update(adminToken).digest("hex")}`,
    PURGE_SEND_RATE: "off",
    PURGE_CALLER_RATE: "off",
    PURGE_POLL_RATE: "off",
    PURGE_REPEAT_LIMIT: "off",
    ...more,
  };
}
