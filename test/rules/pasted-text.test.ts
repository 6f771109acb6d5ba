import { describe, expect, test } from "vitest";
import { acceptedLine, rejectedLine, suggestionsOf, violationsOf, warningsOf } from "./plan-line.ts";

const demo = "https://ik.imagekit.io/demo";
const url = `${demo}/shoe.jpg`;
const other = `${demo}/boot.jpg`;
const small = `${url}?tr=w-300`;

const strayWarnings = (input: string) =>
  acceptedLine(input).warnings.filter(({ code }) => code === "stray-text");

describe("several URLs", () => {
  test.each([
    ["nothing", `${url}${other}`],
    ["a comma", `${url},${other}`],
    ["a comma and a space", `${url}, ${other}`],
    ["a semicolon", `${url};${other}`],
    ["a bar", `${url}|${other}`],
    ["a bar between spaces", `${url} | ${other}`],
    ["a space", `${url} ${other}`],
    ["a tab", `${url}\t${other}`],
    ["a line break", `${url}\n${other}`],
    ["a line separator", `${url}\u2028${other}`],
    ["a no-break space", `${url}\u00a0${other}`],
    ["a word", `${url} and ${other}`],
    ["a # sign", `${url}#${other}`],
    ["an ampersand", `${url}&${other}`],
    ["a question mark", `${url}?${other}`],
    ["a literal line break", `${url}\\n${other}`],
    ["quotes", `"${url}","${other}"`],
    ["tags", `<loc>${url}</loc><loc>${other}</loc>`],
    ["brackets", `[a](${url}) [b](${other})`],
    ["widths", `${url} 1x, ${other} 2x`],
  ])("with %s between them are refused, listed, and split: %j", (_, input) => {
    const [violation] = rejectedLine(input).violations;
    expect(violation).toMatchObject({ code: "several-urls", suggestion: `${url}\n${other}` });
    expect(violation?.why).toContain(`"${url}", "${other}"`);
  });

  test("of which the second stands in braces, which hid it, are refused", () => {
    expect(rejectedLine(`${demo}/shoes/{${other}}`).violations[0]?.code).toBe("several-urls");
  });

  test.each([
    ["of which one is repeated", `${url} ${other} ${url}`, `${url}\n${other}`],
    ["that are one twice", `${url} ${url}`, url],
    ["of which one is doubtful", `${url} ${demo}//boot.jpg`, undefined],
    ["of which one is a mistake", `${url} ${demo}/{{name}}.jpg`, undefined],
    ["of which one is signed", `${url} ${other}?ik-t=1&ik-s=2`, undefined],
    ["of which one is a wildcard that is too broad", `${url} ${demo}/images*`, undefined],
  ])("%s: %j suggests %j", (_, input, suggestion) => {
    expect(rejectedLine(input).violations[0]).toMatchObject({ code: "several-urls", suggestion });
  });

  test.each([
    `${url}?from=https://shop.example/`,
    `${url}?from=${other}`,
    `${demo}/https://cdn.shop.example/shoe.jpg`,
    `${demo}/${other}`,
    `${demo}/tr:w-300/${other}`,
    `${url}?tr=l-image,i-${other},l-end`,
  ])("are not seen where one is part of the other: %s", (input) => {
    expect(acceptedLine(input).url).toBe(input);
    expect(warningsOf(input)).not.toContain("stray-text");
  });
});

describe("text around a URL", () => {
  test.each([
    `<loc>${url}</loc>`,
    `"${url}"`,
    `'${url}'`,
    `“${url}”`,
    `”${url}”`,
    `„${url}“`,
    `‚${url}‘`,
    `‘${url}’`,
    `’${url}’`,
    `«${url}»`,
    `»${url}«`,
    `‹${url}›`,
    `\`${url}\``,
    `<${url}>`,
    `(${url})`,
    `[${url}]`,
    `{${url}}`,
    `[shoe](${url})`,
    `![shoe](${url} "title")`,
    `[${url}](${url})`,
    `**${url}**`,
    `| a | ${url} | b |`,
    `|${url}|`,
    `GET ${url} 200`,
    `${url} \\`,
    `${url}\\`,
    `${url}\\n`,
    `url(${url})`,
    `url('${url}')`,
    `background: url("${url}") no-repeat;`,
    `Bild: ${url}`,
    `view-source:${url}`,
    url.replaceAll("/", "\\/"),
    `{"url":"${url.replaceAll("/", "\\/")}"}`,
    `<img src="${url}" alt="a">`,
    `=HYPERLINK("${url}")`,
    `"SKU1","${url}","ok"`,
    `SKU1,${url},12`,
    `- ${url}`,
    `* ${url}`,
    `1. ${url}`,
    `• ${url}`,
    `[ ] ${url}`,
    `> ${url}`,
    `\u200b${url}`,
    `/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`,
    `https://shop.example/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`,
    `https://shop.example/?image=${url}`,
    `${url}">`,
    `${url}</loc>`,
    `${url}<br>`,
    `${url} 360w`,
    `${url} 2x`,
    `${url} 1.5x`,
    `${url} (Kopie)`,
    `${url} // note`,
    `${url} - please purge`,
    `${url},12,new photo`,
    `${url}) no-repeat center / cover`,
    `${url}-->`,
    `${demo}/ shoe.jpg`,
    `${demo} /shoe.jpg`,
    `${demo}/"shoe.jpg"`,
    `${demo}/<shoe.jpg>`,
    `${url}${url}`,
    `https//ik.imagekit.io/demo/shoe.jpg`,
    `https ://ik.imagekit.io/demo/shoe.jpg`,
    `https:\\\\ik.imagekit.io\\demo\\shoe.jpg`,
    `ttps://ik.imagekit.io/demo/shoe.jpg`,
    `https://ik.imagekit.io//demo/shoe.jpg`,
    `https://ik.imagekit.io/Demo/shoe.jpg`,
    `https://www.google.com/url?q=${url}&sa=D`,
  ])("is refused, and the clean URL suggested: %j", (input) => {
    expect(new Set(suggestionsOf(input))).toEqual(new Set([url]));
  });

  test.each([
    [`* ${url}*`, `${url}*`],
    [`<img src="${small}&amp;x=1">`, `${small}&x=1`],
    [`${demo}/medium\\_shoe.jpg`, `${demo}/medium_shoe.jpg`],
    [`${demo}/red shoe.jpg`, `${demo}/red%20shoe.jpg`],
    [`${demo}/red\u00a0shoe.jpg`, `${demo}/red%C2%A0shoe.jpg`],
    [`${demo}/shoe (1).jpg`, `${demo}/shoe%20(1).jpg`],
    [`${demo}/shoe.jpg (1).jpg`, `${demo}/shoe.jpg%20(1).jpg`],
    [`${url}?tr=l-text,i-New shoe,l-end`, `${url}?tr=l-text,i-New%20shoe,l-end`],
    [`${demo}/tr:l-text,i-"New",l-end/shoe.jpg`, `${demo}/tr:l-text,i-%22New%22,l-end/shoe.jpg`],
    [`${small} 360w`, small],
    [`${demo}/shoe #2.jpg`, `${demo}/shoe%20%232.jpg`],
    [`${demo}/Look, red, size 38.jpg`, `${demo}/Look,%20red,%20size%2038.jpg`],
    [`${url}?tr=w-300, h-200`, `${url}?tr=w-300,h-200`],
    [`${demo}/tr:w-300 /shoe.jpg`, `${demo}/tr:w-300/shoe.jpg`],
    [`${small}">`, small],
    [`${small}</loc>`, small],
  ])("and what belongs to it is kept: %j suggests %s", (input, suggestion) => {
    expect(new Set(suggestionsOf(input))).toEqual(new Set([suggestion]));
  });

  test.each([
    `${demo}/" + image + ".jpg`,
    `${demo}/' + image + '.jpg`,
    `${demo}/shoe<b>.jpg`,
    `${demo}/{% if x %}shoe.jpg{% endif %}`,
    `"${demo}/products/sho…"`,
  ])("gives no suggestion where nobody can know the URL: %j", (input) => {
    expect(suggestionsOf(input)).toEqual([]);
  });

  test("is no wildcard and no scheme: a bullet and a label are called text", () => {
    for (const input of [`* ${url}`, `Bild: ${url}`, `view-source:${url}`, `{${url}}`]) {
      expect(violationsOf(input)).toEqual(["not-a-url"]);
      expect(rejectedLine(input).violations[0]?.message).toBe("Leave only the URL on the line.");
    }
  });
});

describe("debris", () => {
  test.each([
    [`${url},`, ",", url],
    [`${url};`, ";", url],
    [`${url}.`, ".", url],
    [`${url}:`, ":", url],
    [`${url})`, ")", url],
    [`${url}]`, "]", url],
    [`${url}}`, "}", url],
    [`${url}'`, "'", url],
    [`${url}\``, "`", url],
    [`${url}”`, "”", url],
    [`${url}…`, "…", url],
    [`${url}。`, "。", url],
    [`${url}%20`, "%20", url],
    [`${url}%22`, "%22", url],
    [`${url}%0A`, "%0A", url],
    [`${url},12,new-photo`, ",12,new-photo", url],
    [`${url};12`, ";12", url],
    [`${url}%3C/loc%3E`, "%3C/loc%3E", url],
    [`${url}%20360w`, "%20360w", url],
    [`${url}%20(Kopie)`, "%20(Kopie)", url],
    [`${url}👍`, "👍", url],
    [`${url}です`, "です", url],
    [`${url}:12`, ":12", url],
    [`${url}(1)`, "(1)", url],
    [`${url}[shoe]`, "[shoe]", url],
    [`${url}__`, "__", url],
    [`${url}--`, "--", url],
    [`${url}=`, "=", url],
    [`${url}%29`, "%29", url],
    [`${url}%5D`, "%5D", url],
    [`${url}%2C`, "%2C", url],
    [`${url}%5Cn`, "%5Cn", url],
    [`${demo}/'shoe.jpg'`, "'", url],
    [`${url}?tr=3Dw-300`, "3D", small],
    [`${url},https://elsewhere.example/a.jpg`, ",https://elsewhere.example/a.jpg", url],
    [`${small},`, ",", small],
    [`${small}.`, ".", small],
    [`${small})`, ")", small],
    [`${small}]`, "]", small],
    [`${small}}`, "}", small],
    [`${small}'`, "'", small],
    [`${small}\``, "`", small],
    [`${small}”`, "”", small],
    [`${small}…`, "…", small],
    [`${small}%20`, "%20", small],
    [`${small}%20360w`, "%20360w", small],
    [`${small}\\n`, "\\n", small],
    [`${small}|`, "|", small],
    [`${small},12,red`, ",12,red", small],
    [`${url}?x=1,12`, ",12", `${url}?x=1`],
    [`${demo}/images/upload,`, ",", `${demo}/images/upload`],
    [`${demo}/\u200bshoe.jpg`, "%E2%80%8B", url],
    [`${demo}/sho\u00ade.jpg`, "%C2%AD", url],
    [`${demo}/shoe%E2%80%AE.jpg`, "%E2%80%AE", url],
    [`${demo}/sch&Ouml;n.jpg`, "&Ouml;", `${demo}/sch%C3%96n.jpg`],
    [`${small}&amp;x=1`, "&amp;", `${small}&x=1`],
  ])(
    "in an accepted URL is a caution that names exactly it and suggests the rest: %j has %s",
    (input, seen, rest) => {
      expect(strayWarnings(input)).toMatchObject([
        { severity: "caution", message: expect.stringContaining(`Remove "${seen}" `), suggestion: rest },
      ]);
    },
  );

  test.each([
    `${demo}/red%20shoe.jpg`,
    `${demo}/shoe.jpg%20(1).jpg`,
    `${demo}/shoe%20(1).jpg`,
    `${demo}/shoe(1).jpg`,
    `${demo}/shoe,%20red;%20left.jpg`,
    `${demo}/shoe,red`,
    `${demo}/w_300,h_200/shoe.jpg`,
    `${demo}/it's.jpg`,
    `${demo}/%E2%80%9CBest%E2%80%9D%20shoe.jpg`,
    `${demo}/Bildschirmfoto%202026-03-28%20um%209.51.58%E2%80%AFPM.png`,
    `${demo}/%E4%BA%A7%E5%93%81%EF%BC%881%EF%BC%89.jpg`,
    `${demo}/shoe.jpg.webp`,
    `${demo}/shoe.jpg!large`,
    `${demo}/salt&pepper;left.jpg`,
    `${demo}/shoe.jpg@300w`,
    `${demo}/shoe.jpg_640x640.jpg`,
    `${demo}/shoe%20%28red%29`,
    `${demo}/shoe-(red)`,
    `${url}?view=3D`,
    `${url}?model=3Dprint`,
    `${demo}/products/size-`,
    `${url}?tr=l-text,ie-SGk=`,
    `${demo}/v1.25.jpg`,
    `${url}/ik-thumbnail.jpg`,
    `${demo}/video.mp4/ik-master.m3u8?tr=sr-240_360`,
    `${demo}/tr:l-image,i-logo.png,l-end/shoe.jpg`,
    `${demo}/tr:l-image,i-folder/logo.png,w-10,l-end:w-300/shoe.jpg`,
    `${demo}/tr:ot-10%25%20OFF%20(Kopie),ots-40/shoe.jpg`,
    `${demo}/shoe.jpg/tr:w-300,h-200`,
    `${url}?tr=l-image,i-logo.png,l-end`,
    `${url}?tr=l-text,i-Hello%2C%20world!%20(new),l-end`,
    `${url}?tr=l-text,i-40%%20off%20on%20shoes,co-FFFFFF,l-end:l-text,i-Now!,l-end`,
    `${url}?tr=w-300%2Ch-200`,
    `${url}?tr=w-300,h-200:rt-90,l-text,ie-SGk=,l-end`,
    `${demo}/images/upload`,
    `${demo}/👨\u200d👩.jpg`,
    `${url}*`,
  ])("is not seen in a URL whose own text only looks pasted: %s", (input) => {
    expect(warningsOf(input)).not.toContain("stray-text");
  });

  test.each([",&ik-s=5ec7e7", "&ik-s=a.jpg,5ec7e7", "?ik-s=5ec7e7,12", "?ik-t=1&ik-s=5ec7e7)"])(
    "is named without the signature in %j",
    (tail) => {
      expect(strayWarnings(url + tail)).not.toEqual([]);
      expect(JSON.stringify(acceptedLine(url + tail).warnings)).not.toContain("5ec7e7");
    },
  );
});
