import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractionWords, extractUrls } from "../../../src/dashboard/shared/extract-urls.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const endpoints = [{ host: "ik.imagekit.io", path: "/demo" }];
const a = "https://ik.imagekit.io/demo/a.jpg";
const b = "http://ik.imagekit.io/demo/b.jpg*";
const c = "https://ik.imagekit.io/demo/tr:w-300,h-200,fo-auto/c.jpg";
const q = "https://ik.imagekit.io/demo/q.jpg?tr=w-300,h-200";
const other = "https://cdn.other.example/x.jpg";

describe("text that is pasted, dropped or read from a file", () => {
  test.each([
    ["one URL", a],
    ["one a line", `${a}\n${b}\r\n\r\n  \r\n${c}\n${q}`],
    ["a typing error among URLs", `${a}\nhttps://ik.imagekit.io/dmo/b.jpg`],
    ["a word among URLs", `${a}\nnonsense`],
    ["another host among URLs", `${a}\n${other}`],
    ["nothing of ours", `some words\n${other}, and more`],
    ["nothing", ""],
  ])("%s stays as it is", (_, text) => {
    expect(extractUrls(text, endpoints)).toBeUndefined();
  });

  const said = (text: string) => {
    const found = extractUrls(text, endpoints);
    return found && [found.urls, extractionWords(found, "what you pasted")];
  };
  const found = (count: number, left = "") =>
    `${count} URL${count === 1 ? "" : "s"} found in what you pasted.${left === "" ? "" : ` Left out: ${left}.`}`;

  test.each([
    ["columns of a spreadsheet", `sku\timage\n1\t${a}\n2\t${b}`, [a, b], "1 line without a URL"],
    [
      "CSV with quotes",
      `"sku","image"\n"1, red","${a}"\n"say ""hi""","${b}"`,
      [a, b],
      "1 line without a URL",
    ],
    ["a semicolon and a row without a URL", `sku;image\n1;${a}\n2;`, [a], "2 lines without a URL"],
    ["two URLs in one cell", `1,"${a}, ${c}"\n2,${q}`, [a, c, q], ""],
    ["two columns of URLs", `${a},${c}\n${b},${q}`, [a, c, b, q], ""],
    ["a JSON array in one line", `["${a}","${c}"]`, [a, c], ""],
    [
      "a JSON array of many lines",
      JSON.stringify([{ src: a }, { src: c }], null, 2),
      [a, c],
      "6 lines without a URL",
    ],
    ["braces", `{${a},${c}}`, [a, c], ""],
    ["srcset", `${c} 1x, ${q} 2x`, [c, q], ""],
    [
      "HTML",
      `<img src="${a}" srcset="${c} 300w, ${q} 600w">\n<p>text</p>\n<a href="${other}">x</a>`,
      [a, c, q],
      "1 URL that is not under your endpoints",
    ],
    ["CSS", `.hero { background: url('${a}') no-repeat; }`, [a], ""],
    [
      "a sitemap",
      `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>${a}</loc></url></urlset>`,
      [a],
      "1 URL that is not under your endpoints",
    ],
    ["Markdown", `![shoe](${a}) and [boot](${c})`, [a, c], ""],
    ["an e-mail", `Hi,\nplease clear ${a}, and also <${c}>.\nThanks`, [a, c], ""],
    [
      "the source of an e-mail",
      `<img src=3D"${a}?tr=3Dw-300,h-20=\r\n0" alt=3D"x">\r\n<a href=3D"${c}">c</a>`,
      [`${a}?tr=w-300,h-200`, c],
      "",
    ],
    [
      "an e-mail whose lines were broken",
      `Please clear https://ik.imagekit.io/demo/products/autumn/a-shoe-with-a-lo=\nng-name.jpg and ${a}`,
      ["https://ik.imagekit.io/demo/products/autumn/a-shoe-with-a-long-name.jpg", a],
      "",
    ],
    ["the same URL again and again", `see ${a} and ${a} and ${a}`, [a], "2 repetitions"],
    ["other hosts", `${a} and ${other}`, [a], `1 URL that is not under your endpoints (${other})`],
    ["a heading and a byte order mark", `\ufeffurl\n${a}`, [a], "1 line without a URL"],
    ["a bullet", `* ${a}\n* ${c}`, [a, c], ""],
  ])("%s gives its URLs, and says what was left out", (_, text, urls, left) => {
    expect(said(text)).toEqual([urls, found(urls.length, left)]);
  });

  test("only URLs under an endpoint are found in any text, each once", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(a, b, c, q, other, ",", " ", '"', "\n", "\t", "<", ")", "*"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { urls = [] } = extractUrls(pieces.join(""), endpoints) ?? {};
        expect(new Set(urls).size).toBe(urls.length);
        expect(
          urls.every((url) => /^https?:\/\/ik\.imagekit\.io\/demo/.test(url) && !/[\r\n]/.test(url)),
        ).toBe(true);
      }),
      propertyRuns({ all: 2_000, fast: 200 }),
    );
  });
});
