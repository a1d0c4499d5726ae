import { describe, expect, it } from "vitest";
import { at } from "../policies/kit/index.js";
import type { Container, Pod, Workload } from "../policies/kit/view.js";
import { viewOf } from "./view.js";

const podOf = (spec: object): Pod => viewOf({ apiVersion: "v1", kind: "Pod", spec }).pod;
const workloadOf = (spec: object): Workload => viewOf({ apiVersion: "apps/v1", kind: "Deployment", spec }).workload;
function containerOf(fields: object): Container {
  const [container] = podOf({ containers: [fields] }).containers;
  if (container === undefined) throw new Error("there is no container");
  return container;
}

/** The fields of a record, which are getters of its prototype. */
function fieldsOf(record: object): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const name in record) fields[name] = Reflect.get(record, name);
  return fields;
}

describe("viewOf", () => {
  it("gives numbers that may be texts as text", () => {
    const values = [0, 1, -1, 2_147_483_647, "25%", "0", "", null, undefined];
    const seen = values.map((maxSurge) => workloadOf({ strategy: { rollingUpdate: { maxSurge } } }).maxSurge);
    expect(seen).toEqual(["0", "1", "-1", "2147483647", "25%", "0", "", "", ""]);
  });
  it("gives a number's default where it is absent or null, and never for a zero", () => {
    expect([{}, { replicas: null }, { replicas: 0 }, { replicas: 3 }].map((spec) => workloadOf(spec).replicas)).toEqual([1, 1, 0, 3]);
  });
  it("gives a list of the single objects that are there, in the table's order and with the name of each", () => {
    const { probes } = containerOf({ startupProbe: { grpc: { port: 9 } }, readinessProbe: null, livenessProbe: { httpGet: { port: "http", host: "192.0.2.1" } } });
    expect(probes.map(fieldsOf)).toEqual([
      { source: "livenessProbe", httpPort: "http", httpHost: "192.0.2.1", tcpPort: "", tcpHost: "", grpcPort: "" },
      { source: "startupProbe", httpPort: "", httpHost: "", tcpPort: "", tcpHost: "", grpcPort: "9" },
    ]);
    expect(probes.map((probe) => at(probe).path)).toEqual(["spec.containers[0].livenessProbe", "spec.containers[0].startupProbe"]);
    expect(probes.map((probe) => at(probe, "grpcPort").path)).toEqual(["spec.containers[0].livenessProbe.grpc.port", "spec.containers[0].startupProbe.grpc.port"]);
    expect(containerOf({ livenessProbe: {} }).probes).toHaveLength(1);
    expect(containerOf({}).probes).toEqual([]);
  });
  it("gives quantities as texts, without those that are null", () => {
    const { requests, limits } = containerOf({ resources: { requests: { cpu: 0.5, memory: "64Mi", "example.com/gpu": 0, storage: null }, limits: null } });
    expect(requests).toEqual({ cpu: "0.5", memory: "64Mi", "example.com/gpu": "0" });
    expect(limits).toEqual({});
    expect(podOf({ resources: { limits: { cpu: 2 } } }).limits).toEqual({ cpu: "2" });
  });
  it("tells the place of a field that is absent", () => {
    expect(at(workloadOf({}), "maxUnavailable").path).toBe("spec.strategy.rollingUpdate.maxUnavailable");
    expect(at(containerOf({}), "limits").path).toBe("spec.containers[0].resources.limits");
  });
});
