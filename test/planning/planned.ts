import type { Profile } from "../../src/domain/profile.ts";
import type { ImageLine, LineVerdict } from "../../src/domain/verdict.ts";
import type { PlanOptions } from "../../src/planning/plan-lines.ts";
import { planRequest } from "../../src/planning/plan-request.ts";
import type { PlanningContext, RequestPlan } from "../../src/planning/request-plan.ts";
import type { UrlEndpoint } from "../../src/rules/url-endpoint.ts";

export const demo = "https://ik.imagekit.io/demo";
export const oneEndpoint: readonly UrlEndpoint[] = [{ host: "ik.imagekit.io", path: "/demo" }];

export const shop: Profile = {
  name: "shop",
  paths: ["/products/"],
  endpoints: [demo],
  transformations: ["tr:w-400", "tr:w-{640,750},c-at_max"],
};

type Request = Partial<PlanningContext> & PlanOptions & { readonly urls?: readonly string[] };

/** The plan of some images, under one endpoint and with the profile `shop`, unless said otherwise. */
export function planImages(images: readonly string[], request: Request = {}): RequestPlan {
  const { urls = [], onMistake, ...context } = request;
  return planRequest(
    { urls, images, cover: [] },
    { endpoints: oneEndpoint, profiles: [shop], mayUseWildcards: false, ...context },
    { onMistake },
  );
}

/** The line of an image on its own, which is not refused. */
export function planImage(image: string, request: Request = {}): ImageLine {
  const [line] = planImages([image], request).lines;
  if (line?.verdict !== "image") throw new Error(`not an image: ${JSON.stringify(line)}`);
  return line;
}

/** The URLs of an image's targets, without the endpoint `demo`. */
export function targetsOf(image: string, request: Request = {}): readonly string[] {
  return planImage(image, request).targets.map(({ url }) => url.replace(demo, ""));
}

export function warningsOf(image: string, request: Request = {}): readonly string[] {
  return planImage(image, request).warnings.map(({ code }) => code);
}

/** The violations of an image that is refused. */
export function violationsOf(image: string, request: Request = {}) {
  const [line] = planImages([image], request).lines;
  if (line?.verdict !== "rejected") throw new Error(`not refused: ${JSON.stringify(line)}`);
  return line.violations;
}

/** `accepted`, `duplicate 1`, `covered 2`; of an image, of each of its targets. */
export function inShort(verdict: LineVerdict): string {
  if (verdict.verdict === "image") return `image: ${verdict.targets.map(wordOf).join(", ")}`;
  return wordOf(verdict);
}

function wordOf(verdict: {
  readonly verdict: string;
  readonly of?: number;
  readonly by?: number;
  readonly cover?: string;
}) {
  return [verdict.verdict, verdict.of ?? verdict.by ?? verdict.cover]
    .filter((word) => word !== undefined)
    .join(" ");
}
