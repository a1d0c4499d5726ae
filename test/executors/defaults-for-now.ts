/** The `@default`s of each rule's parameters, by hand, until the compiler makes schemas of them. */
import type { Parameters } from "../../manifest/run.js";

const exempt: readonly unknown[] = [];

const defaults: Readonly<Record<string, Parameters>> = {
  "host-network-dns-policy": { exempt, dnsPolicies: ["ClusterFirstWithHostNet", "Default", "None"] },
  "host-network-port-conflict": { exempt },
  "host-network-port-range": { exempt, allowed: [{ from: 1024, to: 29999 }], exceptProfiles: ["ack"] },
  "host-network-reserved-ports": { exempt, profiles: ["ack"], reserved: [] },
  "restrict-host-network": { allowed: [] },
  "unresolved-placeholder": { exempt, patterns: { angle: "everywhere", dollar: "image", braces: "image" } },
};

/**
 * `given` with the defaults of the rule filled in.
 * @throws Error for a parameter that the rule has not
 */
export function completeForNow(rule: string, given: Parameters): Parameters {
  return fill(defaults[rule] ?? {}, given, rule);
}

function fill(ofRule: Parameters, given: Parameters, where: string): Parameters {
  const unknown = Object.keys(given).filter((name) => !(name in ofRule));
  if (unknown.length > 0) throw new Error(`${where} has no parameter ${unknown.join(", ")}`);
  return Object.fromEntries(
    Object.entries(ofRule).map(([name, value]) => {
      const own = given[name];
      return [name, isMap(value) && isMap(own) ? fill(value, own, `${where}.${name}`) : (own ?? value)];
    }),
  );
}

function isMap(value: unknown): value is Parameters {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
