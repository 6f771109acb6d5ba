import type { Compose } from "../../src/local/run-local.ts";

type Service = Exclude<ReturnType<Compose>, { readonly problems: readonly string[] }>;

/**
 * Composes a service that can be replaced by another instance of itself while its server runs. An instance remembers what
 * it has seen of its ledger, so an emptied ledger needs a new one: to the old one it would look rolled back.
 */
export function renewable(compose: Compose) {
  const working = new Set<Promise<unknown>>();
  function track<T>(work: Promise<T>): Promise<T> {
    working.add(work);
    const done = () => void working.delete(work);
    work.then(done, done);
    return work;
  }
  let make: () => Service = () => {
    throw new Error("the service has not been composed yet");
  };
  let current: Service | undefined;
  let renewed = Promise.resolve();
  let isSwept = true;
  const idle = async () => {
    while (working.size > 0) await Promise.allSettled(working);
  };
  const service = (): Service => {
    current ??= make();
    return current;
  };
  const sweep = async () => {
    await renewed;
    return track(service().sweep());
  };
  const composed: Compose = (settings, parts) => {
    const first = compose(settings, parts);
    if ("problems" in first) return first;
    current = first;
    make = () => {
      const next = compose(settings, parts);
      if ("problems" in next) throw new Error(next.problems.join());
      return next;
    };
    return {
      fetch: async (request, platform) => {
        await renewed;
        const waitUntil = (work: Promise<unknown>) => platform.waitUntil(track(work));
        return track(Promise.resolve(service().fetch(request, { ...platform, waitUntil })));
      },
      sweep: async () => {
        await renewed;
        return isSwept ? sweep() : undefined;
      },
      signInPath: first.signInPath,
    };
  };
  return {
    compose: composed,
    /** The sign-in path of the present instance. */
    signInPath: () => service().signInPath,
    sweep,
    /** The schedule sweeps nothing until the service is renewed. Waits for a sweep under way. */
    stopSweeps: () => {
      isSwept = false;
      return idle();
    },
    /** Waits for the work of the present instance, does this, and goes on with a new instance. */
    renew: (meanwhile: () => Promise<void>) => {
      renewed = (async () => {
        await idle();
        await meanwhile();
        current = undefined;
        isSwept = true;
      })();
      return renewed;
    },
  };
}
