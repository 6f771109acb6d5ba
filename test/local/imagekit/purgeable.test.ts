import { expect, test } from "vitest";
import { isPurgeable } from "../../../src/local/imagekit/purgeable.ts";

const demo = "https://ik.imagekit.io/demo";

test.each([
  `${demo}/a.jpg`,
  `${demo}/tr:w-300,h-300/a.jpg`,
  `${demo}/a.jpg?tr=w-300&ik-s=ab`,
  "http://images.shop.example/a.jpg",
  `${demo}/images/upload*`,
  `${demo}/sample.jpg*`,
  `${demo}/fourteen-chars*`,
  `${demo}/folder/sub/*`,
  `${demo}/media/catalog/product/*`,
])("%s is taken", (url) => {
  expect(isPurgeable(url)).toBe(true);
});

test.each([
  "",
  "a.jpg",
  "ftp://ik.imagekit.io/demo/a.jpg",
  `${demo}/a b.jpg`,
  "https://user@ik.imagekit.io/demo/a.jpg",
  "https://:0:/a.jpg",
  `${demo}/folder/*/sample.jpg`,
  `${demo}/a.jpg**`,
  `${demo}/*`,
  `${demo}*`,
  `${demo}/images*`,
  `${demo}/foldername/*`,
  `${demo}/media/catalog/*`,
  `${demo}/s/files/*`,
])("%s is not taken", (url) => {
  expect(isPurgeable(url)).toBe(false);
});
