import { afterEach, expect, test, vi } from "vitest";
import { compose } from "../../src/local/compose.ts";
import { startBridge } from "../../src/local/redis/bridge.ts";
import { startEmbeddedRedis } from "../../src/local/redis/embedded.ts";
import { environmentOfTests } from "../support/app.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a sweep with nothing to do leaves the terminal alone, one that fails does not", async () => {
  const embedded = await startEmbeddedRedis();
  const bridge = await startBridge({ redis: embedded.address, token: "test-token" });
  const lines = vi.spyOn(console, "log").mockImplementation(() => {});
  const service = compose(
    {
      ...environmentOfTests,
      UPSTASH_REDIS_REST_URL: bridge.url,
      UPSTASH_REDIS_REST_TOKEN: bridge.token,
    },
    { imagekit: "simulated", redis: { kind: "embedded" }, tokens: "given", port: 0 },
  );
  if ("problems" in service) throw new Error(service.problems.join());

  await service.sweep();
  expect(lines).not.toHaveBeenCalled();
  await bridge.close();
  await embedded.close();
  await service.sweep();
  expect(lines).toHaveBeenCalledWith(expect.stringContaining("ledger-unavailable"));
});
