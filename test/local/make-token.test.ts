import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeToken, readTokenRequest } from "../../src/local/make-token.ts";

test("a token is pd_ and 43 base64url characters, and its entry holds only its hash", () => {
  const { token, entry } = makeToken({ name: "storefront", scopes: ["purge", "wildcard"] });
  expect(token).toMatch(/^pd_[A-Za-z0-9_-]{43}$/);
  expect(Buffer.from(token.slice(3), "base64url")).toHaveLength(32);
  expect(entry).toBe(`storefront:purge+wildcard:${createHash("sha256").update(token).digest("hex")}`);
});

test("no two tokens are the same", () => {
  const tokens = Array.from({ length: 100 }, () => makeToken({ name: "a", scopes: ["read"] }).token);
  expect(new Set(tokens).size).toBe(100);
});

describe("what is asked for on the command line", () => {
  test.each([
    [["storefront", "purge"], ["purge"]],
    [
      ["storefront", "wildcard", "purge"],
      ["purge", "wildcard"],
    ],
    [
      ["storefront", "purge+wildcard"],
      ["purge", "wildcard"],
    ],
    [["storefront", "read", "read"], ["read"]],
  ])("npm run token understands %j", (words, scopes) => {
    expect(readTokenRequest(words)).toEqual({ name: "storefront", scopes });
  });

  test.each([
    [[], [/name must be/, /scope is needed/]],
    [["storefront"], [/scope is needed/]],
    [["Storefront", "read"], [/name must be/]],
    [["a".repeat(33), "read"], [/name must be/]],
    [["a:b", "read"], [/name must be/]],
    [["storefront", "write", "read"], [/no scope "write"/]],
    [["storefront", ""], [/no scope ""/]],
  ])("npm run token refuses %j with every reason", (words, problems) => {
    expect(readTokenRequest(words)).toEqual({
      problems: problems.map((text) => expect.stringMatching(text)),
    });
  });
});
