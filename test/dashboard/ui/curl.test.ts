import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlFor } from "../../../src/dashboard/ui/curl.ts";

/** What a shell hands to curl: a function of that name prints its arguments, each in a line as JSON needs no line break. */
function argumentsOf(command: string): readonly string[] {
  const script = `curl() { printf '%s\\n' "$@"; }\n${command}`;
  const env = { PURGE_DESK_TOKEN: "pd_of the environment" };
  return execFileSync("sh", ["-c", script], { env, encoding: "utf8" }).trimEnd().split("\n");
}

test.each([
  ["plain", ["https://ik.imagekit.io/demo/a.jpg"], "autumn"],
  ["quotes", [`https://ik.imagekit.io/demo/it's"$(id)\`id\`.jpg?a=$HOME&b=1;c`], `"it's" $(reboot) !! \\`],
  ["lines and hidden text", ["https://ik.imagekit.io/demo/ä.jpg"], "one\ntwo\u202eeerht 👗"],
])("a shell hands curl exactly the request: %s", (_, urls, reason) => {
  const command = curlFor("https://purge.test/api/purges", { urls, reason });
  expect(command).toMatch(/^[ -~\n]*$/);
  const [address, , authorization, , type, , body = ""] = argumentsOf(command);
  expect([address, authorization, type]).toEqual([
    "https://purge.test/api/purges",
    "Authorization: Bearer pd_of the environment",
    "Content-Type: application/json",
  ]);
  expect(JSON.parse(body)).toEqual({ urls, reason });
});
