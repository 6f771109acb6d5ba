import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { clientTypesFile, currentClientTypes } from "../../src/build/client-types.ts";

test("the client's types in the repository are what the OpenAPI document gives today (npm run generate)", async () => {
  expect(await readFile(clientTypesFile, "utf8")).toBe(await currentClientTypes());
});
