import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { systemClock } from "../../src/domain/time.ts";
import { startApp, tokens } from "../support/app.ts";
import { manualClock } from "../support/manual-clock.ts";

test("G1: a recorded batch is answered 202 after 5 s, even if ImageKit is slow and Redis has become unavailable", async () => {
  const clock = manualClock(systemClock.now());
  const desk = await startApp({ clock });
  let letGo: (response: Response) => void = () => undefined;
  desk.imagekit.answer = () => new Promise((resolve) => (letGo = resolve));

  const answering = desk.call("/api/purges", {
    method: "POST",
    token: tokens.purge,
    json: { urls: ["https://ik.imagekit.io/demo/shoe.jpg"] },
  });
  while (desk.imagekit.purged.length === 0) await setImmediate();
  desk.redis.bridge.setFault(() => "lose-request");
  const drive = setInterval(() => clock.move(200), 1);
  const answer = await answering;
  expect(answer).toMatchObject({ status: 202, body: { done: false, purges: [{ state: "sending" }] } });

  desk.redis.bridge.setFault(undefined);
  letGo(Response.json({ requestId: "ik1" }, { status: 201 }));
  await Promise.all(desk.background).finally(() => clearInterval(drive));
  desk.imagekit.answer = () => Response.json({ status: "Pending" });
  const { body } = await desk.call(`/api/purges/${answer.body.purges[0].id}`, { token: tokens.read });
  expect(body).toMatchObject({ state: "pending", attempts: 1, units: 1 });
  expect(desk.imagekit.purged).toHaveLength(1);
  await desk.close();
});
