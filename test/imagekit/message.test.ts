import fc from "fast-check";
import { expect, test } from "vitest";
import { toMessage } from "../../src/imagekit/message.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { clientOf, httpServer } from "./servers.ts";

test.each([
  [
    "a plain URL",
    "bad https://x.io/a.jpg?ik-t=17&ik-s=abc now",
    "bad https://x.io/a.jpg?ik-t=***&ik-s=*** now",
  ],
  ["HTML entities", "?ik-t=17&amp;ik-s=abc&amp;w=1", "?ik-t=***&amp;ik-s=***&amp;w=1"],
  ["an encoded URL", "next=https%3A%2F%2Fx.io%3Fik-s%3Dabc", "next=https%3A%2F%2Fx.io%3Fik-s%3D***"],
  ["cut JSON", '{"url":"https://x.io/a?ik-s\\u003dabc"', '{"url":"https://x.io/a?ik-s\\u003d***"'],
  ["capitals", "IK-S=abc", "IK-S=***"],
])("a message masks signature values in %s", (_, text, message) => {
  expect(toMessage(text, [])).toBe(message);
});

test("whatever the text from outside, a message is one line of at most 300 characters without control characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
      const message = toMessage(text, ["secret"]);
      expect(Array.from(message).length).toBeLessThanOrEqual(300);
      expect(message).not.toMatch(/[\p{C}\n]|secret/u);
    }),
    propertyRuns({ all: 100, fast: 10 }),
  );
});

test("a signature that straddles the 300th character is masked before the message is cut", () => {
  expect(toMessage(`${"x".repeat(290)} ik-s=abcdef`, [])).not.toMatch(/=[^*]/);
});

test.each([
  ["white space", " ".repeat(3_980)],
  ["markup", "<br>".repeat(995)],
])("a secret at the end of a long text that is mostly %s is masked whole", (_, filler) => {
  const secret = "odd-Key_of+shop/9-and-more";
  expect(toMessage(`ImageKit: ${filler}${secret}`, [secret])).not.toContain("odd");
});

test("no outcome contains the private key, even if ImageKit repeats it, plain or encoded", async () => {
  const privateKey = "private_s3cret";
  const encoded = Buffer.from(`${privateKey}:`).toString("base64");
  for (const status of [201, 307, 400, 401, 403, 404, 429, 500]) {
    const body = JSON.stringify({ message: `No: ${privateKey}, Basic ${encoded}` });
    const server = await httpServer((response) =>
      response.writeHead(status, { Location: `/?key=${privateKey}` }).end(body),
    );
    const client = clientOf(server.url, { privateKey });
    const outcomes = JSON.stringify([
      await client.purge("https://ik.imagekit.io/demo/a"),
      await client.status("a"),
    ]);
    expect(outcomes).toContain("***");
    expect(outcomes).not.toContain(privateKey);
    expect(outcomes).not.toContain(encoded.replace(/=+$/, ""));
  }
});
