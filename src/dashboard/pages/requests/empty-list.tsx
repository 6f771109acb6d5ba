import { curlFor } from "../../ui/curl.ts";
import { requestsLookedAt } from "./list-requests.ts";

/** Shown instead of the list before the first request. */
export function NoRequestsYet(props: {
  readonly newRequest: string | undefined;
  /** A filled-in request; only while ImageKit is simulated. */
  readonly sampleRequest: string | undefined;
  readonly docs: string;
  readonly api: string;
  readonly exampleUrl: string;
}) {
  const { newRequest, sampleRequest, docs, api, exampleUrl } = props;
  return (
    <div class="nothing">
      <h2>No requests yet</h2>
      <p>
        A request asks ImageKit to clear a URL from its caches. This page lists all requests, from people and
        from your storefront, newest first.
      </p>
      {newRequest === undefined ? (
        <p>Your token can read but not purge. To purge, ask an admin for the scope purge.</p>
      ) : (
        <p class="ways-on">
          <a class="button primary" href={newRequest}>
            Make the first request
          </a>
          {sampleRequest === undefined ? null : (
            <a class="button" href={sampleRequest}>
              Try it with sample images
            </a>
          )}
        </p>
      )}
      <p class="quiet">
        Or from code, as <a href={docs}>the API’s documentation</a> describes:
      </p>
      <pre>{curlFor(api, { urls: [exampleUrl] })}</pre>
    </div>
  );
}

/** Shown when no request matches the filters, or none is older. */
export function NoMatch(props: {
  readonly isFirst: boolean;
  readonly newest: string;
  readonly clear: string;
}) {
  const { isFirst, newest, clear } = props;
  return (
    <div class="nothing">
      <h2>{isFirst ? "No request matches these filters" : "No older requests"}</h2>
      {isFirst ? (
        <p>
          A request is listed only if it matches all of them. The text is searched for in URLs, reasons and
          ids.
        </p>
      ) : null}
      <p class="ways-on">
        {isFirst ? null : (
          <a class="button" href={newest}>
            Back to the newest
          </a>
        )}
        {newest === clear ? null : (
          <a class="button" href={clear}>
            Clear the filters
          </a>
        )}
      </p>
    </div>
  );
}

/** An empty page that is not the last: each page searches a limited number of records. */
export function NoneLookedAt({ isFirst, further }: { readonly isFirst: boolean; readonly further: string }) {
  const many = requestsLookedAt.toLocaleString("en");
  return (
    <div class="nothing">
      <h2>
        No match among the {many} {isFirst ? "newest" : "next"} requests
      </h2>
      <p>A search reads at most that many at a time, and there are older ones.</p>
      <p>
        <a class="button" href={further} rel="next">
          Search older requests
        </a>
      </p>
    </div>
  );
}
