/** A Kustomization, so that a folder can be installed with `kubectl apply -k`. */
export function kustomization(resources: readonly string[]): object {
  return { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
}
