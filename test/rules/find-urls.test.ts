import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findUrls } from "../../src/rules/find-urls.ts";
import { foreignUrls } from "../../src/rules/foreign-urls.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { anyLine } from "./lines.ts";
import { endpoints } from "./plan-line.ts";

const demo = "https://ik.imagekit.io/demo";
const a = `${demo}/a.jpg`;
const b = `${demo}/b.jpg`;
const wide = `${demo}/tr:w-800,h-600/a.jpg`;
const narrow = `${demo}/tr:w-400,h-300/a.jpg`;

const urlsIn = (text: string) => findUrls(text, endpoints).map(({ url }) => url);
const escaped = (url: string) => url.replaceAll("/", "\\/");

type Case = readonly [text: string, urls: readonly string[]];

const kinds: Readonly<Record<string, readonly Case[]>> = {
  "a list": [
    [a, [a]],
    [`${a}\n${b}\r\n`, [a, b]],
    [`- ${a}\n- ${b}*`, [a, `${b}*`]],
    [`* ${a}*`, [`${a}*`]],
    [`1. ${a}\n2) ${b}`, [a, b]],
    [`${a}\u2028${b}`, [a, b]],
    [`${a}\u00a0${b}`, [a, b]],
    [`${a}${b}`, [a, b]],
    [`${demo}/shoes/\u200b${b}`, [`${demo}/shoes/`, b]],
    [`${a}?from=\u2060\u00ad${b}`, [`${a}?from=`, b]],
    [`${a}?v=1${b}`, [`${a}?v=1`, b]],
    [`${a}, ${b}`, [a, b]],
    [`${a},${b},`, [a, b]],
    [`${a};${b};`, [a, b]],
    [`${a} | ${b}`, [a, b]],
    [`${a}|${b}`, [a, b]],
    [`${a} and ${b}`, [a, b]],
    [`${a}->${b}`, [a, b]],
    [`${a}→${b}`, [a, b]],
    [`${a}•${b}`, [a, b]],
    [`${a}+${b}`, [a, b]],
    [`${a}=>${b}`, [a, b]],
    [`${a}%2C${b}`, [a, b]],
    [`${demo}/products/sho… ${b}`, [`${demo}/products/sho…`, b]],
    [`${demo}/products/sho...`, [`${demo}/products/sho...`]],
  ],
  "a table": [
    [`SKU\tImage\tPrice\nA1\t${a}\t12,00\nA2\t${b}\t9`, [a, b]],
    [`"${a}\n${b}"\tx`, [a, b]],
    [`"A1","${a}","a, b"\n"A2","${b}","c"`, [a, b]],
    [`A1,${a},12,new photo\nA2,${b},9,ok`, [a, b]],
    [`A1;${a}?updatedAt=17;12\nA2;${b};9`, [`${a}?updatedAt=17`, b]],
    [`A1,${narrow},${wide},12`, [narrow, wide]],
    [`A1,${a}?tr=w-300,h-200,12,red`, [`${a}?tr=w-300,h-200`]],
    [`A1,${demo}/products/a,12,red`, [`${demo}/products/a`]],
    [`A1,"${a}, ${b}"`, [a, b]],
    [`A1,"=HYPERLINK(""${a}"")"`, [a]],
    [`| a | ${a} | b |\n|---|---|---|\n|x|${b}|y|`, [a, b]],
    [`A1,${demo}/red shoe.jpg,12,ok`, [`${demo}/red%20shoe.jpg`]],
    [`A1;${demo}/red shoe.jpg;12`, [`${demo}/red%20shoe.jpg`]],
    [
      `${demo}/Image May 22, 2025, 05_35_44 PM.png\n${demo}/Look, red, size 38.jpg\n${demo}/red, ${b}`,
      [
        `${demo}/Image%20May%2022,%202025,%2005_35_44%20PM.png`,
        `${demo}/Look,%20red,%20size%2038.jpg`,
        `${demo}/red`,
        b,
      ],
    ],
    [`A1\t"${demo}/Look, red.jpg"\t12`, [`${demo}/Look,%20red.jpg`]],
    [`INSERT INTO p VALUES (1,'{${narrow},${b}}');`, [narrow, b]],
    [`A1\t${demo}/red shoe.jpg\t12`, [`${demo}/red%20shoe.jpg`]],
    [`${demo}/red shoe (1).jpg\n${b}`, [`${demo}/red%20shoe%20(1).jpg`, b]],
    [
      `${demo}/shoe.jpg (1).jpg\n${demo}/shoe.jpg (Kopie)`,
      [`${demo}/shoe.jpg%20(1).jpg`, `${demo}/shoe.jpg`],
    ],
  ],
  "a forum": [
    [`[img]${a}[/img] [url=${b}]shoe[/url]`, [a, b]],
    [`[IMG]${a}?tr=w-1[/IMG]`, [`${a}?tr=w-1`]],
    [`{code}${a}{code}`, [a]],
    [`!${a}|width=300! [shoe|${b}]`, [a, b]],
    [`<${a}|shoe.jpg> <${b}>`, [a, b]],
    [`image::${a}[shoe] link:${b}[]`, [a, b]],
    [`${a}👍 ${b}です`, [a, b]],
    [`الصورة ${a}، شكرا`, [a]],
  ],
  JSON: [
    [`["${a}","${b}"]`, [a, b]],
    [JSON.stringify({ urls: [a, `${b}?tr=w-1&v=2`] }, undefined, 2), [a, `${b}?tr=w-1&v=2`]],
    [`["${escaped(a)}?tr=w-1\\u0026v=2"]`, [`${a}?tr=w-1&v=2`]],
    [`{"a":"{\\"u\\":\\"https:\\\\/\\\\/ik.imagekit.io\\\\/demo\\\\/a.jpg\\"}"}`, [a]],
    [`{"a":"${a}\\n${b}\\n"}`, [a, b]],
    [`{${a},${b}}`, [a, b]],
    [`{url: ${a}, alt: x}`, [a]],
    [`'${a}','${b}'`, [a, b]],
    [`{"a":"${demo}/tr:w-300\\u002ch-200/a.jpg"}`, [`${demo}/tr:w-300,h-200/a.jpg`]],
    ['"https:\\x2F\\x2Fik.imagekit.io\\x2Fdemo\\x2Fa.jpg"', [a]],
    [`https:\\u002f\\u002fik.imagekit.io\\u002fdemo\\u002fa.jpg`, [a]],
  ],
  HTML: [
    [`<img src="${a}?tr=w-1&amp;v=2" alt="a">`, [`${a}?tr=w-1&v=2`]],
    [`<img src='${a}' srcset='${narrow} 1x, ${wide} 2x'>`, [a, narrow, wide]],
    [`<img src=${a}>`, [a]],
    [`<img src="//ik.imagekit.io/demo/a.jpg">`, [a]],
    [`srcset="${narrow} 400w, ${wide} 800w"`, [narrow, wide]],
    [`srcset="${narrow} 400w,${wide} 800w"`, [narrow, wide]],
    [`${a}?tr=w-400,h-300 400w,${a}?tr=w-800,h-600 800w`, [`${a}?tr=w-400,h-300`, `${a}?tr=w-800,h-600`]],
    [`<a href="${a}">${a}</a>`, [a, a]],
    [`<img src="${demo}/sch&ouml;n/Stra&szlig;e.jpg">`, [`${demo}/schön/Straße.jpg`]],
    [`&lt;img src=&quot;${a}&quot;&gt;`, [a]],
    [`${a}?v=1&amp;amp;tr=w-1&#38;x=1&#x26;y=2`, [`${a}?v=1&tr=w-1&x=1&y=2`]],
    [
      "/_next/image?url=https%3A%2F%2Fik.imagekit.io%2Fdemo%2Fred%20a.jpg%3Ftr%3Dw-400%2Ch-300&amp;w=640&amp;q=75 640w",
      [`${demo}/red%20a.jpg?tr=w-400,h-300`],
    ],
    ["/image?url=https%253A%252F%252Fik.imagekit.io%252Fdemo%252Fa.jpg&w=1", [a]],
    [`urls=${encodeURIComponent(`${a},${b}`)}&x=1`, [a, b]],
    [`urls=${encodeURIComponent(`${a}\n${b}`)}`, [a, b]],
    [`u=${encodeURIComponent(`${a}?from=${b}`)}`, [`${a}?from=${b}`]],
    [`https://www.google.com/url?q=${a}&sa=D&usg=AOv`, [a]],
    [`/.netlify/images?url=${a}&w=300`, [a]],
    [`<img src=${a}&tr=w-300>`, [`${a}&tr=w-300`]],
    [`<!--${a}--> <!-- ${a}?tr=w-300-->`, [a, `${a}?tr=w-300`]],
    [`bg-[url('${a}?tr=w-300')] bg-cover`, [`${a}?tr=w-300`]],
    [`srcset="${narrow}? 400w ,${wide}? 800w"`, [narrow, wide]],
    [`${a}?tr=w-400, h-300`, [`${a}?tr=w-400,h-300`]],
  ],
  CSS: [
    [`background: url(${a}) no-repeat center / cover;`, [a]],
    [`url('${a}'), url("${b}")`, [a, b]],
    [`style="background:url(&quot;${a}&quot;)"`, [a]],
    [`style="background:url(&#39;${a}&#39;)"`, [a]],
    [`image-set(url(${narrow}) 1x, url(${wide}) 2x)`, [narrow, wide]],
    [`@import url(${demo}/fonts/a.css);`, [`${demo}/fonts/a.css`]],
    [`${demo}/hero.png) no-repeat center / cover`, [`${demo}/hero.png`]],
  ],
  "a sitemap": [
    [`<url><loc>${a}</loc><image:image><image:loc>${b}</image:loc></image:image></url>`, [a, b]],
    [`<loc><![CDATA[${a}]]></loc>`, [a]],
    [`<loc>${a}?tr=w-1&amp;v=2</loc>`, [`${a}?tr=w-1&v=2`]],
  ],
  Markdown: [
    [`![a shoe](${a} "title") [b](${b})`, [a, b]],
    [`[${a}](${a})`, [a, a]],
    [`<${a}> and \`${b}\``, [a, b]],
    [`[shoe](<${demo}/red shoe.jpg>) <${a}>`, [`${demo}/red%20shoe.jpg`, a]],
    [`**${a}** _${b}_`, [a, b]],
    [`${demo}/medium\\_a.jpg`, [`${demo}/medium_a.jpg`]],
    [`${a}?tr=w-1\\&amp;v=2`, [`${a}?tr=w-1&v=2`]],
    [`[ref]: ${a} 'title'`, [a]],
    [`(see ${a}).`, [a]],
  ],
  "an e-mail": [
    [`Please clear <${a}> and ${b}.`, [a, b]],
    [`> Bild: ${a}\n> Danke!`, [a]],
    [`„${a}“, “${b}”`, [a, b]],
    [`”${a}” ’${b}’ «${a}» ‘${b}’ ‹${a}›`, [a, b, a, b, a]],
    [`Is it ${a}? Yes: ${b}!`, [a, b]],
    [`${a}… ${b}...`, [a, b]],
    [`请清除${a}。`, [a]],
    [`\u202a${a}\u202c`, [a]],
    [`${demo}/\u200ba.jp\u00adg`, [a]],
  ],
  "a log or a shell": [
    [`GET ${a} 200`, [a]],
    [`time=1 url=${a} status=200`, [a]],
    [`view-source:${a}`, [a]],
    [`${a}:1 Failed to load resource`, [a]],
    [`at load (${a}:12:5)`, [a]],
    [`{"url":"${demo}/[object HTMLImageElement]"}`, [`${demo}/[object%20HTMLImageElement]`]],
    [`curl -d '{"url":"${a}"}'`, [a]],
    [`${a} \\\n${b} \\`, [a, b]],
    [`${a}\\`, [a]],
    [`$ purge ${a} # ${b}`, [a, b]],
  ],
  "text about other sites": [
    ["https://elsewhere.example/a.jpg", []],
    ["https://ik.imagekit.io/demo-evil/a.jpg", []],
    ["https://evil-ik.imagekit.io/demo/a.jpg and https://ik.imagekit.io.evil.example/demo/a.jpg", []],
    ["mail ik@ik.imagekit.io/demo/a.jpg", []],
    ["https://user@ik.imagekit.io/demo/a.jpg", []],
    [`https://proxy.example/${a}`, [a]],
    [`https://proxy.example/?u=${a}`, [a]],
  ],
  "endpoints of any form": [
    ["HTTPS://IK.ImageKit.io/demo/A.jpg", [`${demo}/A.jpg`]],
    ["http://images.shop.example/a.jpg", ["http://images.shop.example/a.jpg"]],
    ["images.shop.example/a.jpg ik.imagekit.io/demo/a.jpg", ["https://images.shop.example/a.jpg", a]],
    ["https://bücher.example/a.jpg", ["https://xn--bcher-kva.example/a.jpg"]],
    ["https://ik.imagekit.io:443/demo/a.jpg", [a]],
    [`${demo}/pattern/a.jpg`, [`${demo}/pattern/a.jpg`]],
  ],
};

const cases = Object.entries(kinds).flatMap(([kind, each]) =>
  each.map(([text, urls]) => [kind, text, urls] as const),
);

test.each(cases)("the URLs in %s are found and are clean: %j has %j", (_, text, urls) => {
  expect(urlsIn(text)).toEqual(urls);
});

describe("a URL of its own", () => {
  test.each([
    `${a}?from=https://shop.example/`,
    `${a}?from=${b}`,
    `${demo}/${b}`,
    `${demo}/https%3A%2F%2Fik.imagekit.io%2Fdemo%2Fb.jpg`,
    `${demo}/blob:https://shop.example/5d5a`,
    `${demo}/folder/*/a.jpg`,
    `${demo}/images/*`,
    `${a}*`,
    `${a}?tr=w-300*`,
    `${demo}/shoe(1).jpg`,
    `${demo}/shoe,red;left.jpg`,
    `${demo}/w_300,h_200/a.jpg`,
    `${demo}/it's.jpg`,
    `${demo}/\${id}/{{name}}.jpg?v={v}`,
    `${demo}/a//b.jpg`,
    `${demo}/a.jpg/tr:w-300,h-200`,
    `${demo}/a.jpg!large`,
    `${demo}/a.jpg@300w`,
    `${demo}/a.jpg_640x640.jpg`,
    `${demo}/a.jpg(1).jpg`,
    `${demo}/a[1].jpg`,
    `${demo}/图片です.jpg`,
    `${demo}/a.beta-é.jpg`,
    `${demo}/12:30.jpg`,
    `${demo}/a--b.jpg`,
    `${demo}/tr:w-300:rt-90/a.jpg`,
    `${demo}/tr:l-image,i-folder@@logo.png,w-10,l-end:w-300/a.jpg`,
    `${demo}/tr:l-image,i-folder/logo.png,lx-10,l-end/a.jpg`,
    `${demo}/tr:l-text,ie-SGVsbG8sIHdvcmxkLg==,fs-50,l-end/a.jpg`,
    `${a}?tr=l-text,i-Hello, world!;,l-end,w-300`.replace(" ", "%20"),
    `${a}?tr=l-image,i-https://x.example/a.png,l-end:w-1`,
    `${a}?tr=w-auto,dpr-auto:ar-4-3,c-at_max&ik-obj-version=x`,
    `${a}?ik-t=1700000000&ik-s=0a1b2c`,
  ])("is found whole, on its own, in quotes, in brackets and in a sentence: %s", (url) => {
    for (const text of [url, ` ${url} `, `"${url}"`, `<${url}>`, `${url} ${url}`, `See ${url}. Thanks`]) {
      expect(new Set(urlsIn(text))).toEqual(new Set([url]));
    }
  });

  test("is found where it stands in the text", () => {
    const text = `a "${escaped(a)}" <${b}>.`;
    expect(findUrls(text, endpoints).map(({ start, end }) => text.slice(start, end))).toEqual([
      escaped(a),
      b,
    ]);
  });
});

test.each<readonly [text: string, urls: readonly string[]]>([
  [
    `${a} https://ik.imagekit.io/dmeo/b.jpg, https://x.example/?u=${b}`,
    ["https://ik.imagekit.io/dmeo/b.jpg"],
  ],
  [`${a}?from=https://shop.example/`, []],
  [`"https://shop.example/a".`, ["https://shop.example/a"]],
])("URLs under no endpoint can be named: %j has %j", (text, urls) => {
  expect(foreignUrls(text, findUrls(text, endpoints))).toEqual(urls);
});

const anyText = fc
  .array(
    fc.oneof(
      anyLine,
      fc.constantFrom(a, b, narrow, ...cases.map(([, text]) => text), " ", ", ", "\n", "\\", "&amp;"),
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(""));

test("any text is read without an error, and URLs are found in order, apart from one another", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      let done = 0;
      for (const { start, end } of findUrls(text, endpoints)) {
        expect(start).toBeGreaterThanOrEqual(done);
        expect(end).toBeGreaterThan(start);
        done = end;
      }
      expect(done).toBeLessThanOrEqual(text.length);
    }),
    propertyRuns({ all: 5_000, fast: 500 }),
  );
});

test("a space behind an endpoint does not make a URL outside of it", () => {
  expect(urlsIn(`${demo} evil.com`)).toEqual([]);
});

test("a URL that was found has no white space, is under an endpoint, and is found again on a line of its own", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      for (const url of urlsIn(text)) {
        expect(url).toMatch(/^https?:\/\/\S+$/);
        const [again = "nothing"] = urlsIn(url);
        expect(url).toSatisfy((whole: string) => whole.startsWith(again));
      }
    }),
    propertyRuns({ all: 5_000, fast: 500 }),
  );
});

test.each([
  ["percent-encoded URLs", `${encodeURIComponent(a)}%2C`],
  ["parameters with percent-encoded URLs", `url=${encodeURIComponent(a)}&w=1\n`],
  ["names with commas", `${demo}/red, blue, green.jpg\n`],
])("every one of thousands of %s is found", (_, piece) => {
  expect(urlsIn(piece.repeat(4_000))).toHaveLength(4_000);
});
