import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { type Announcement, announce } from "../../src/local/announce.ts";
import type { LocalParts } from "../../src/local/local-environment.ts";

const simulated: LocalParts = {
  imagekit: "simulated",
  redis: { kind: "embedded" },
  tokens: "made",
  port: 8888,
};
const about: Announcement = {
  url: "http://127.0.0.1:8888",
  signInUrl: "http://127.0.0.1:8888/sign-in/code",
  parts: simulated,
  adminToken: "pd_token",
  sdkToken: "pd_sdk",
  urlEndpoints: undefined,
  sweepEveryMs: 10_000,
  warnings: [],
};

/** The arguments that a shell hands to curl when the printed line is pasted. */
function pastedArguments(announcement: string, env: Record<string, string> = {}): readonly string[] {
  const line = announcement.split("\n").find((text) => text.trim().startsWith("curl "));
  const script = `curl() { for argument; do printf '%s\\n' "$argument"; done; }\n${line}`;
  return execFileSync("sh", ["-c", script], { encoding: "utf8", env }).trimEnd().split("\n");
}

test("the pasted line submits a sample image and a URL with the token of this run", () => {
  expect(pastedArguments(announce(about))).toEqual([
    "http://127.0.0.1:8888/api/purges",
    "-H",
    "Authorization: Bearer pd_token",
    "-H",
    "Content-Type: application/json",
    "-d",
    '{"images":["https://ik.imagekit.io/demo/default-image.jpg"],"urls":["https://ik.imagekit.io/demo/tr:w-400/default-image.jpg"]}',
  ]);
});

/** What a command finds in its environment that the announced variables are put before. */
function pastedVariables(announcement: string, env: Record<string, string> = {}): string {
  const line = announcement.split("\n").find((text) => text.trim().startsWith("IMAGE_KIT_BASE_URL="));
  const command = `sh -c 'echo "$IMAGE_KIT_BASE_URL $IMAGEKIT_PRIVATE_KEY"'`;
  return execFileSync("sh", ["-c", `${line} ${command}`], { encoding: "utf8", env }).trimEnd();
}

test("the two variables for ImageKit's SDK name this run and a token of it, or the shell's where only a hash is known", () => {
  expect(pastedVariables(announce(about))).toBe("http://127.0.0.1:8888 pd_sdk");
  const given = announce({ ...about, adminToken: undefined, sdkToken: undefined });
  expect(pastedVariables(given, { PURGE_TOKEN: "pd_mine" })).toBe("http://127.0.0.1:8888 pd_mine");
});

test("only where ImageKit is simulated it names the page of the sample image", () => {
  expect(announce(about)).toContain("http://127.0.0.1:8888/sample");
  for (const imagekit of ["live", "elsewhere"] as const) {
    expect(announce({ ...about, parts: { ...simulated, imagekit } })).not.toContain("/sample");
  }
});

test("the sample is at the first URL endpoint, and no character of it escapes its quotes", () => {
  const urlEndpoints = "https://ik.imagekit.io/o'neil$HOME/ , https://images.shop.example";
  const endpoint = "https://ik.imagekit.io/o'neil$HOME";
  expect(JSON.parse(pastedArguments(announce({ ...about, urlEndpoints })).at(-1) ?? "")).toEqual({
    images: [`${endpoint}/default-image.jpg`],
    urls: [`${endpoint}/tr:w-400/default-image.jpg`],
  });
});

test("where only the hash of a token is known, the line takes it from the shell", () => {
  const text = announce({ ...about, adminToken: undefined, parts: { ...simulated, tokens: "given" } });
  expect(pastedArguments(text, { PURGE_TOKEN: "pd_mine" })).toContain("Authorization: Bearer pd_mine");
});

test("against the real ImageKit it warns in red, and the pasted line costs nothing", () => {
  const parts: LocalParts = { ...simulated, imagekit: "live", redis: { kind: "upstash" } };
  const text = announce({ ...about, parts }, (words) => `<red>${words}</red>`);
  expect(text).toMatch(/<red>LIVE: .*cost units.*<\/red>/);
  expect(text).toContain("(each purge costs a unit):\n  IMAGE_KIT_BASE_URL=");
  expect(pastedArguments(text)[0]).toBe("http://127.0.0.1:8888/api/plan");
  expect(text).not.toContain("simulated");
  expect(text).not.toContain("For the real ones");
});

test("it says of each part whether it is real, and which settings would make it so", () => {
  const text = announce(about);
  expect(text).toMatch(/ImageKit +simulated/);
  expect(text).toMatch(/Redis +embedded/);
  for (const name of [
    "IMAGEKIT_PRIVATE_KEY",
    "IMAGEKIT_URL_ENDPOINTS",
    "UPSTASH_REDIS_REST_URL",
    "REDIS_URL",
  ]) {
    expect(text).toContain(name);
  }
  expect(text).not.toContain("LIVE");
  const withRedis = announce({
    ...about,
    parts: { ...simulated, redis: { kind: "redis-server", address: "x" } },
  });
  expect(withRedis).toMatch(/Redis +real \(REDIS_URL\)/);
});

test("what is set and probably not meant is announced", () => {
  const warnings = ["PURGE_MONTLY_QUOTA: is not a setting and has no effect"];
  expect(announce({ ...about, warnings }, (text) => `<red>${text}</red>`)).toContain(
    "<red>WARNING: PURGE_MONTLY_QUOTA: is not a setting and has no effect</red>",
  );
});
