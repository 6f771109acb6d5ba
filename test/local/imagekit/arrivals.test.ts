import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { arrivalLog } from "../../../src/local/imagekit/arrivals.ts";
import { basic, demo, handClock, poll, post, purged, simulator } from "./simulator.ts";

test("every arrival is counted once, with its time, method, URL and outcome, in the order of arriving", async () => {
  const { clock, turn } = handClock();
  const imagekit = await simulator({ clock });
  const id = await purged(imagekit, `${demo}/a.jpg`);
  turn(1_000);
  await poll(imagekit, id);
  expect(imagekit.arrivals()).toEqual([
    {
      number: 1,
      at: Date.UTC(2026, 10, 23),
      endpoint: "send",
      method: "POST",
      path: "/v1/files/purge",
      url: `${demo}/a.jpg`,
      imagekitRequestId: id,
      outcome: "accepted",
      reply: 201,
    },
    {
      number: 2,
      at: Date.UTC(2026, 10, 23, 0, 0, 1),
      endpoint: "poll",
      method: "GET",
      path: `/v1/files/purge/${id}`,
      url: `${demo}/a.jpg`,
      imagekitRequestId: id,
      outcome: "answered",
      reply: 200,
    },
  ]);
});

test("concurrent purges are counted per URL", async () => {
  const imagekit = await simulator();
  const urls = Array.from({ length: 60 }, (_, n) => `${demo}/${n % 3}.jpg`);
  await Promise.all(urls.map((url) => post(imagekit, { url })));
  expect(imagekit.control.byUrl()).toEqual(
    new Map([0, 1, 2].map((n) => [`${demo}/${n}.jpg`, { total: 20, accepted: 20 }])),
  );
  expect(imagekit.control.spent()).toBe(60);
});

test("a caller who goes away within the body is counted, without a URL, and spends nothing", async () => {
  const imagekit = await simulator();
  const socket = connect(imagekit.port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    `POST /v1/files/purge HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic(imagekit.privateKey)}\r\nContent-Length: 99\r\n\r\n{"url":`,
  );
  await expect.poll(() => imagekit.arrivals()).toMatchObject([{ outcome: "arriving", reply: "open" }]);
  socket.destroy();
  await expect.poll(() => imagekit.arrivals()).toMatchObject([{ outcome: "lost-before", reply: "lost" }]);
  expect(imagekit.control.spent()).toBe(0);
});

test("a reset forgets arrivals, purges, faults, spending and changed settings", async () => {
  const imagekit = await simulator({ settings: { quota: 5 } });
  const id = await purged(imagekit, `${demo}/a.jpg`);
  imagekit.control.change({ quota: 9 });
  imagekit.control.addFaults({ endpoint: "any", kind: 500 });
  imagekit.control.reset();
  expect(imagekit.arrivals()).toEqual([]);
  expect(imagekit.control.spent()).toBe(0);
  expect(imagekit.control.settings().quota).toBe(5);
  expect((await poll(imagekit, id)).status).toBe(400);
});

test("100,000 arrivals are kept and counted", () => {
  const log = arrivalLog();
  for (let n = 0; n < 100_000; n += 1) {
    const arrival = log.begin({ at: n, endpoint: "send", method: "POST", path: "/v1/files/purge" });
    arrival.note({ url: `${demo}/${n % 1_000}.jpg`, outcome: "accepted" });
  }
  expect(log.totals("send")).toEqual({ total: 100_000, accepted: 100_000 });
  expect(log.byUrl().get(`${demo}/7.jpg`)).toEqual({ total: 100, accepted: 100 });
});
