import * as z from "zod";
import type { CdnControl } from "../control.ts";
import { CdnFault } from "./cdn-faults.ts";
import { picture } from "./picture.ts";
import { stagedEnds } from "./stage.ts";

const ImageUrl = z
  .string()
  .regex(/^https:\/\/[^/]+\/[^*]+$/, "must be an https:// URL of an image, without a *");
const One = z.strictObject({ url: ImageUrl });
const Copy = z.strictObject({ url: ImageUrl, ageMs: z.number().min(0).optional() });
const Version = z.strictObject({ url: ImageUrl, version: z.coerce.number().int().min(0) });
const Staging = z.strictObject({ url: ImageUrl, end: z.enum(stagedEnds) });

/** The control API's part about the CDN and its images; undefined: there is no such action. */
export function actOnCdn(cdn: CdnControl, action: string, query: unknown, body: unknown): object | undefined {
  const shown = (url: string) => ({ url, version: cdn.versionOf(url), copy: cdn.look(url) ?? null });
  switch (action) {
    case "GET /cdn":
      return shown(One.parse(query).url);
    case "GET /cdn/picture": {
      const { url, version } = Version.parse(query);
      return { svg: picture(url, version, "").bytes.toString() };
    }
    case "POST /cdn/images": {
      const { url } = One.parse(body);
      cdn.replace(url);
      return shown(url);
    }
    case "DELETE /cdn/images": {
      const { url } = One.parse(body);
      cdn.remove(url);
      return shown(url);
    }
    case "POST /cdn/stage": {
      const { url, end } = Staging.parse(body);
      cdn.stage(url, end);
      return { ...shown(url), faults: cdn.faults() };
    }
    case "POST /cdn/copies": {
      const { url, ageMs } = Copy.parse(body);
      cdn.warm(url, ageMs);
      return shown(url);
    }
    case "DELETE /cdn/copies": {
      const { url } = One.parse(body);
      cdn.cool(url);
      return shown(url);
    }
    case "GET /cdn/arrivals":
      return { arrivals: cdn.arrivals() };
    case "GET /cdn/faults":
      return { faults: cdn.faults() };
    case "POST /cdn/faults":
      cdn.addFaults(...z.array(CdnFault).parse(Array.isArray(body) ? body : [body]));
      return { faults: cdn.faults() };
    case "DELETE /cdn/faults":
      cdn.clearFaults();
      return { faults: [] };
    default:
      return undefined;
  }
}
