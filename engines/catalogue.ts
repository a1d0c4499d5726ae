/** How one policy engine is built from its Go module and recognised when it is already there. */
export interface EngineRecipe {
  /** The release the policies are tested with, without the leading `v`. */
  readonly version: string;
  /** Path of the Go module that carries `version`. */
  readonly module: string;
  /** Path of the main package inside `module`. */
  readonly package: string;
  /**
   * Folder in `engines/` with a `go.mod` to build in. Needed where `module` has replacements: `go install` refuses those.
   * Absent: `go install package@version`.
   */
  readonly wrapper?: string;
  /** The Go to build with, which Go itself fetches. Absent: the one that is installed. */
  readonly toolchain?: string;
  /** Go string variables set by the linker: without them some programs do not know their own version. */
  readonly stamp?: Readonly<Record<string, string>>;
  /** How the program itself tells its version; the first group of `pattern` is the version without `v`. */
  readonly versionOutput: { readonly arguments: readonly string[]; readonly pattern: RegExp };
  /** Build time with nothing cached, on two cores. */
  readonly coldBuildMinutes: number;
  /** Only some runs want it: built when it is named, not with all the others. */
  readonly onlyByName?: true;
}

/** For programs that do not tell their version, or that nobody has on PATH: only the cache is looked at. */
const unknownOnPath = { arguments: [], pattern: /^never on PATH$/ } as const;

/** Clients and controllers refuse an API server without a version. */
const kubernetesVersion = {
  "k8s.io/component-base/version.gitVersion": "v1.36.3",
  "k8s.io/component-base/version.gitMajor": "1",
  "k8s.io/component-base/version.gitMinor": "36",
  "k8s.io/client-go/pkg/version.gitVersion": "v1.36.3",
};

// The versions belong together: opa is the one that Gatekeeper 3.23 embeds.
const catalogue = {
  opa: {
    version: "1.17.1",
    module: "github.com/open-policy-agent/opa",
    package: "github.com/open-policy-agent/opa",
    versionOutput: { arguments: ["version"], pattern: /^Version: v?(\S+)/m },
    coldBuildMinutes: 2,
  },
  gator: {
    version: "3.23.1",
    module: "github.com/open-policy-agent/gatekeeper/v3",
    package: "github.com/open-policy-agent/gatekeeper/v3/cmd/gator",
    stamp: { "github.com/open-policy-agent/gatekeeper/v3/pkg/version.Version": "v3.23.1" },
    // Not `gator version`: that one reads the build info only, which release builds do not have.
    versionOutput: { arguments: ["--version"], pattern: /^gator version v?(\S+)/m },
    coldBuildMinutes: 3,
  },
  kyverno: {
    version: "1.19.0",
    module: "github.com/kyverno/kyverno",
    package: "github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno",
    wrapper: "kyverno",
    stamp: { "github.com/kyverno/kyverno/pkg/version.BuildVersion": "v1.19.0" },
    versionOutput: { arguments: ["version"], pattern: /^Version: v?(\S+)/m },
    coldBuildMinutes: 6,
  },
  "kyverno-controller": {
    version: "1.19.0",
    module: "github.com/kyverno/kyverno",
    package: "github.com/kyverno/kyverno/cmd/kyverno",
    wrapper: "kyverno",
    stamp: { "github.com/kyverno/kyverno/pkg/version.BuildVersion": "v1.19.0" },
    versionOutput: unknownOnPath,
    coldBuildMinutes: 2,
  },
  gatekeeper: {
    version: "3.23.1",
    module: "github.com/open-policy-agent/gatekeeper/v3",
    package: "github.com/open-policy-agent/gatekeeper/v3",
    stamp: { "github.com/open-policy-agent/gatekeeper/v3/pkg/version.Version": "v3.23.1" },
    versionOutput: unknownOnPath,
    coldBuildMinutes: 1,
  },
  etcd: {
    version: "3.7.3",
    module: "go.etcd.io/etcd/server/v3",
    package: "go.etcd.io/etcd/server/v3",
    wrapper: "etcd",
    versionOutput: { arguments: ["--version"], pattern: /^etcd Version: (\S+)/m },
    coldBuildMinutes: 1,
  },
  "kube-apiserver": {
    version: "1.36.3",
    module: "k8s.io/kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    wrapper: "kubernetes",
    stamp: kubernetesVersion,
    versionOutput: { arguments: ["--version"], pattern: /^Kubernetes v(\S+)/m },
    coldBuildMinutes: 4,
  },
  "kube-controller-manager": {
    version: "1.36.3",
    module: "k8s.io/kubernetes",
    package: "k8s.io/kubernetes/cmd/kube-controller-manager",
    wrapper: "kubernetes",
    stamp: kubernetesVersion,
    versionOutput: { arguments: ["--version"], pattern: /^Kubernetes v(\S+)/m },
    coldBuildMinutes: 2,
  },
  kubectl: {
    version: "1.36.3",
    module: "k8s.io/kubernetes",
    package: "k8s.io/kubernetes/cmd/kubectl",
    wrapper: "kubernetes",
    stamp: kubernetesVersion,
    versionOutput: { arguments: ["version", "--client"], pattern: /^Client Version: v(\S+)/m },
    coldBuildMinutes: 1,
  },
  conftest: {
    version: "0.71.1",
    module: "github.com/open-policy-agent/conftest",
    package: "github.com/open-policy-agent/conftest",
    versionOutput: { arguments: ["--version"], pattern: /^Conftest: v?(\S+)/m },
    coldBuildMinutes: 3,
    onlyByName: true,
  },
  // A registry and its client, for `npm run test:ship`.
  registry: {
    version: "3.1.2",
    module: "github.com/distribution/distribution/v3",
    package: "github.com/distribution/distribution/v3/cmd/registry",
    versionOutput: unknownOnPath,
    coldBuildMinutes: 1,
    onlyByName: true,
  },
  oras: {
    version: "1.3.6",
    module: "oras.land/oras",
    package: "oras.land/oras/cmd/oras",
    versionOutput: { arguments: ["version"], pattern: /^Version:\s+v?([0-9][^\s+]*)/m },
    coldBuildMinutes: 1,
    onlyByName: true,
  },
  helm: {
    version: "4.3.1",
    module: "helm.sh/helm/v4",
    package: "helm.sh/helm/v4/cmd/helm",
    stamp: { "helm.sh/helm/v4/internal/version.version": "v4.3.1" },
    versionOutput: { arguments: ["version", "--short"], pattern: /^v(\d+\.\d+\.\d+)/m },
    coldBuildMinutes: 2,
    onlyByName: true,
  },
  // Argo CD and Flux render charts with this one.
  "helm-3": {
    version: "3.22.0",
    module: "helm.sh/helm/v3",
    package: "helm.sh/helm/v3/cmd/helm",
    stamp: { "helm.sh/helm/v3/internal/version.version": "v3.22.0" },
    versionOutput: unknownOnPath,
    coldBuildMinutes: 2,
    onlyByName: true,
  },
  chainsaw: {
    version: "0.2.12",
    module: "github.com/kyverno/chainsaw",
    package: "github.com/kyverno/chainsaw",
    // It implements an interface of Go's own `testing`, which Go 1.26 has made larger.
    toolchain: "go1.25.5",
    stamp: { "github.com/kyverno/chainsaw/pkg/version.BuildVersion": "v0.2.12" },
    versionOutput: { arguments: ["version"], pattern: /^Version: v?(\S+)/m },
    coldBuildMinutes: 3,
    onlyByName: true,
  },
  // Ours: Kubernetes' own CEL environments around our policies (engines/cel-check). Count `-r` up when main.go changes.
  "cel-check": {
    version: "0.36.3-r4",
    module: "k8s.io/apiserver",
    package: "hostnetwork-policies/engines/cel-check",
    wrapper: "cel-check",
    versionOutput: unknownOnPath,
    coldBuildMinutes: 2,
  },
} satisfies Record<string, EngineRecipe>;

/** Name of an engine; also the file name of its binary. */
export type EngineName = keyof typeof catalogue;

/** Whether `name` is an engine this project knows how to build. */
export function isEngineName(name: string): name is EngineName {
  return Object.hasOwn(catalogue, name);
}

/** Every engine, in the order they are built: quickest first. */
export const engineNames: readonly EngineName[] = Object.keys(catalogue).filter(isEngineName);

/** The recipe of an engine. */
export function recipeOf(name: EngineName): EngineRecipe {
  return catalogue[name];
}
