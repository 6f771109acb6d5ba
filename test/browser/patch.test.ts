import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium } from "../support/chromium.ts";
import { sharedChromium } from "../support/launch-chromium.ts";

describeInChromium("patching a region", () => {
  let page: Page;
  let script = "";
  beforeAll(async () => {
    page = await (await sharedChromium()).newPage();
    const { outputFiles } = await esbuild.build({
      entryPoints: [fileURLToPath(new URL("../../src/dashboard/browser/refresh/patch.ts", import.meta.url))],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "patching",
    });
    script = `${outputFiles[0]?.text}; globalThis.patching = patching`;
  });
  afterAll(() => page?.close());

  /** Shows one piece of HTML, does something with it, patches it with another, and gives what is then there. */
  const patched = async (before: string, after: string, meanwhile = ""): Promise<string> => {
    await page.setContent(`<div id="region">${before}</div>`);
    await page.evaluate(script);
    await page.evaluate(`{
      const region = document.getElementById("region");
      window.kept = new Map([...region.querySelectorAll("[id]")].map((each) => [each.id, each]));
      ${meanwhile};
      const fresh = new DOMParser().parseFromString(${JSON.stringify(`<div id="region">${after}</div>`)}, "text/html");
      patching.patch(region, fresh.getElementById("region"));
    }`);
    return page.locator("#region").innerHTML();
  };
  const isKept = (id: string) =>
    page.evaluate(`document.getElementById("${id}") === window.kept.get("${id}")`);

  test.each([
    ["nothing to something", "", "<p>a</p>"],
    ["something to nothing", "<p>a</p>text", ""],
    ["text", "<p>one <b>two</b> three</p>", "<p>one <b>2</b> 3</p>"],
    ["attributes", `<p class="a" title="b">x</p>`, `<p class="c" lang="en">x</p>`],
    ["another kind of element", "<p>a</p><ul><li>b</li></ul>", "<ul><li>b</li><li>c</li></ul><p>a</p>"],
    [
      "rows in another order",
      `<p id="a">a</p><p id="b">b</p><p id="c">c</p>`,
      `<p id="c">C</p><p id="a">a</p>`,
    ],
    ["an id in place of none", "<p>a</p><p>b</p>", `<p id="b">b</p><p>a</p>`],
    [
      "an svg",
      `<svg class="x"><use href="#i-a"></use></svg>`,
      `<svg class="y"><use href="#i-b"></use></svg>`,
    ],
  ])("a patched region becomes the HTML that was sent: %s", async (_, before, after) => {
    expect(await patched(before, after)).toBe(after);
  });

  test("a patched region keeps the elements of rows with the same id", async () => {
    await patched(
      `<p id="a">a</p><p id="b">b</p><p id="c">c</p>`,
      `<p id="n">n</p><p id="b">B</p><p id="c">c</p>`,
    );
    expect([await isKept("b"), await isKept("c")]).toEqual([true, true]);
  });

  test("a patched region keeps a selection in unchanged text", async () => {
    await patched(
      "<p>a</p><p>read this</p>",
      "<p>b</p><p>read this</p>",
      "getSelection().selectAllChildren(region.lastChild)",
    );
    expect(await page.evaluate("getSelection().toString()")).toBe("read this");
  });

  test("a patched region keeps open details, typed text and choices", async () => {
    const form = `<details><summary>More</summary></details><input name="q" value=""><input type="checkbox" name="c">
      <select name="s"><option selected>one</option><option>two</option></select>`;
    await patched(
      form,
      form.replace(`value=""`, `value="other"`),
      `region.querySelector("details").open = true;
       region.querySelector("input").value = "typed";
       region.querySelector("[type=checkbox]").checked = true;
       region.querySelector("select").value = "two"`,
    );
    expect(
      await page.evaluate(`[document.querySelector("details").open, document.querySelector("input").value,
        document.querySelector("[type=checkbox]").checked, document.querySelector("select").value].join()`),
    ).toBe("true,typed,true,two");
  });

  test("a patched region keeps the focused element, even if rows before it or itself should go", async () => {
    const focus = `document.getElementById("b").querySelector("a").focus()`;
    const rows = `<p id="a">a</p><p id="b"><a href="#">b</a></p>`;
    await patched(rows, `<p id="b"><a href="#">B</a></p>`, focus);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("B");
    await patched(rows, `<p id="a">a</p>`, focus);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("b");
  });

  test("a patched region replaces a form that has another action, so that Enter does nothing unexpected", async () => {
    const form = (action: string) =>
      `<form action="${action}"><input type="hidden" name="to" value="${action}"><button>${action}</button></form>`;
    await patched(form("cancel"), form("close"), `region.querySelector("button").focus()`);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("cancel");
  });
});
