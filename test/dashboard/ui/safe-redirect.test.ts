import { describe, expect, test } from "vitest";
import { safeRedirect, withQuery } from "../../../src/dashboard/ui/safe-redirect.ts";

describe("a safe redirect", () => {
  test.each([
    ["/batches/b_1?show=open#line-3", "/batches/b_1?show=open#line-3"],
    ["//elsewhere.test/", "/otherwise"],
    ["/\\elsewhere.test", "/otherwise"],
    ["https://elsewhere.test/", "/otherwise"],
    ["/sign-in", "/otherwise"],
    ["javascript:alert(1)", "/otherwise"],
    ["", "/otherwise"],
  ])("a request to redirect to %s redirects to %s", (place, own) => {
    expect(safeRedirect({ basePath: "" }, place, "/otherwise")).toBe(own);
  });

  test("a redirect keeps its query and fragment, and never becomes another host", () => {
    expect(withQuery("/batches/b_1?show=open&done=x#line-3", { done: "closed" })).toBe(
      "/batches/b_1?show=open&done=closed#line-3",
    );
    expect(withQuery("/.//elsewhere.test", { done: "closed" })).toBe("/.//elsewhere.test?done=closed");
  });
});
