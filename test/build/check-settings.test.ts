import { expect, test } from "vitest";
import { checkSettings } from "../../src/build/check-settings.ts";

const production = {
  CONTEXT: "production",
  IMAGEKIT_PRIVATE_KEY: "private_x",
  IMAGEKIT_URL_ENDPOINTS: "https://ik.imagekit.io/shop",
  UPSTASH_REDIS_REST_URL: "https://eu1-x.upstash.io",
  UPSTASH_REDIS_REST_TOKEN: "AX==",
  PURGE_TOKENS: `storefront:purge:${"ab".repeat(32)}`,
  PURGE_SESSION_SECRET: "x".repeat(32),
};

test("a production build with every required setting passes without a word", () => {
  expect(checkSettings(production)).toEqual({ problems: [], warnings: [] });
});

test.each(Object.keys(production).filter((name) => name !== "CONTEXT"))(
  "a production build without %s is stopped",
  (name) => {
    for (const value of [undefined, "", " "]) {
      expect(checkSettings({ ...production, [name]: value }).problems).toEqual([`${name}: is not set`]);
    }
  },
);

test("a production build names everything that is missing or wrong at once", () => {
  const { problems } = checkSettings({ CONTEXT: "production", PURGE_MONTHLY_QUOTA: "many" });
  expect(problems).toHaveLength(7);
  expect(problems).toContain("PURGE_SESSION_SECRET: is not set");
});

test("a build for any other context needs no settings", () => {
  for (const CONTEXT of ["deploy-preview", "branch-deploy", "dev", undefined]) {
    expect(checkSettings({ CONTEXT }).problems).toEqual([]);
  }
});

test("a simulator's address in production is warned about, and the build goes on", () => {
  const { problems, warnings } = checkSettings({
    ...production,
    IMAGEKIT_API_BASE_URL: "https://simulator.example",
  });
  expect(problems).toEqual([]);
  expect(warnings).toEqual([expect.stringMatching(/^IMAGEKIT_API_BASE_URL: .*PURGES NOTHING/)]);
  expect(warnings.join()).not.toContain("simulator.example");
});

test("a misspelt name is warned about in every build, and the build goes on", () => {
  for (const env of [production, {}]) {
    const { problems, warnings } = checkSettings({ ...env, PURGE_MONTLY_QUOTA: "5" });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/Did you mean PURGE_MONTHLY_QUOTA\?$/)]);
  }
});
