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

/** Whether a path is one of `parents` or lies below one; below the root counts the root only. All are normalized. */
function isWithin(path: string, parents: readonly string[]): boolean {
  return parents.some((parent) => path === parent || (parent !== "/" && path.startsWith(parent)));
}

/**
 * A hostNetwork Pod that may also write the node's /etc, /proc or /sys can change the node itself: whoever takes the
 * container over has the node. Monitoring agents read these paths; they need no more than readOnly. Mounts with
 * Bidirectional propagation are left out: CSI and CNI drivers must write to do their work.
 *
 * @source ACK, "Configure Pods to use host network": its example mounts /proc and /sys of the node with readOnly:
 *   true.
 * @source Kubernetes, Volumes, hostPath: such volumes are a risk, and where one is needed it should be mounted
 *   read-only.
 * @limitation readOnly does not hold for file systems that the node has mounted below the path, unless
 *   recursiveReadOnly is set as well; that is not looked at.
 */
export default defineRule<Params>({
  id: "host-network-read-only-host-path",
  title: "hostNetwork Pods mount sensitive paths of the node read-only",
  severity: "medium",
  enforcement: "warn",
  // Every mount is compared with every volume.
  limits: { volumes: 64, volumeMounts: 256 },
  fix: { field: "VolumeMount.readOnly", from: false, to: true },
  applies: ({ pod }) => pod.hostNetwork,
  *check({ pod }, params) {
    const paths = params.paths.map((path) => normalize(path));
    const except = params.except.map((path) => normalize(path));
    const sensitive = pod.volumes
      .filter((volume) => volume.hostPath !== "")
      .map((volume) => ({ name: volume.name, hostPath: volume.hostPath, path: normalize(volume.hostPath) }))
      .filter((volume) => isWithin(volume.path, paths) && !isWithin(volume.path, except));
    for (const container of pod.containers) {
      for (const [index, mount] of container.volumeMounts.entries()) {
        if (mount.readOnly || mount.mountPropagation === "Bidirectional") continue;
        const hostPath = sensitive.filter((volume) => volume.name === mount.name).map((volume) => volume.hostPath)[0] ?? "";
        if (hostPath === "") continue;
        yield violation(
          at(mount, "readOnly"),
          `container "${show(container.name)}" volumeMounts[${index}] mounts ${show(hostPath)} of the node for writing at ${show(mount.mountPath)}, so whoever takes the container over can change the node; set readOnly: true, or where it must write, exempt the workload after a review`,
        );
      }
    }
  },
});
