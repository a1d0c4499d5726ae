import { MAX_TEXT_BYTES } from "../../policies/kit/frame.js";
import type { CompiledRule } from "../compiled.js";
import { clusterOf, type Case } from "./cases.js";
import { inventoryFile, type Group } from "./gatekeeper-groups.js";

/** The Suite that `gator verify` runs; it holds for the Rego and for the CEL of the template. */
export function suite(rule: CompiledRule, groups: readonly Group[]): object {
  return {
    apiVersion: "test.gatekeeper.sh/v1alpha1",
    kind: "Suite",
    metadata: { name: rule.meta.id },
    tests: groups
      .filter((group) => group.cases.length > 0)
      .map((group) => ({
        name: group.name,
        template: "template.yaml",
        constraint: group.constraint,
        cases: group.cases.map((entry) => ({
          name: entry.case.name,
          object: entry.file,
          ...(clusterOf(entry.case.request).length === 0 ? {} : { inventory: [inventoryFile(entry.file)] }),
          assertions: assertions(entry.case),
        })),
      })),
  };
}

/**
 * Rego reports each finding, CEL one text of all of them: what holds for both is that every message is found in some
 * violation. Texts that are too long together are a static text in CEL, so nothing is said of them.
 */
function assertions({ violations }: Case): object[] {
  if (violations.length === 0) return [{ violations: "no" }];
  const messages = [...new Set(violations.map((violation) => violation.message))];
  const isLong = Buffer.byteLength(messages.join("; ")) > MAX_TEXT_BYTES;
  return isLong ? [{ violations: "yes" }] : messages.map((message) => ({ violations: "yes", message: escapeRegExp(message) }));
}

/** `text` as an RE2 pattern that fits it alone. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}

/** What `gator verify` is given as the object of a case: the object itself, or a review where there is an old one. */
export function suiteObject({ request }: Case): object {
  if (request.operation !== "UPDATE") return request.object;
  const { object, oldObject } = request;
  const [group, version] = splitApiVersion(String(object["apiVersion"]));
  const metadata = object["metadata"];
  const field = (name: string): unknown =>
    metadata !== null && typeof metadata === "object" ? Reflect.get(metadata, name) : undefined;
  return {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    request: {
      uid: "00000000-0000-0000-0000-000000000000",
      kind: { group, version, kind: object["kind"] },
      name: field("name"),
      namespace: field("namespace"),
      operation: "UPDATE",
      userInfo: { username: "tester" },
      object,
      oldObject,
    },
  };
}

function splitApiVersion(apiVersion: string): readonly [string, string] {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? ["", first] : [first, second];
}
