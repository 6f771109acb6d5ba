import { expect, test } from "vitest";
import { describeOnEveryRedis } from "../../support/ledger-backends.ts";
import { upstashClient } from "../../support/upstash-client.ts";

describeOnEveryRedis("the bridge speaks Upstash's protocol", (backend) => {
  const client = () => upstashClient(backend);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${backend.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${backend.token}`, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

  test("the bridge returns strings as they were sent, whatever they contain", async () => {
    const strings = ["1e5", "null", "OK", "", "é\u0000\u{1F600}\r\n", '{"a":1}', "x".repeat(100_000)];
    for (const value of strings) {
      await client().set("key", value);
      expect(await client().get("key")).toBe(value);
    }
    expect(await client().mget("key", "absent", "key")).toEqual([strings.at(-1), null, strings.at(-1)]);
  });

  test("at the bridge nil is null, integers are numbers, nested lists keep their shape, a nested OK is a string", async () => {
    expect(await client().get("absent")).toBeNull();
    expect(await client().incrby("n", 41)).toBe(41);
    expect(await client().eval("return {1, {2, {3, 'OK', {'OK'}}}, false, 'OK'}", [], [])).toEqual([
      1,
      [2, [3, "OK", ["OK"]]],
      null,
      "OK",
    ]);
    await client().hset("hash", { field: "value", other: "2" });
    expect(await client().hgetall("hash")).toEqual(["field", "value", "other", "2"]);
  });

  test("without the base64 header the bridge's strings are plain", async () => {
    expect(await (await post("/", ["EVAL", "return ARGV[1]", "0", "plain"])).json()).toEqual({
      result: "plain",
    });
    expect(
      await (await post("/", ["EVAL", "return ARGV[1]", "0", "OK"], { "upstash-encoding": "base64" })).json(),
    ).toEqual({
      result: "OK",
    });
    expect(
      await (await post("/", ["EVAL", "return ARGV[1]", "0", "é"], { "upstash-encoding": "base64" })).json(),
    ).toEqual({
      result: "w6k=",
    });
  });

  test("a script runs by EVAL, is missing by EVALSHA until it is loaded, and is missing again after SCRIPT FLUSH", async () => {
    const script = "return {KEYS[1], ARGV[1]}";
    const sha = await client().scriptLoad(script);
    expect(await client().evalsha(sha, ["k"], ["v"])).toEqual(["k", "v"]);
    await client().scriptFlush();
    await expect(client().evalsha(sha, ["k"], ["v"])).rejects.toThrow(/^NOSCRIPT/);
    expect(await client().eval(script, ["k"], ["v"])).toEqual(["k", "v"]);
  });

  test("an error of a command is a 400 with its text", async () => {
    await client().hset("hash", { field: "value" });
    await expect(client().incr("hash")).rejects.toThrow(/^WRONGTYPE/);
    const response = await post("/", ["eval", "return redis.error_reply('OWN words')", "0"]);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: "OWN words" });
  });

  test("a pipeline runs in order and tells each command's result or error", async () => {
    await client().hset("hash", { field: "value" });
    const replies = await client()
      .pipeline()
      .set("n", 1)
      .incr("hash")
      .incr("n")
      .get("n")
      .exec({ keepErrors: true });
    expect(replies).toEqual([
      { result: "OK" },
      { error: expect.stringMatching(/^WRONGTYPE/) },
      { result: 2 },
      { result: "2" },
    ]);
  });

  test("a transaction runs as a whole, or not at all when Redis refuses one of its commands", async () => {
    expect(await client().multi().set("n", 1).incr("n").get("n").exec()).toEqual(["OK", 2, "2"]);
    const refused = await post("/multi-exec", [["INCR", "n"], ["GET"]]);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ error: expect.stringMatching(/^EXECABORT/) });
    expect(await client().get("n")).toBe("2");
  });

  test("commands of other requests never come between those of a transaction", async () => {
    const bumpTwice = () => client().multi().incr("n").incr("n").exec<[number, number]>();
    const pairs = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const [pair] = await Promise.all([bumpTwice(), client().incr("n")]);
        return pair;
      }),
    );
    expect(pairs.filter(([first, second]) => second !== first + 1)).toEqual([]);
    expect(await client().get("n")).toBe("90");
  });

  test.each(["/", "/pipeline", "/multi-exec"])(
    "the bridge's %s answers 401 and executes nothing without the token",
    async (path) => {
      const body = path === "/" ? ["INCR", "n"] : [["INCR", "n"]];
      for (const authorization of ["", "Bearer wrong", `Basic ${backend.token}`, backend.token]) {
        const response = await post(path, body, { authorization });
        expect(response.status).toBe(401);
        expect(await response.json()).toEqual({ error: "Unauthorized" });
      }
      expect(await backend.raw.exists("n")).toBe(0);
      expect((await post(path, body)).status).toBe(200);
      expect(await backend.raw.get("n")).toBe("1");
    },
  );

  test.each([
    ["/", "not json"],
    ["/", []],
    ["/", {}],
    ["/", [["INCR", "n"]]],
    ["/pipeline", ["INCR", "n"]],
    ["/multi-exec", [[]]],
  ])("the bridge's %s answers 400 to %j", async (path, body) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.stringMatching(/^ERR/) });
  });

  test("a command that would seize the shared connection is refused", async () => {
    for (const command of [["SUBSCRIBE", "c"], ["multi"], ["BLPOP", "l", "0"], ["SELECT", "1"]]) {
      expect((await post("/", command)).status).toBe(400);
      expect((await post("/multi-exec", [command])).status).toBe(400);
    }
    await client().set("key", "still works");
    expect(await client().get("key")).toBe("still works");
  });

  test("a request past Upstash's size limit is refused", async () => {
    expect((await post("/", ["SET", "key", "x".repeat(1024 * 1024)])).status).toBe(413);
  });
});
