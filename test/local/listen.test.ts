import { afterEach, expect, test } from "vitest";
import { CannotStart } from "../../src/local/cannot-start.ts";
import { type FetchHandler, type Listening, listen } from "../../src/local/listen.ts";

const open: Listening[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(fetch: FetchHandler, onError: (error: unknown) => void = () => undefined) {
  const server = await listen({ fetch, port: 0, onError });
  open.push(server);
  return server;
}

test("a handler of web-standard requests is served on the loopback address", async () => {
  const { url } = await start(async (request) =>
    Response.json({
      method: request.method,
      path: new URL(request.url).pathname,
      body: await request.text(),
    }),
  );
  expect(new URL(url).hostname).toBe("127.0.0.1");
  const response = await fetch(`${url}/api/plan`, { method: "POST", body: "line" });
  expect(await response.json()).toEqual({ method: "POST", path: "/api/plan", body: "line" });
});

test("a port in use is one message that names it and the way out", async () => {
  const { url } = await start(() => new Response());
  const port = Number(new URL(url).port);
  const second = listen({ fetch: () => new Response(), port, onError: () => undefined });
  await expect(second).rejects.toThrow(CannotStart);
  await expect(second).rejects.toThrow(new RegExp(`^Port ${port} is in use.* PORT=\\d+ npm start$`));
});

test("closing waits for the request under way, which still gets its answer, and for the work after it", async () => {
  const begun = gate();
  const letGo = gate();
  const events: string[] = [];
  const server = await listen({
    port: 0,
    onError: (error) => expect.fail(String(error)),
    fetch: async (_, platform) => {
      begun.open();
      await letGo.passed;
      platform.waitUntil(Promise.resolve().then(() => events.push("work after the answer")));
      return new Response("answered");
    },
  });
  const answer = fetch(server.url).then((response) => response.text());
  await begun.passed;
  const closed = server.close().then(() => events.push("closed"));
  letGo.open();
  expect(await answer).toBe("answered");
  await closed;
  expect(events).toEqual(["work after the answer", "closed"]);
  await expect(fetch(server.url)).rejects.toThrow();
});

test("work that fails after the answer is reported and ends nothing", async () => {
  const errors: unknown[] = [];
  const { url } = await start(
    (_, platform) => {
      platform.waitUntil(Promise.reject(new Error("too late")));
      return new Response("answered");
    },
    (error) => errors.push(error),
  );
  expect(await (await fetch(url)).text()).toBe("answered");
  expect(await (await fetch(url)).text()).toBe("answered");
  expect(errors).toEqual([new Error("too late"), new Error("too late")]);
});

function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let resolve: () => void = () => undefined;
  const passed = new Promise<void>((resolvePromise) => {
    resolve = resolvePromise;
  });
  return { passed, open: () => resolve() };
}
