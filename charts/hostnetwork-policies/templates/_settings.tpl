{{/* What the generator says of rules and bundles. */}}
{{- define "hostnetwork-policies.data" -}}
{{- .Files.Get "files/settings.json" -}}
{{- end -}}

{{/* The rules that are installed: JSON {rules: [{id, enforcement, parameters, match}]}, the parameters complete and with the waivers. */}}
{{- define "hostnetwork-policies.active" -}}
{{- $data := include "hostnetwork-policies.data" . | fromJson -}}
{{- $bundle := dict -}}
{{- with .Values.bundle -}}{{- $bundle = get $data.bundles . -}}{{- end -}}
{{- $today := dateInZone "2006-01-02" now "UTC" -}}
{{- $waivers := .Values.waivers | default list -}}
{{- range $waivers -}}
{{- if lt .expires $today -}}
{{- fail (printf "the waiver of rule `%s` ended on %s: remove it, or say until when it is to last" .rule .expires) -}}
{{- end -}}
{{- end -}}
{{- $active := list -}}
{{- range $id, $rule := $data.rules -}}
{{- $own := get ($.Values.rules | default dict) $id | default dict -}}
{{- $usual := dict "enforcement" $rule.enforcement "parameters" dict -}}
{{- if $.Values.bundle -}}{{- $usual = get $bundle $id | default (dict "enforcement" "off" "parameters" dict) -}}{{- end -}}
{{- $enforcement := $usual.enforcement -}}
{{- if not (kindIs "invalid" $own.enforcement) -}}{{- $enforcement = eq (toString $own.enforcement) "false" | ternary "off" $own.enforcement -}}{{- end -}}
{{- if ne $enforcement "off" -}}
{{- $match := $.Values.match | default dict -}}
{{- if not (kindIs "invalid" $own.match) -}}{{- $match = $own.match -}}{{- end -}}
{{- $parameters := dict -}}
{{- range $rule.parameters -}}
{{- $value := .default -}}
{{- if hasKey $usual.parameters .name -}}{{- $value = get $usual.parameters .name -}}{{- end -}}
{{- $given := get ($own.parameters | default dict) .name -}}
{{- if and (hasKey ($own.parameters | default dict) .name) (not (kindIs "invalid" $given)) -}}
{{- if .isRecord -}}
{{- $value = deepCopy .default -}}
{{- range $name, $field := $given -}}{{- if not (kindIs "invalid" $field) -}}{{- $_ := set $value $name $field -}}{{- end -}}{{- end -}}
{{- else -}}
{{- $value = $given -}}
{{- end -}}
{{- end -}}
{{- if $rule.exempting -}}{{- if eq .name $rule.exempting.name -}}
{{- range $waivers -}}
{{- if eq .rule $id -}}{{- $value = append $value ($rule.exempting.takesNames | ternary .match.name .match) -}}{{- end -}}
{{- end -}}
{{- end -}}{{- end -}}
{{- if .maxItems -}}{{- if gt (len $value) (int .maxItems) -}}
{{- fail (printf "parameter `%s` of rule `%s` has more than %d entries, with its waivers" .name $id (int .maxItems)) -}}
{{- end -}}{{- end -}}
{{- $_ := set $parameters .name $value -}}
{{- end -}}
{{- $active = append $active (dict "id" $id "enforcement" $enforcement "parameters" $parameters "match" $match) -}}
{{- end -}}
{{- end -}}
{{- if not $active -}}{{- fail "every rule is switched off in the values" -}}{{- end -}}
{{- dict "rules" $active | toRawJson -}}
{{- end -}}

{{/* The parameters of `.parameters` named in `.names` as the CEL that a policy has written into it. */}}
{{- define "hostnetwork-policies.written" -}}
{{- $entries := list -}}
{{- range $name := .names -}}
{{- $entries = append $entries (printf "%s: dyn(%s)" (quote $name) (include "hostnetwork-policies.cel" (dict "value" (get $.parameters $name)))) -}}
{{- end -}}
{{- printf "{%s}" (join ", " $entries) -}}
{{- end -}}

{{/* Plain data as CEL. */}}
{{- define "hostnetwork-policies.cel" -}}
{{- if kindIs "slice" .value -}}
{{- $items := list -}}
{{- range .value -}}{{- $items = append $items (include "hostnetwork-policies.cel" (dict "value" .)) -}}{{- end -}}
{{- printf "[%s]" (join ", " $items) -}}
{{- else if kindIs "map" .value -}}
{{- $entries := list -}}
{{- range $name, $value := .value -}}
{{- $entries = append $entries (printf "%s: dyn(%s)" (quote $name) (include "hostnetwork-policies.cel" (dict "value" $value))) -}}
{{- end -}}
{{- printf "{%s}" (join ", " $entries) -}}
{{- else -}}
{{- include "hostnetwork-policies.literal" .value -}}
{{- end -}}
{{- end -}}

{{/* A text, number or truth value as CEL. Kyverno substitutes `{{…}}` and `$(…)` in some texts: they are written as escapes. */}}
{{- define "hostnetwork-policies.literal" -}}
{{- toRawJson . | replace "{{" "{\\u007b" | replace "$(" "\\u0024(" -}}
{{- end -}}
