import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readUrlList } from "../../../../src/dashboard/browser/new-request/read-url-list.ts";

const a = "https://ik.imagekit.io/demo/a.jpg";
const b = "http://ik.imagekit.io/demo/b.jpg*";
const transformed = "https://ik.imagekit.io/demo/tr:w-300,h-200,fo-auto/a.jpg";
const queried = "https://ik.imagekit.io/demo/a.jpg?tr=w-300,h-200";

describe("reading the URLs of a file", () => {
  test.each([
    ["one a line", `${a}\n${b}`, [a, b], 0],
    ["Windows' line ends and blank lines", `${a}\r\n\r\n  \r\n${b}\r\n`, [a, b], 0],
    ["a byte order mark", `\ufeff${a}`, [a], 0],
    ["lines that are no URLs", `# my list\n${a}\nshoe.jpg\n`, [a], 2],
    ["a column with a heading", `sku,image\n1,${a}\n2,${b}`, [a, b], 1],
    ["a first column", `image,sku\n${a},1\n${b},2`, [a, b], 1],
    ["no heading", `${a},1\n${b},2`, [a, b], 0],
    ["a semicolon", `sku;image\n1;${a}\n2;${b}`, [a, b], 1],
    ["a tab", `sku\timage\n1\t${a}`, [a], 1],
    ["quotes", `"sku","image"\n"1, red","${a}"\n"say ""hi""","${b}"`, [a, b], 1],
    ["a line break inside quotes", `"two\nlines",${a}\n1,${b}`, [a, b], 0],
    ["a row without a URL", `sku,image\n1,${a}\n2,\n3,none`, [a], 3],
    ["the column that has most", `page,image\nhttps://shop.example/a,${a}\n,${b}`, [a, b], 1],
    ["commas of transformations, plain", `${transformed}\n${queried}\n${a}`, [transformed, queried, a], 0],
    [
      "commas of transformations, in a table",
      `1,${transformed},x\n2,${queried},y`,
      [transformed, queried],
      0,
    ],
    [
      "commas of transformations on every line",
      `${transformed}\n${transformed}`,
      [transformed, transformed],
      0,
    ],
    [
      "a comma in a name",
      `https://ik.imagekit.io/demo/a,b.jpg\n${a}`,
      ["https://ik.imagekit.io/demo/a,b.jpg", a],
      0,
    ],
    ["a semicolon in another column", `${a},"x;y"\n${b},"x;z"`, [a, b], 0],
    ["nothing", "", [], 0],
    ["an unfinished quote", `"${a}`, [a], 0],
  ])("a text with %s gives its URLs", (_, text, urls, leftOut) => {
    expect(readUrlList(text)).toEqual({ urls, leftOut });
  });

  test("any text can be read, and only URLs are taken from it", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(",", ";", "\t", '"', "\n", "\r\n", a, transformed, "\ufeff"),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const { urls, leftOut } = readUrlList(pieces.join(""));
        expect(urls.every((url) => /^https?:\/\//i.test(url) && !/[\r\n]/.test(url))).toBe(true);
        expect(leftOut).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
