import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { readConfig } from "../src/config.ts";
import { unknownSettings } from "../src/setting-names.ts";

/** Every name that readConfig looks at. */
function namesRead(): readonly string[] {
  const names = new Set<string>();
  readConfig(
    new Proxy({}, { get: (_, name) => (typeof name === "string" ? void names.add(name) : undefined) }),
  );
  return [...names].sort();
}

test("every setting that is read is known, and none of them is called unknown", () => {
  expect(namesRead()).toContain("PURGE_MONTHLY_QUOTA");
  expect(unknownSettings(Object.fromEntries(namesRead().map((name) => [name, "x"])))).toEqual([]);
});

test("every setting of .env.example is read, and every setting that is read is in it", async () => {
  const example = await readFile(new URL("../.env.example", import.meta.url), "utf8");
  const named = [...example.matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
  expect(named.sort()).toEqual([...namesRead(), "PORT", "REDIS_URL"].sort());
});

test.each([
  ["a letter left out", "PURGE_MONTLY_QUOTA", "PURGE_MONTHLY_QUOTA"],
  ["two letters exchanged", "PURGE_TOKNES", "PURGE_TOKENS"],
  ["the singular", "IMAGEKIT_URL_ENDPOINT", "IMAGEKIT_URL_ENDPOINTS"],
  ["a slip in the prefix", "PRUGE_TOKENS", "PURGE_TOKENS"],
  ["an underscore too many", "IMAGE_KIT_PRIVATE_KEY", "IMAGEKIT_PRIVATE_KEY"],
  ["lower case", "purge_tokens", "PURGE_TOKENS"],
  ["a slip in a name of Upstash", "UPSTASH_REDIS_REST_TOKENS", "UPSTASH_REDIS_REST_TOKEN"],
])("a name with %s is said, with the one that was meant", (_, name, meant) => {
  expect(unknownSettings({ [name]: "tell-nobody" })).toEqual([
    `${name}: is not a setting and has no effect. Did you mean ${meant}?`,
  ]);
});

test("a slip is said even when the setting that was meant is there too", () => {
  expect(unknownSettings({ PURGE_TOKEN: "x", PURGE_TOKENS: "y" })).toHaveLength(1);
});

test("a name of ours that resembles no setting is said without a guess", () => {
  expect(unknownSettings({ PURGE_EVERYTHING: "true" })).toEqual([
    "PURGE_EVERYTHING: is not a setting and has no effect",
  ]);
});

test.each([
  ["what a storefront calls this service with", { PURGE_DESK_URL: "x", PURGE_DESK_TOKEN: "x" }],
  ["ImageKit's other variables", { IMAGEKIT_PUBLIC_KEY: "x", IMAGEKIT_ID: "x", IMAGE_KIT_BASE_URL: "x" }],
  [
    "names of the SDK beside ours",
    {
      IMAGEKIT_URL_ENDPOINT: "x",
      IMAGEKIT_URL_ENDPOINTS: "x",
      IMAGE_KIT_PRIVATE_KEY: "x",
      IMAGEKIT_PRIVATE_KEY: "x",
    },
  ],
  ["a variable that is empty", { PURGE_MONTLY_QUOTA: " " }],
  ["variables of the system", { PATH: "x", HOME: "x", PORTS: "x", REDIS_HOST: "x" }],
])("nothing is said about %s", (_, env) => {
  expect(unknownSettings(env)).toEqual([]);
});
