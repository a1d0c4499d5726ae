/** A case as the API server would send it to a webhook. */
import { isObject } from "../../generator/schema/json.js";
import type { ReviewRequest } from "../../manifest/run.js";

/** The AdmissionRequest of a case. Operation and old object are as the case gives them: there or not; the cluster is no part of it. */
export function admissionRequest({ namespaceObject: _, inventory: __, ...request }: ReviewRequest): object {
  const object = isObject(request.object) ? request.object : {};
  const metadata = isObject(object["metadata"]) ? object["metadata"] : {};
  const [first = "", second] = String(object["apiVersion"]).split("/");
  const [group, version] = second === undefined ? ["", first] : [first, second];
  return {
    uid: "00000000-0000-0000-0000-000000000000",
    kind: { group, version, kind: object["kind"] },
    ...(typeof metadata["name"] === "string" ? { name: metadata["name"] } : {}),
    ...(typeof metadata["namespace"] === "string" ? { namespace: metadata["namespace"] } : {}),
    userInfo: { username: "tester" },
    ...request,
  };
}

export function admissionReview(request: ReviewRequest): object {
  return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: admissionRequest(request) };
}
