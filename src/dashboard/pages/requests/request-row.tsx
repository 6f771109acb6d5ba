import type { Purge } from "../../../purge.ts";
import { maskSignature } from "../../../rules/signed-url.ts";
import { toIsoTime } from "../../../time.ts";
import { State } from "../../ui/state.tsx";
import { TargetParts } from "../../ui/target.tsx";
import { shortTime } from "../../ui/time.tsx";
import { cutMiddle, shorten } from "./shorten.ts";

/** A URL may have 4,096 bytes and a reason 500 characters; the purge's page shows them whole. */
const mostOfUrl = 120;
const mostOfReason = 52;

/** One request in the table: every byte here is there fifty times, so what the table can say once is said there. */
export function RequestRow({ purge, basePath }: { readonly purge: Purge; readonly basePath: string }) {
  const { id, url, state, actor, reason, createdAt, units } = purge;
  return (
    <tr id={id}>
      <th scope="row">
        <a href={`${basePath}/purges/${id}`}>
          <TargetParts url={cutMiddle(maskSignature(url), mostOfUrl)} />
        </a>
      </th>
      <td>
        <State state={state} />
      </td>
      <td>
        {actor}
        {reason === undefined ? null : <p>{shorten(reason, mostOfReason)}</p>}
      </td>
      <td>
        <time datetime={toIsoTime(createdAt).replace(/\.\d+/, "")}>{shortTime(createdAt)}</time>
      </td>
      <td>{units}</td>
    </tr>
  );
}
