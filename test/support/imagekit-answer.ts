import { expect } from "vitest";
import { answerSchemas } from "../../src/build/answer-schemas.ts";
import { descriptions } from "../../src/build/openapi.ts";
import {
  imagekitHeaders,
  imagekitStatusOf,
  isImageKits,
  problemCodesOf,
} from "../../src/build/route-answers.ts";

type Answer = {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

export function isOfImageKitsApi(path: string): boolean {
  return /^\/v[12](\/|$)/.test(path);
}

/** Headers of ImageKit's API on which an SDK acts. */
const telling = [
  "Allow",
  "Accept-Post",
  "Retry-After",
  "X-RateLimit-Limit",
  "X-RateLimit-Reset",
  "x-should-retry",
];

/** Compares an answer of the drop-in endpoint with what its document says: status, body, headers. */
export function expectImageKitAnswer({ method, path, status, headers, text }: Answer): void {
  expect(headers.get("x-ik-requestId"), path).toBe(headers.get("X-Request-Id"));
  expect(headers.has("WWW-Authenticate"), path).toBe(false);
  if (method === "HEAD" || status === 204) return;
  expect(headers.get("Content-Type"), path).toBe("application/json");
  const description = descriptions.filter(isImageKits).find(({ route }) => {
    const pattern = new RegExp(`^${route.path.replaceAll(/:\w+/g, "[^/?]+")}(\\?.*)?$`);
    return pattern.test(path) && route.method === method.toLowerCase();
  });
  const told = telling.filter((name) => headers.has(name));
  const answer = description?.answers.find((each) => each.status === status);
  if (answer?.schema !== undefined) answerSchemas[answer.schema].parse(JSON.parse(text));
  if (status < 400) {
    expect(told).toEqual([]);
    return;
  }
  const error = answerSchemas.ImageKitError.parse(JSON.parse(text));
  // ImageKit's own 429 is documented without a help.
  expect(error.help === undefined, text).toBe(status === 429);
  if (description === undefined) {
    expect(status, path).toBeOneOf([404, 405]);
    return;
  }
  const codes = problemCodesOf(description).filter((code) => imagekitStatusOf(code) === status);
  expect(
    codes.length > 0 || answer !== undefined,
    `${method} ${path} answered an undescribed ${status}: ${text}`,
  ).toBe(true);
  expect(codes.flatMap((code) => Object.keys(imagekitHeaders[code] ?? {}))).toEqual(
    expect.arrayContaining(told),
  );
}
