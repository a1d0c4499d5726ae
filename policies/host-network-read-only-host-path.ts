import { at, defineRule, show, violation } from "./kit/index.js";

export interface Params {
  /**
   * Paths of the node that may be mounted read-only at most, with all below them; "/" means the root itself only.
   * @maxItems 32
   * @default ["/", "/proc", "/sys", "/etc"]
   */
  paths: string[];
  /**
   * Paths below these that may be written.
   * @maxItems 32
   * @default ["/etc/cni", "/sys/fs/bpf", "/sys/fs/cgroup"]
   */
  except: string[];
}

/** A path with one slash between its names and one at its end, so that a prefix is a parent; /run is /var/run. */
function normalize(path: string): string {
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  const joined = `/${names.map((name) => `${name}/`).join("")}`;
  return joined.startsWith("/run/") ? `/var${joined}` : joined;
}

/** Whether a normalized path is `parent` or lies below it; below the root counts the root only. */
function isWithin(path: string, parent: string): boolean {
  const prefix = normalize(parent);
  return path === prefix || (prefix !== "/" && path.startsWith(prefix));
}

/**
 * A hostNetwork Pod that may also write the node's /etc, /proc or /sys can change the node itself: whoever takes the
 * container over has the node. Monitoring agents read these paths; they need no more than readOnly. Mounts with
 * Bidirectional propagation are left out: CSI and CNI drivers must write to do their work.
 */
export default defineRule<Params>({
  id: "host-network-read-only-host-path",
  title: "hostNetwork Pods mount sensitive paths of the node read-only",
  severity: "medium",
  enforcement: "warn",
  *check({ pod }, params) {
    if (!pod.hostNetwork) return;
    const volumes = pod.volumes.filter((volume) => volume.hostPath !== "");
    for (const container of pod.containers) {
      for (const [index, mount] of container.volumeMounts.entries()) {
        if (mount.readOnly || mount.mountPropagation === "Bidirectional") continue;
        const hostPath = volumes.filter((volume) => volume.name === mount.name).map((volume) => volume.hostPath)[0] ?? "";
        if (hostPath === "") continue;
        const path = normalize(hostPath);
        if (!params.paths.some((listed) => isWithin(path, listed))) continue;
        if (params.except.some((listed) => isWithin(path, listed))) continue;
        yield violation(
          at(mount, "readOnly"),
          `container "${show(container.name)}" volumeMounts[${index}] mounts ${show(hostPath)} of the node for writing at ${show(mount.mountPath)}, so whoever takes the container over can change the node; set readOnly: true, or where it must write, exempt the workload after a review`,
        );
      }
    }
  },
});
